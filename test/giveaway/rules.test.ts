import t from 'tap'
import { makeLexicon } from '../../server/giveaway/lexicon.js'
import { type Rules, readRules, rulesSchema } from '../../server/giveaway/rules.js'
import { MOST_STEPS, search } from '../../server/giveaway/search.js'
import { alteredTexts } from '../support/altered-texts.js'

type Module = typeof import('../../server/giveaway/index.js')
const rules = readRules()

/** A language that knows nothing but this. */
function only(own: Partial<Rules>): Rules {
  return {
    ...{
      reviewed: false,
      hasCapitals: true,
      joined: [],
      stops: [],
      barriers: [],
      others: [],
      lists: {},
      otherNumbers: [],
    },
    phone: { countries: [], near: [], spelled: { nought: [], digits: [] } },
    ...{ email: { sign: [], at: [], dot: [] }, bsn: { near: [] }, plate: { near: [] } },
    name: { phrases: [], before: [], capital: [], titles: [], within: [], never: [] },
    ...{ relation: [], place: [], act: [], signature: { sure: [], thanks: [] } },
    ...own,
  }
}

const found = (own: Partial<Rules>, text: string) =>
  search({ text }, makeLexicon([only(own)])).giveaways.map((one) => one.text)

t.test('every language has phrases for every kind that is made of phrases', async (t) => {
  for (const [language, own] of Object.entries(rules)) {
    for (const kind of ['relation', 'place', 'act'] as const)
      t.ok(own[kind].length > 0, `${language}: ${kind}`)
    for (const phrases of [own.name.phrases, own.name.before, own.signature.sure, own.signature.thanks])
      t.ok(phrases.length > 0, language)
  }
})

t.test(
  'phrases: one of some words, words that may be missing, stems, lists, numbers, gaps, the rest of the clause',
  async (t) => {
    t.same(found({ act: ['i paid|booked'] }, 'I booked. I left.'), ['I booked'])
    t.same(found({ act: ['i have? paid'] }, 'I paid, I have paid'), ['I paid', 'I have paid'])
    t.same(found({ act: ['my broth* *boss'] }, 'my brothers superboss'), ['my brothers superboss'])
    t.same(
      found({ relation: ['my <people>'], lists: { people: ['boss', 'sist*'] } }, 'my sisters, my boss'),
      ['my sisters', 'my boss'],
    )
    t.same(found({ act: ['i paid #'] }, 'I paid. I paid 50. I paid them'), ['I paid 50'])
    t.same(found({ act: ['i ..2 paid'] }, 'I paid; I never ever paid; I a b c paid'), [
      'I paid',
      'I never ever paid',
    ])
    t.same(found({ place: ['i live in …'], stops: ['and'] }, 'I live in Oak Lane 12 and see'), [
      'I live in Oak Lane 12',
    ])
  },
)

t.test('a phrase stays within its clause', async (t) => {
  t.same(found({ act: ['i ..3 paid'] }, 'I saw it. She paid. I, paid'), [])
  t.same(found({ place: ['i live …'] }, 'I live there, she works'), ['I live there'])
})

t.test('no gap reaches over a barrier', async (t) => {
  t.same(found({ act: ['i ..3 paid'], barriers: ['never'] }, 'I never paid. I once paid'), ['I once paid'])
})

t.test('a verb that follows another person is not the reporter’s', async (t) => {
  t.same(found({ place: ['pracuje tam'], others: ['ona'] }, 'Ona pracuje tam. Pracuję tam.'), ['Pracuję tam'])
})

t.test('letters that are written to the next word do not hide it', async (t) => {
  t.same(found({ act: ['دفعت'], joined: ['و'] }, 'ودفعت'), ['ودفعت'])
})

t.test('rules that could make the search slow, or that cannot be read, are refused', async (t) => {
  const bad = ['a ..1 b ..2 c ..3 d', 'a b? c? d? e?', '*boss', '..2 paid', '', ' i', 'i  paid']
  for (const act of bad) t.equal(rulesSchema.safeParse(only({ act: [act] })).success, false, act)
  t.equal(rulesSchema.safeParse(only({})).success, true)
  for (const act of ['i? paid', 'a* b', 'i <nobody>', '# paid'])
    t.throws(() => makeLexicon([only({ act: [act] })]), act)
})

t.test('the slowest rule that is allowed ends with the budget', async (t) => {
  const lexicon = makeLexicon([only({ act: ['a a? a? a? ..9 a ..9 b'] })])
  const { steps, more } = search({ text: 'a '.repeat(25_000) }, lexicon)
  t.ok(steps <= MOST_STEPS + 1000)
  t.equal(more, true)
})

t.test('a language without a file, or with a faulty one, stops the start', async (t) => {
  for (const edit of [() => '', () => '{}', (text: string) => text.replace('"RO"', '"ZZ"')]) {
    const altered = await alteredTexts(t)
    await altered.change('giveaways/ro.json', edit)
    const { loadGiveaways } = await altered.load<Module>('giveaway/index.js')
    t.throws(loadGiveaways)
  }
})
