// What somebody who holds a code, or guesses one, or took it from the reporter can learn. A trafficker who plants a
// report or forces a code out of somebody must learn nothing: not what was reported, not what the desk did with it.
import { randomBytes } from 'node:crypto'
import t from 'tap'
import { createMailboxKeys, makeReceiptCode, readReceiptCode } from '../../server/intake/receipt.js'
import { startApps } from '../support/apps.js'
import { hiddenValue } from '../support/calm-page.js'
import { openJson } from '../support/desk.js'
import { inboxRows } from '../support/inbox-rows.js'
import { createReporter, type Reporter } from '../support/reporter.js'
import { signIn } from '../support/triager.js'

const { intake, triage, triageStorage, database, desk, pepper, release } = await startApps(t)
const deriveKeys = createMailboxKeys(pepper, (task) => task())
const ROUNDS = 12
/** Medians of the same work differ by noise alone. */
const SAME_TIME = 1.25

t.test('unknown, wrong, expired and ended codes get the same answer to the byte', async (t) => {
  const { code } = await reportWithCode({ words: 'canary of the report' })
  const expired = await expiredCode()
  const answers = new Map<string, string>()
  const [endedNow, endedBefore] = [await endedCode(), await endedCode({ released: true })]
  const codes = { unknown: unknownCode(), wrong: nextTo(code), expired, endedNow, endedBefore }
  for (const [kind, typed] of Object.entries(codes))
    answers.set(kind, await wholeAnswer(createReporter(intake), typed))
  t.match(answers.get('unknown'), / 303 [\s\S]* 422 /)
  t.equal(answers.get('wrong'), answers.get('unknown'))
  t.equal(answers.get('expired'), answers.get('unknown'))
  t.equal(answers.get('endedNow'), answers.get('unknown'))
  t.equal(answers.get('endedBefore'), answers.get('unknown'))
})

t.test(
  'a code that opens a mailbox, an unknown, a wrong, an expired and an ended one take the same time',
  async (t) => {
    const { code } = await reportWithCode({ words: 'words' })
    const { code: closed } = await reportWithCode({ words: 'words' })
    await release()
    await database.owner.query('update mailbox set closed = true where id = $1', [
      (await mailboxOf(closed)).id,
    ])
    const others = { expired: await expiredCode(), ended: await endedCode(), closed }
    const kinds = { right: code, unknown: unknownCode(), wrong: nextTo(code), ...others }
    // Everybody's processor is shared: a true difference shows every time, a chance one does not.
    let slowest = 0
    let fastest = 0
    for (let attempt = 0; attempt < 4; attempt++) {
      const medians = await medianTimes(kinds)
      slowest = Math.max(...medians)
      fastest = Math.min(...medians)
      if (slowest / fastest < SAME_TIME) break
    }
    t.ok(slowest / fastest < SAME_TIME, `medians ${fastest.toFixed(1)} to ${slowest.toFixed(1)} ms`)
    const [malformed = 0] = await medianTimes({ malformed: `${code.slice(0, 23)}x` })
    t.ok(malformed < fastest / 2, `a malformed one costs no derivation: ${malformed.toFixed(1)} ms`)
  },
)

t.test('a malformed code is told at once at its field, and stays as it was typed', async (t) => {
  const { code } = await reportWithCode({ words: 'words' })
  const swapped = `${code.slice(0, 4)}${code[5]}${code[4]}${code.slice(6)}`
  const malformed = [
    '',
    '1234',
    code.slice(0, -1),
    `${code}0`,
    code.replace(/.$/, (digit) => String((Number(digit) + 1) % 10)),
    ...(swapped === code ? [] : [swapped]),
    `${code.slice(0, 23)}l`,
    `${code.slice(0, 23)}½`,
    '<script>alert(1)</script>',
  ]
  for (const typed of malformed) {
    const noor = createReporter(intake)
    const answer = await noor.post('/en/return', { code: typed })
    t.equal(answer.statusCode, 422, typed)
    t.match(answer.body, 'id="code-error"')
    t.match(answer.body, 'aria-invalid="true"')
    t.notMatch(answer.body, '<script>alert')
  }
})

t.test('a code opens its mailbox in the digits of any script and with any signs between them', async (t) => {
  const { code } = await reportWithCode({ words: 'words' })
  const from = (zero: number) => [...code].map((digit) => String.fromCodePoint(zero + Number(digit))).join('')
  const groups = code.match(/\d{4}/g) ?? []
  const scripts = {
    arabic: 0x660,
    persian: 0x6f0,
    devanagari: 0x966,
    bengali: 0x9e6,
    thai: 0xe50,
    wide: 0xff10,
  }
  const typed = {
    ...Object.fromEntries(Object.entries(scripts).map(([name, zero]) => [name, from(zero)])),
    bold: from(0x1d7ce),
    spaces: groups.join(' '),
    'no-break spaces': groups.join('\u00a0'),
    hyphens: groups.join('-'),
    dashes: groups.join(' – '),
    dots: groups.join('.'),
    'direction marks': `\u200f${groups.join('\u200e ')}`,
    lines: ` ${groups.join('\r\n')} `,
  }
  for (const [name, text] of Object.entries(typed)) {
    const noor = createReporter(intake)
    const opened = await noor.postOnly('/en/return', { code: text })
    t.equal(opened.headers.location, '/en/return/messages', name)
  }
})

