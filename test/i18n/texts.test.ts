import t from 'tap'
import { z } from 'zod'
import { type findMissingMessages, loadTexts, MESSAGE_FILES } from '../../server/i18n/index.js'
import { alteredTexts } from '../support/altered-texts.js'

type Module = { loadTexts: typeof loadTexts; findMissingMessages: typeof findMissingMessages }
const texts = loadTexts()
const codes = texts.languages.map(({ code }) => code)
const messages = z.record(z.string(), z.string())

t.test('a text says the same things in every language: the same slots', async (t) => {
  const slots = (text: string | undefined) =>
    [...(text ?? '').matchAll(/\{\w+\}/g)].map(([slot]) => slot).sort()
  for (const file of [...MESSAGE_FILES, 'desk.json']) {
    const first = texts.read('nl', file, messages)
    for (const code of codes) {
      const own = texts.read(code, file, messages)
      t.same(Object.keys(own).sort(), Object.keys(first).sort(), `${code}/${file}`)
      for (const key of Object.keys(first))
        t.same(slots(own[key]), slots(first[key]), `${code}/${file}: ${key}`)
    }
  }
})

t.test('data of a language has the same rows in every language', async (t) => {
  for (const file of ['help.json', 'help-coordinators.json', 'forms.json', 'signs.json', 'questions.json']) {
    const keys = codes.map((code) =>
      Object.keys(texts.read(code, file, z.record(z.string(), z.unknown()))).sort(),
    )
    for (const own of keys) t.same(own, keys[0], file)
  }
})

t.test('a value is put in as it is, also when it looks like a slot or a pattern', async (t) => {
  const altered = await alteredTexts(t)
  for (const code of codes) {
    await altered.change(`${code}/messages.json`, (text) =>
      text.replace('{', '{"t.slots": "{a} and {b} and {a}",'),
    )
  }
  const { loadTexts } = await altered.load<Module>('i18n/index.js')
  const say = loadTexts().translate('nl')
  t.equal(say('t.slots', { a: '$&', b: '{a}' }), '$& and {a} and $&')
  t.equal(say('t.slots', { a: 0 }), '0 and {b} and 0', 'a slot without a value stays to be seen')
})

t.test('a key or a language that does not exist is a fault of ours', async (t) => {
  const say = texts.translate('nl')
  for (const key of ['no.such.key', 'constructor', '__proto__', '']) t.throws(() => say(key), key)
  for (const code of ['xx', 'NL', 'nl-nl', '__proto__', '']) {
    t.throws(() => texts.translate(code), code)
    t.equal(texts.language(code), undefined)
  }
})

t.test('texts that are missing or empty are told, all of them at once', async (t) => {
  const altered = await alteredTexts(t)
  await altered.change('en/messages.json', (text) => text.replace('{', '{"t.one": "1", "t.two": "2",'))
  await altered.change('nl/messages.json', (text) => text.replace('{', '{"t.two": " ", "t.three": "3",'))
  const { loadTexts, findMissingMessages } = await altered.load<Module>('i18n/index.js')
  t.same(findMissingMessages(loadTexts()).sort(), [
    'en/messages.json: t.three',
    'nl/messages.json: t.one',
    'nl/messages.json: t.two',
  ])
})

t.test('a language that is listed without texts, or in capitals, does not get through', async (t) => {
  for (const code of ['fr', 'NL', '../nl']) {
    const altered = await alteredTexts(t)
    await altered.change('languages.json', (text) => text.replace('"code": "en"', `"code": "${code}"`))
    const { loadTexts, findMissingMessages } = await altered.load<Module>('i18n/index.js')
    t.throws(() => findMissingMessages(loadTexts()), code)
  }
})
