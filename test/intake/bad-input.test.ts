// Fields as nobody should fill them in: too long, unknown, repeated, of names that mean something to JavaScript, full
// of signs that cannot be seen. Whoever typed it gets it back, with what is wrong at the field.
import t from 'tap'
import { startApps } from '../support/apps.js'
import {
  faultsOfErrors,
  faultsOfPage,
  faultsOfRefusal,
  fieldsInSummary,
  hiddenValue,
} from '../support/calm-page.js'
import { createReporter } from '../support/reporter.js'

const { intake, log } = await startApps(t)
const TOO_LONG: readonly [step: string, field: string, most: number][] = [
  ['words', 'words', 50_000],
  ['where', 'place', 2_000],
  ['when', 'whenWords', 2_000],
]

for (const language of ['nl', 'en']) {
  t.test(
    `text over its limit stays where it was typed, with the error at the field (${language})`,
    async (t) => {
      for (const [step, field, most] of TOO_LONG) {
        const noor = createReporter(intake)
        const typed = `${'é'.repeat(most)}!`
        const answer = await noor.post(`/${language}/report/${step}`, { [field]: typed })
        t.equal(answer.statusCode, 422, field)
        t.same(faultsOfRefusal(answer, language), [])
        t.same(faultsOfErrors(answer.body), [])
        t.same(fieldsInSummary(answer.body), [field])
        t.ok(answer.body.includes(typed), 'every letter is still there')
        t.equal(
          (await noor.post(`/${language}/report/${step}`, { [field]: 'é'.repeat(most) })).statusCode,
          200,
        )
      }
    },
  )

  t.test(
    `the one page keeps everything when something is wrong, and its token and code (${language})`,
    async (t) => {
      const noor = createReporter(intake)
      const path = `/${language}/report/all`
      const page = (await noor.get(path)).body
      const hidden = { token: hiddenValue(page, 'token'), code: hiddenValue(page, 'code') }
      const typed = {
        vantage: 'sex_worker',
        danger: 'unknown',
        forms: ['labour', 'begging'],
        signs: ['s1', 'l1'],
        words: `${'w'.repeat(50_000)}!`,
        municipality: 'Atlantis',
        place: 'behind "the" <harbour> & so on',
        when: 'past',
        whenWords: 'at night',
      }
      const proof = { code_proof: hiddenValue(page, 'code_proof'), written: 'yes' }
      const answer = await noor.post(path, { ...hidden, ...proof, ...typed })
      t.equal(answer.statusCode, 422)
      t.same(faultsOfRefusal(answer, language), [])
      t.same(faultsOfErrors(answer.body), [])
      t.same(fieldsInSummary(answer.body).sort(), ['municipality', 'words'])
      for (const value of ['sex_worker', 'unknown', 'labour', 'begging', 's1', 'l1', 'past', 'yes']) {
        t.match(answer.body, new RegExp(`value="${value}"[^>]* checked`), value)
      }
      t.ok(answer.body.includes(typed.words))
      t.ok(answer.body.includes('value="Atlantis"'))
      t.ok(answer.body.includes('behind &quot;the&quot; &lt;harbour&gt; &amp; so on'))
      t.equal(hiddenValue(answer.body, 'token'), hidden.token)
      t.equal(hiddenValue(answer.body, 'code'), hidden.code)
      t.match((await noor.post(path, { ...hidden, words: 'shorter' })).body, /<h1>(Ontvangen|Received)/)
    },
  )
}

t.test('a municipality that does not exist, or that two could be, is asked about and kept', async (t) => {
  const noor = createReporter(intake)
  const unknown = await noor.post('/en/report/where', { municipality: 'Atlantis', place: 'a pier' })
  t.equal(unknown.statusCode, 422)
  t.same(fieldsInSummary(unknown.body), ['municipality'])
  t.same(faultsOfErrors(unknown.body), [])
  t.match(unknown.body, 'value="Atlantis"')
  t.match(unknown.body, 'a pier')
  const several = await noor.post('/en/report/where', { municipality: 'Bergen' })
  t.equal(several.statusCode, 422)
  t.match(several.body, /Bergen \(L\.\)|Bergen \(NH\.\)/)
})

