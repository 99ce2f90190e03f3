// The code: how it is made and read, and the whole way back with it, from the desk's question to the answer.
import { randomBytes, randomUUID } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import { groupReceiptCode, makeReceiptCode, readReceiptCode } from '../../server/intake/receipt.js'
import { packJson } from '../../server/report/envelope.js'
import { startApps, type TestApps } from '../support/apps.js'
import { faultsOfErrors, faultsOfPage, hiddenValue } from '../support/calm-page.js'
import { base64, type DeskClient, sealTo, signIn } from '../support/desk-client.js'
import { createReporter, type Reporter } from '../support/reporter.js'
import { countRows } from '../support/stored-reports.js'

const runs = { numRuns: process.env.BAKEN_TEST_LONG === 'yes' ? 20_000 : 300 }
const codes = fc.infiniteStream(fc.nat({ max: 255 })).map((bytes) => {
  const random = (count: number) => Uint8Array.from(bytes.take(count))
  return makeReceiptCode(random)
})
/** The digit zero of every script that writes numbers. */
const ZEROS = Array.from({ length: 0x11_0000 }, (_, point) => point).filter(
  (point) =>
    (point < 0xd800 || point > 0xdfff) &&
    /^\p{Nd}$/u.test(String.fromCodePoint(point)) &&
    Number(readDigit(point)) === 0,
)

/** Digits of a script follow each other in tens; Unicode lists them so. */
function readDigit(point: number): number {
  let first = point
  while (/^\p{Nd}$/u.test(String.fromCodePoint(first - 1))) first--
  return (point - first) % 10
}

t.test('a code is read back as it is shown, however its groups are set apart', (t) => {
  fc.assert(
    fc.property(
      codes,
      fc.constantFrom(' ', '-', '', '\n', ' – ', '.', '\u00a0', '\u200f ', '·', '_'),
      (code, gap) => {
        const groups = groupReceiptCode(code)
        return (
          groups.length === 6 &&
          groups.every((g) => g.length === 4) &&
          readReceiptCode(groups.join(gap)) === code
        )
      },
    ),
    runs,
  )
  t.pass()
  t.end()
})

t.test('digits of every script are read, also mixed', (t) => {
  t.ok(ZEROS.length >= 60, `${ZEROS.length} scripts`)
  const inScript = (code: string, zero: number) =>
    [...code].map((digit) => String.fromCodePoint(zero + Number(digit))).join('')
  const code = makeReceiptCode(randomBytes)
  for (const zero of ZEROS) t.equal(readReceiptCode(inScript(code, zero)), code, zero.toString(16))
  fc.assert(
    fc.property(
      codes,
      fc.array(fc.constantFrom(...ZEROS), { minLength: 24, maxLength: 24 }),
      (code, zeros) => {
        const mixed = [...code]
          .map((digit, i) => String.fromCodePoint((zeros[i] ?? 48) + Number(digit)))
          .join('')
        return readReceiptCode(mixed) === code
      },
    ),
    runs,
  )
  t.end()
})

t.test('one wrong digit anywhere is caught', (t) => {
  fc.assert(
    fc.property(codes, fc.nat({ max: 23 }), fc.integer({ min: 1, max: 9 }), (code, at, by) => {
      const wrong = (Number(code[at]) + by) % 10
      return readReceiptCode(code.slice(0, at) + wrong + code.slice(at + 1)) === null
    }),
    runs,
  )
  t.pass()
  t.end()
})

t.test('two neighbours that changed places are caught', (t) => {
  fc.assert(
    fc.property(codes, fc.nat({ max: 22 }), (code, at) => {
      const [one, two] = [code[at], code[at + 1]]
      return one === two || readReceiptCode(`${code.slice(0, at)}${two}${one}${code.slice(at + 2)}`) === null
    }),
    runs,
  )
  t.pass()
  t.end()
})