t.test('the mailbox of a full report and of a single tick is the same page to the byte', async (t) => {
  const full = await reportWithCode({
    vantage: 'affected',
    danger: 'yes',
    forms: ['sexual', 'labour'],
    signs: ['s1', 'l1'],
    words: 'canary words',
    municipality: 'Utrecht',
    place: 'canary place',
    when: 'now',
    whenWords: 'canary time',
  })
  const tick = await reportWithCode({ forms: 'begging' })
  await release()
  const page = await messagesOf(full.code)
  t.equal(headingOf(page), 'Your report was received')
  t.notMatch(page, /canary|Utrecht|\d{4}-\d{2}-\d{2}|[0-9a-f]{8}-[0-9a-f]{4}/)
  t.equal(page, await messagesOf(tick.code))
})

t.test('nothing that the desk does with a report changes what its mailbox says', async (t) => {
  const { code } = await reportWithCode({ words: 'words' })
  const before = await messagesOf(code)
  await release()
  t.equal(await messagesOf(code), before, 'released')
  const sam = await signIn(triage, desk)
  const report = await findReport(
    (await inboxRows(triageStorage, desk.id, 0)).map(({ id }) => id),
    code,
  )
  const acts: Record<string, () => Promise<unknown>> = {
    claimed: () => sam.post(`/reports/${report}/claim`),
    opened: () => sam.get(`/reports/${report}`),
    'handed back': () => sam.post(`/reports/${report}/hand-back`),
    'claimed again': () => sam.post(`/reports/${report}/claim`),
    assessed: () => sam.assess(report, { usable: false, reason: 'possible_misuse', note: 'canary note' }),
  }
  for (const [name, act] of Object.entries(acts)) {
    await act()
    t.equal(await messagesOf(code), before, name)
  }
  const { rows } = await database.owner.query('select state from queue_item where report = $1', [report])
  t.same(rows, [{ state: 'assessed' }], 'all of that happened')
})

t.test('after the code there are three states: received, a question, closed', async (t) => {
  const { code, noor } = await reportWithCode({ words: 'words' })
  await release()
  const sam = await signIn(triage, desk)
  const mailbox = await mailboxOf(code)
  const received = await messagesOf(code)
  await sam.ask(mailbox, 'What colour was the <van>?')
  t.match(await messagesOf(code), 'What colour was the &lt;van&gt;?')

  const page = await noor.post('/en/return', { code })
  const answer = { question: hiddenValue(page.body, 'question'), answer: 'canary white' }
  const answered = await noor.post('/en/return/messages', answer)
  t.notMatch(answered.body, /van|canary/, 'neither the question nor the answer shows again')
  t.equal(await messagesOf(code), received, 'another visit shows what it showed before')

  await sam.ask(mailbox, 'And the number?')
  await sam.post(`/mailboxes/${mailbox.id}/close`)
  const closed = await messagesOf(code)
  t.equal(headingOf(closed), 'The desk has no more questions')
  t.notMatch(closed, 'And the number?')
})

t.test('a browser without the code sees no mailbox, whatever cookie it has', async (t) => {
  const { code, noor } = await reportWithCode({ words: 'words' })
  await noor.post('/en/return', { code })
  const stranger = createReporter(intake)
  t.equal((await stranger.get('/en/return/messages')).statusCode, 404)
  await stranger.post('/en/report/words', { words: 'another report' })
  t.equal((await stranger.get('/en/return/messages')).statusCode, 404)
  await noor.post('/en/return/leave', {})
  t.equal((await noor.get('/en/return/messages')).statusCode, 404, 'nor the same one after leaving')
})

t.test('another report with the same code shares its mailbox, and stops no release', async (t) => {
  const noor = createReporter(intake)
  const page = (await noor.get('/en/report/all')).body
  const hidden = Object.fromEntries(
    ['token', 'code', 'code_proof'].map((name) => [name, hiddenValue(page, name)]),
  )
  const send = (words: string) => noor.post('/en/report/all', { ...hidden, written: 'yes', words })
  await release()
  const known = new Set((await inboxRows(triageStorage, desk.id, 1000)).map(({ id }) => id))
  for (const words of ['first', 'first', 'at once after Back'])
    t.equal(headingOf((await send(words)).body), 'Received')
  await release()
  t.equal(headingOf((await send('after a release')).body), 'Received')
  await Promise.all(['both', 'at the same time'].map(send))
  await release()
  const inbox = await inboxRows(triageStorage, desk.id, 1000)
  const fresh = inbox.filter(({ id }) => !known.has(id))
  t.equal(fresh.length, 5)
  const headers = await Promise.all(
    fresh.map(({ id, header }) => openJson(desk.keys.identity, header, { kind: 'header', of: id })),
  )
  const mailboxes = new Set(headers.map((header) => (header as { mailbox: string }).mailbox))
  t.same([...mailboxes], [(await mailboxOf(hidden.code ?? '')).id])
})