t.test('a choice that is not there is told, and the choices that are there stay', async (t) => {
  const noor = createReporter(intake)
  const what = await noor.post('/en/report/what', { forms: ['labour', 'nonsense', '<script>'] })
  t.equal(what.statusCode, 422)
  t.same(faultsOfErrors(what.body), [])
  t.same(faultsOfRefusal(what, 'en'), [])
  t.match(what.body, /value="labour"[^>]* checked/)
  t.notMatch(what.body, 'nonsense')
  for (const [step, field] of [
    ['who', 'vantage'],
    ['danger', 'danger'],
    ['when', 'when'],
    ['signs', 'signs'],
  ] as const) {
    const answer = await noor.post(`/en/report/${step}`, { [field]: 'nonsense' })
    t.equal(answer.statusCode, 422, step)
    t.same(faultsOfErrors(answer.body), [])
  }
})

t.test('what is still wrong before sending leads to the question where it can be put right', async (t) => {
  const noor = createReporter(intake)
  await noor.post('/en/report/where', { municipality: 'Atlantis' })
  await noor.post('/en/report/when', { when: 'past', whenWords: 'w'.repeat(2_001) })
  const check = await noor.post('/en/report/send', {})
  t.equal(check.statusCode, 422)
  const summary = /<div class="errors"[\s\S]*?<\/div>/.exec(check.body)?.[0] ?? ''
  const links = [...summary.matchAll(/href="([^"]+)"/g)].map(([, href]) => href ?? '')
  t.same(links.sort(), ['/en/report/when', '/en/report/where'])
  for (const link of links) {
    const there = await noor.get(link)
    t.equal(there.statusCode, 422, link)
    t.same(faultsOfErrors(there.body), [], 'and the error stands there at its field')
  }
})

t.test('before sending, an error says the same as at its question', async (t) => {
  const sentence = (body: string) => /<li><a href="[^"]*">([^<]+)</.exec(body)?.[1] ?? 'no error'
  for (const [step, fields] of [
    ['where', { municipality: 'Bergen' }],
    ['where', { place: 'p'.repeat(2_001) }],
    ['words', { words: 'w'.repeat(50_001) }],
  ] as const) {
    const noor = createReporter(intake)
    const there = sentence((await noor.post(`/en/report/${step}`, fields)).body)
    t.match(there, /Bergen|2000|50000/)
    t.equal(sentence((await noor.post('/en/report/send', {})).body), there)
  }
})

t.test('looking at the files does not make the errors of other questions go away', async (t) => {
  const noor = createReporter(intake)
  await noor.post('/en/report/where', { municipality: 'Atlantis' })
  await noor.upload('/en/report/files', [])
  await noor.post('/en/report/files/remove', { file: 'none' })
  t.equal((await noor.get('/en/report/where')).statusCode, 422)
})

t.test('of a field that comes several times the last one counts', async (t) => {
  const noor = createReporter(intake)
  await noor.post('/en/report/danger', { danger: ['yes', 'nonsense', 'no'] })
  await noor.post('/en/report/words', { words: ['first', 'second'] })
  await noor.post('/en/report/what', { forms: ['labour', 'labour', 'sexual', 'labour'] })
  t.match((await noor.get('/en/report/danger')).body, /value="no"[^>]* checked/)
  t.match((await noor.get('/en/report/words')).body, />\nsecond<\/textarea>/)
  t.equal((await noor.get('/en/report/what')).body.match(/ checked/g)?.length, 2)
})

t.test('names that mean something to JavaScript are fields like others: nobody asked for them', async (t) => {
  const names = ['__proto__', 'constructor', 'constructor.prototype', 'constructor[prototype][x]', 'toString']
  const fields = Object.fromEntries(
    [...names, 'hasOwnProperty', 'length', ''].map((name) => [name, 'polluted']),
  )
  const noor = createReporter(intake)
  const body = `${new URLSearchParams(fields)}&__proto__=polluted&__proto__.isAdmin=yes&words=kept`
  const cookie = (await noor.post('/en/report/words', { words: 'before' })) && noor.cookie()
  const headers = { cookie, 'content-type': 'application/x-www-form-urlencoded' }
  for (const url of [
    '/en/report/words',
    '/en/report/what',
    '/en/report/files',
    '/en/return',
    '/en/report/code',
  ]) {
    const answer = await intake.inject({ method: 'POST', url, headers, payload: body })
    t.equal(answer.statusCode, 303, url)
  }
  t.match((await noor.get('/en/report/words')).body, />\nkept<\/textarea>/)
  t.notOk('isAdmin' in {}, 'no object learned anything')
  t.equal(String({}), '[object Object]')
  t.match((await noor.post('/en/report/all', { ...fields, words: 'also here' })).body, '<h1>Received</h1>')
})