t.test('reading a code never throws, and what is no code is none', (t) => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: 'binary', maxLength: 80 }), fc.string({ unit: 'grapheme' })),
      (typed) => {
        const read = readReceiptCode(typed)
        return read === null || /^\d{24}$/.test(read)
      },
    ),
    runs,
  )
  t.pass()
  t.end()
})

t.test('every digit is equally likely, and no byte that would favour one is used', (t) => {
  const counts = new Map<string, number>()
  for (let i = 0; i < 2_000; i++)
    for (const digit of makeReceiptCode(randomBytes).slice(0, 22))
      counts.set(digit, (counts.get(digit) ?? 0) + 1)
  for (const [digit, count] of counts) t.ok(Math.abs(count - 4_400) < 400, `${digit}: ${count} of 44,000`)
  let calls = 0
  const high = (count: number) => new Uint8Array(count).fill(calls++ === 0 ? 255 : 7)
  t.match(makeReceiptCode(high), /^7{22}\d\d$/)
  t.end()
})

/** Noor reports with a code, step by step; gives the code she wrote down. */
async function reportWithCode(noor: Reporter, words: string): Promise<string> {
  await noor.post('/en/report/words', { words })
  const page = await noor.post('/en/report/code', {})
  const fields = { with_code: 'yes', written: 'yes', code_proof: hiddenValue(page.body, 'code_proof') }
  const received = await noor.post('/en/report/send', fields)
  if (!received.body.includes('<h1>Received</h1>')) throw new Error('the report was not received')
  noor.forgetCookie()
  return codeOn(page.body)
}

function codeOn(html: string): string {
  return [...html.matchAll(/<span>(\d{4})<\/span>/g)].map(([, group]) => group).join(' ')
}

/** Sam takes the next report and finds its mailbox in the sealed header. */
async function mailboxOfNext(sam: DeskClient): Promise<string> {
  const report = await sam.claimNext()
  const item = (await sam.inbox()).find(({ id }) => id === report)
  const mailbox = item && (await sam.header(item)).mailbox
  if (!mailbox) throw new Error('no mailbox')
  return mailbox
}

/** Noor reported, the desk asked, and she is back with her code: what she sees. */
async function askedNoor(apps: TestApps, question = 'Which colour was the van?') {
  const noor = createReporter(apps.intake)
  const code = await reportWithCode(noor, 'a van')
  await apps.release()
  const sam = await signIn(apps.triage, 'sam')
  const mailbox = await mailboxOfNext(sam)
  const id = await sam.ask(mailbox, question)
  return { noor, sam, code, mailbox, question: id, page: await noor.post('/en/return', { code }) }
}

t.test('the desk asks, Noor comes back with her code and answers, and the desk reads it', async (t) => {
  const apps = await startApps(t)
  const { noor, sam, mailbox, question, page } = await askedNoor(apps)
  t.same(faultsOfPage(page, 'en'), [])
  t.match(page.body, '<h1>There is a question for you</h1>')
  t.match(page.body, 'Which colour was the van?')
  t.notMatch(page.body, 'a van', 'the report itself never shows')
  const answer = { question, answer: 'White,\nwith a dent' }
  const after = await noor.post('/en/return/messages', answer)
  t.match(after.body, 'Your answer was received.')
  t.match(after.body, '<h1>Your report was received</h1>')
  t.match(
    (await noor.post('/en/return/messages', answer)).body,
    'Your answer was received.',
    'a second click',
  )
  t.same(await sam.answers(mailbox), [], 'not before the release')
  await apps.release()
  t.same(await sam.answers(mailbox), ['White,\nwith a dent'])
  t.equal(await countRows(apps.database.owner, 'answer'), 1)
})