function headingOf(page: string): string {
  return /<h1>([^<]*)<\/h1>/.exec(page)?.[1] ?? ''
}

/** Sends a report with a code, question by question. */
async function reportWithCode(
  fields: Record<string, string | string[]>,
): Promise<{ code: string; noor: Reporter }> {
  const noor = createReporter(intake)
  for (const [name, value] of Object.entries(fields)) {
    const step = { vantage: 'who', forms: 'what', municipality: 'where', place: 'where', whenWords: 'when' }[
      name
    ]
    // Fields of one question come together, as a browser sends them.
    const both = { where: ['municipality', 'place'], when: ['when', 'whenWords'] }[step ?? name] ?? [name]
    const together = Object.fromEntries(both.map((one) => [one, fields[one] ?? '']))
    await noor.post(`/en/report/${step ?? name}`, both.length > 1 ? together : { [name]: value })
  }
  const shown = await noor.post('/en/report/code', {})
  const code = [...shown.body.matchAll(/<span>(\d{4})<\/span>/g)].map(([, group]) => group).join('')
  const sent = await noor.post('/en/report/send', { with_code: 'yes', written: 'yes' })
  if (!sent.body.includes('<h1>Received</h1>')) throw new Error('the report was not sent')
  return { code, noor }
}

async function messagesOf(code: string): Promise<string> {
  const opened = await createReporter(intake).post('/en/return', { code })
  if (opened.statusCode !== 200) throw new Error(`the mailbox did not open: ${opened.statusCode}`)
  return opened.body
}

/** Both answers to a code, without what differs by nature: the date, the cookie, and the code as it was typed. */
async function wholeAnswer(noor: Reporter, typed: string): Promise<string> {
  const posted = await noor.postOnly('/en/return', { code: typed })
  const shown = await noor.get(String(posted.headers.location))
  return [posted, shown]
    .map(({ statusCode, headers, body }) => {
      const { date, 'set-cookie': cookie, ...rest } = headers
      const set = String(cookie).replace(/^s=[\w-]{32};/, 's=COOKIE;')
      return `${statusCode} ${JSON.stringify({ ...rest, set })} ${body.replaceAll(typed, 'TYPED')}`
    })
    .map((answer) => ` ${answer}`)
    .join('\n')
}

/** The middle time of the answer to each code, in ms; the codes take turns, so that a busy moment hits all. */
async function medianTimes(codes: Record<string, string>): Promise<number[]> {
  const times = Object.values(codes).map((): number[] => [])
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, code] of Object.values(codes).entries()) {
      const noor = createReporter(intake)
      const begun = performance.now()
      await noor.postOnly('/en/return', { code })
      times[i]?.push(performance.now() - begun)
    }
  }
  return times.map((all) => all.sort((one, other) => one - other)[ROUNDS / 2] ?? 0)
}

async function expiredCode(): Promise<string> {
  const { code } = await reportWithCode({ words: 'words' })
  await release()
  await database.owner.query('delete from mailbox where id = $1', [(await mailboxOf(code)).id])
  return code
}

/** A code whose mailbox its reporter ended. */
async function endedCode({ released = false } = {}): Promise<string> {
  const { code } = await reportWithCode({ words: 'words' })
  const noor = createReporter(intake)
  await noor.post('/en/return', { code })
  const ended = await noor.post('/en/return/end', { go: 'yes' })
  if (ended.statusCode !== 200) throw new Error(`the mailbox did not end: ${ended.statusCode}`)
  if (released) await release()
  return code
}

function unknownCode(): string {
  return makeReceiptCode(randomBytes)
}

/** A code that differs in one digit, with the check digits that belong to it. */
function nextTo(code: string): string {
  const first = String((Number(code[0]) + 1) % 10)
  const begin = `${first}${code.slice(1, 22)}`
  for (let check = 0; check < 100; check++) {
    const whole = `${begin}${String(check).padStart(2, '0')}`
    if (readReceiptCode(whole)) return whole
  }
  throw new Error('no check digits fit')
}

async function mailboxOf(code: string): Promise<{ id: string; recipient: string }> {
  const { rows } = await database.owner.query('select id, recipient from mailbox')
  const { recipient } = await deriveKeys(readReceiptCode(code) ?? makeReceiptCode(randomBytes))
  const found = rows.find((row) => row.recipient === recipient)
  if (!found) throw new Error('there is no mailbox for this code')
  return found
}

/** The report whose sealed header names the mailbox of this code. */
async function findReport(reports: readonly string[], code: string): Promise<string> {
  const { id } = await mailboxOf(code)
  const { rows } = await database.owner.query("select report, sealed from report_part where kind = 'header'")
  for (const { report, sealed } of rows.filter((row) => reports.includes(row.report))) {
    const header = await openJson(desk.keys.identity, sealed, { kind: 'header', of: report })
    if ((header as { mailbox: string | null }).mailbox === id) return report
  }
  throw new Error('no report names this mailbox')
}