t.test('signs that cannot be seen are taken out, scripts and direction marks stay', async (t) => {
  const noor = createReporter(intake)
  const typed =
    'a\u0000b\u0008c\u001b[31m\u0085d \u202egnirts\u202c \u2066x\u2069\ufeff e\u200f عربي 中文 👩‍👩‍👧 ok'
  const answer = await noor.post('/en/report/words', { words: typed })
  t.equal(answer.statusCode, 200)
  const shown = (await noor.get('/en/report/words')).body
  t.ok(shown.includes('abc[31md gnirts x e\u200f عربي 中文 👩‍👩‍👧 ok'))
  t.notMatch(shown, /(?![\t\n\r])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u)
})

t.test('bytes that are no text become signs that say so, and the words around them stay', async (t) => {
  const noor = createReporter(intake)
  await noor.post('/en/report/danger', { danger: 'no' })
  for (const raw of ['words=ab%zz%ff%fecd', 'words=ab%ed%a0%80cd', 'words=ab%00cd', 'words=%F0%9F%98cd%']) {
    const headers = { cookie: noor.cookie(), 'content-type': 'application/x-www-form-urlencoded' }
    const answer = await intake.inject({ method: 'POST', url: '/en/report/words', headers, payload: raw })
    t.equal(answer.statusCode, 303, raw)
    const page = await noor.get('/en/report/words')
    t.match(page.body, /cd/)
    t.same(faultsOfPage(page, 'en'), [])
  }
  const bytes = Buffer.concat([
    Buffer.from('words=x'),
    Buffer.from([0xff, 0xc0, 0x80, 0xed, 0xa0, 0x80]),
    Buffer.from('y'),
  ])
  const headers = { cookie: noor.cookie(), 'content-type': 'application/x-www-form-urlencoded' }
  t.equal(
    (await intake.inject({ method: 'POST', url: '/en/report/words', headers, payload: bytes })).statusCode,
    303,
  )
  t.match((await noor.post('/en/report/send', {})).body, '<h1>Received</h1>')
})

t.test('codes that cannot be one are refused at the field, whatever signs they are made of', async (t) => {
  const bad = [
    '',
    ' ',
    '1234',
    '1'.repeat(23),
    '1'.repeat(24),
    '1'.repeat(25),
    '1'.repeat(5_000),
    'abcd efgh ijkl mnop qrst uvwx',
    '一二三四五六七八九十一二三四五六七八九十一二三四',
    '１２３４５６７８９０１２３４５６７８９０１２３４',
    '1234 5678 9012 3456 7890 12ab',
    '\ud800'.repeat(24),
    '\u202e'.repeat(24),
    "' or 1=1 --",
    '<script>alert(1)</script>',
    '{"$gt":""}',
    '½'.repeat(24),
    '٠'.repeat(24),
  ]
  for (const code of bad) {
    const noor = createReporter(intake)
    const answer = await noor.post('/en/return', { code })
    t.equal(answer.statusCode, 422, JSON.stringify(code))
    t.same(faultsOfRefusal(answer, 'en'), [])
    t.same(faultsOfErrors(answer.body), [])
    t.match(answer.body, 'A code has 24 digits')
  }
})

t.test('the page with the error says so in the title of the tab', async (t) => {
  const noor = createReporter(intake)
  for (const [path, fields] of [
    ['/en/report/words', { words: 'w'.repeat(50_001) }],
    ['/en/report/all', {}],
    ['/en/return', { code: '1' }],
    ['/en/report/files', {}],
  ] as const) {
    const answer = await noor.post(path, fields)
    t.match(answer.body, '<title>Something is not right yet: ', path)
    t.same(faultsOfErrors(answer.body), [], path)
  }
})

t.test('none of all this was logged', async (t) => {
  t.same(log, [])
})