t.test('two clicks at once are one answer; other words after Back are one more', async (t) => {
  const apps = await startApps(t)
  const { noor, sam, mailbox, question } = await askedNoor(apps)
  const answer = { question, answer: 'white' }
  const clicks = await Promise.all([1, 2, 3].map(() => noor.post('/en/return/messages', answer)))
  for (const click of clicks) t.match(click.body, 'Your answer was received.')
  const more = await noor.post('/en/return/messages', { question, answer: 'white, and a dent' })
  t.match(more.body, 'Your answer was received.')
  await apps.release()
  t.same((await sam.answers(mailbox)).sort(), ['white', 'white, and a dent'])
})

t.test(
  'an answer to a question that is gone is never called received, and comes back to be kept',
  async (t) => {
    const apps = await startApps(t)
    const { noor, sam, mailbox, question, code } = await askedNoor(apps)
    for (const wanted of [randomUUID(), '', 'x', "' or true --"]) {
      const answer = await noor.post('/en/return/messages', { question: wanted, answer: 'my words' })
      t.equal(answer.statusCode, 422)
      t.notMatch(answer.body, 'Your answer was received')
      t.match(answer.body, 'Your answer was not sent')
    }
    await sam.post(`/mailboxes/${mailbox}/close`)
    const closed = await noor.post('/en/return/messages', { question, answer: 'too late' })
    t.equal(closed.statusCode, 422)
    t.match(closed.body, 'Your answer was not sent')
    t.match(closed.body, /id="answer">[\s\S]*too late/)
    t.equal(await countRows(apps.database.owner, 'arrival_answer'), 0)
    const again = await noor.post('/en/return', { code })
    t.match(again.body, '<h1>The desk has no more questions</h1>')
    t.notMatch(again.body, 'Which colour')
    t.equal(
      (await sam.post(`/mailboxes/${mailbox}/questions`, { id: randomUUID(), sealed: 'AAAA' })).statusCode,
      409,
    )
  },
)

t.test('what is wrong with an answer is told at the field, with the words still there', async (t) => {
  const apps = await startApps(t)
  const { noor, question } = await askedNoor(apps)
  for (const answer of ['', ' \n ', 'w'.repeat(50_001)]) {
    const refused = await noor.post('/en/return/messages', { question, answer })
    t.equal(refused.statusCode, 422)
    t.same(faultsOfErrors(refused.body), [])
    t.ok(refused.body.includes(answer.trim()))
    t.match(refused.body, 'Which colour was the van?')
  }
  await apps.database.owner.query('update desk set closed = true')
  const closed = await noor.post('/en/return/messages', { question, answer: 'nobody reads' })
  t.equal(closed.statusCode, 503)
  t.match(
    (await noor.get('/en/return/messages')).body,
    'nobody reads',
    'it is kept until somebody can read it',
  )
})

t.test('several questions come one after the other, and one that cannot be opened hides none', async (t) => {
  const apps = await startApps(t)
  const { noor, sam, mailbox } = await askedNoor(apps, 'first question')
  await sam.ask(mailbox, 'second question')
  const foreign = packJson({ kind: 'question', of: mailbox }, { text: 'not for Noor' })
  const sealed = base64(await sealTo([sam.desk.recipient], foreign))
  await sam.post(`/mailboxes/${mailbox}/questions`, { id: '00000000-0000-4000-8000-000000000000', sealed })
  const seen = new Set<string>()
  for (let i = 0; i < 2; i++) {
    const page = await noor.get('/en/return/messages')
    t.equal(page.statusCode, 200)
    t.equal((await noor.get('/en/return/messages')).body, page.body, 'the same one until it is answered')
    seen.add(/(first|second) question/.exec(page.body)?.[0] ?? 'none')
    const question = hiddenValue(page.body, 'question')
    await noor.post('/en/return/messages', { question, answer: `answer ${i}` })
  }
  t.same([...seen].sort(), ['first question', 'second question'])
  t.match((await noor.get('/en/return/messages')).body, '<h1>Your report was received</h1>')
})

t.test('a code that belongs to nothing is told like one that expired', async (t) => {
  const { intake } = await startApps(t)
  const noor = createReporter(intake)
  const code = groupReceiptCode(makeReceiptCode(randomBytes)).join(' ')
  const unknown = await noor.post('/en/return', { code })
  t.equal(unknown.statusCode, 422)
  t.match(unknown.body, 'There is nothing for this code')
  t.match(unknown.body, `value="${code}"`)
  t.same(faultsOfErrors(unknown.body), [])
  t.equal((await noor.get('/en/return/messages')).statusCode, 404)
})

t.test('the code works before the release too, typed in the digits of another script', async (t) => {
  const { intake } = await startApps(t)
  const noor = createReporter(intake)
  const code = await reportWithCode(noor, 'x')
  const arabic = code.replace(/\d/g, (digit) => String.fromCodePoint(0x660 + Number(digit)))
  t.match((await noor.post('/nl/return', { code: arabic })).body, '<h1>Uw melding is ontvangen</h1>')
})

t.test(
  'a code stays the same however often it is asked for, and survives an answer that got lost',
  async (t) => {
    let lost = true
    const { intake, database } = await startApps(t, {
      through: (storage) => ({
        ...storage,
        storeReport: async (...given) => {
          const outcome = await storage.storeReport(...given)
          if (lost) throw new Error('the answer got lost')
          return outcome
        },
      }),
    })
    const noor = createReporter(intake)
    await noor.post('/en/report/words', { words: 'x' })
    const code = codeOn((await noor.post('/en/report/code', {})).body)
    t.equal(codeOn((await noor.post('/en/report/code', {})).body), code)
    t.equal((await noor.post('/en/report/send', { with_code: 'yes', written: 'yes' })).statusCode, 500)
    lost = false
    t.match(
      (await noor.post('/en/report/send', { with_code: 'yes', written: 'yes' })).body,
      '<h1>Received</h1>',
    )
    t.equal(await countRows(database.owner, 'arrival'), 1)
    t.match((await noor.post('/en/return', { code })).body, '<h1>Your report was received</h1>')
  },
)

t.test('nothing is sent under a code that was not written down, or that is another one by now', async (t) => {
  const { intake, database } = await startApps(t)
  const noor = createReporter(intake)
  await noor.post('/en/report/words', { words: 'first draft' })
  const old = await noor.post('/en/report/code', {})
  const unticked = await noor.post('/en/report/send', { with_code: 'yes' })
  t.equal(unticked.statusCode, 422)
  t.same(faultsOfErrors(unticked.body), [])
  t.match(unticked.body, '<title>Something is not right yet: ')
  t.equal(codeOn(unticked.body), codeOn(old.body))

  await database.owner.query('truncate draft cascade')
  await noor.post('/en/report/words', { words: 'second draft, another tab' })
  const fields = { with_code: 'yes', written: 'yes', code_proof: hiddenValue(old.body, 'code_proof') }
  const changed = await noor.post('/en/report/send', fields)
  t.equal(changed.statusCode, 422)
  t.same(faultsOfErrors(changed.body), [])
  t.match(changed.body, 'That code cannot be used')
  t.not(codeOn(changed.body), codeOn(old.body))
  t.equal(await countRows(database.owner, 'arrival'), 0)
  const good = { ...fields, code_proof: hiddenValue(changed.body, 'code_proof') }
  t.match((await noor.post('/en/report/send', good)).body, '<h1>Received</h1>')
  t.match(
    (await noor.post('/en/return', { code: codeOn(changed.body) })).body,
    '<h1>Your report was received</h1>',
  )
})

t.test('without asking for a code there is no mailbox', async (t) => {
  const { intake, database } = await startApps(t)
  const noor = createReporter(intake)
  await noor.post('/en/report/words', { words: 'x' })
  const code = codeOn((await noor.post('/en/report/code', {})).body)
  t.match((await noor.post('/en/report/send', {})).body, '<h1>Received</h1>')
  t.equal(await countRows(database.owner, 'arrival_mailbox'), 0)
  t.match((await noor.post('/en/return', { code })).body, 'There is nothing for this code')
})
