// The whole report on one page: no cookie, one request, and a code that is never said to work when it does not.
import { randomUUID } from 'node:crypto'
import t from 'tap'
import type { ReportHeader } from '../../server/report/report.js'
import { startApps } from '../support/apps.js'
import { faultsOfErrors, faultsOfPage, fieldsInSummary, hiddenValue } from '../support/calm-page.js'
import { dirtyPhoto } from '../support/dirty-files.js'
import { createReporter, type Reporter } from '../support/reporter.js'
import { countRows, openSections } from '../support/stored-reports.js'

const PATH = '/en/report/all'

/** The hidden fields of a fresh page: token, code and its proof. */
async function freshFields(noor: Reporter): Promise<{ token: string; code: string; code_proof: string }> {
  const { body } = await noor.get(PATH)
  const value = (name: string) => hiddenValue(body, name)
  return { token: value('token'), code: value('code'), code_proof: value('code_proof') }
}

t.test('a report goes from the one page into the queue without any cookie', async (t) => {
  const { intake, database } = await startApps(t)
  const noor = createReporter(intake)
  const page = await noor.get(PATH)
  t.same(faultsOfPage(page, 'en'), [])
  const received = await noor.post(PATH, { ...(await freshFields(noor)), signs: 's3' })
  t.match(received.body, '<h1>Received</h1>')
  t.equal(noor.cookie(), '')
  t.equal(await countRows(database.owner, 'arrival'), 1)
  t.equal(await countRows(database.owner, 'draft'), 0)
  t.equal(await countRows(database.owner, 'arrival_mailbox'), 0, 'without the tick no mailbox')
})

t.test('every page has a token and a code of its own', async (t) => {
  const { intake } = await startApps(t)
  const pages = await Promise.all(Array.from({ length: 20 }, () => freshFields(createReporter(intake))))
  for (const name of ['token', 'code', 'code_proof'] as const) {
    t.equal(new Set(pages.map((fields) => fields[name])).size, 20, name)
  }
})

t.test(
  'the same page sent again is one report, at once or later; with other words it is another one',
  async (t) => {
    const { intake, database, release } = await startApps(t)
    const noor = createReporter(intake)
    const fields = { ...(await freshFields(noor)), words: 'a white van', forms: ['labour', 'sexual'] }
    const clicks = await Promise.all(Array.from({ length: 5 }, () => noor.post(PATH, fields)))
    for (const answer of clicks) t.match(answer.body, '<h1>Received</h1>')
    t.equal(await countRows(database.owner, 'arrival'), 1)
    await release()
    t.match((await noor.post(PATH, fields)).body, '<h1>Received</h1>')
    t.equal(await countRows(database.owner, 'arrival'), 0, 'a reload after the release brings nothing new')
    await noor.post(PATH, { ...fields, words: 'a black van' })
    await noor.post(PATH, { ...fields, forms: ['sexual', 'labour', 'begging'] })
    t.equal(await countRows(database.owner, 'arrival'), 2)
  },
)

t.test('another file is another report, the same file is not', async (t) => {
  const { intake, database } = await startApps(t)
  const noor = createReporter(intake)
  const fields = await freshFields(noor)
  const [one, two] = [{ bytes: await dirtyPhoto() }, { bytes: await dirtyPhoto({ width: 99, height: 77 }) }]
  await noor.upload(PATH, [one], fields)
  await noor.upload(PATH, [one], fields)
  t.equal(await countRows(database.owner, 'arrival'), 1)
  await noor.upload(PATH, [two], fields)
  t.equal(await countRows(database.owner, 'arrival'), 2)
})

t.test('with the tick the code of the page opens a mailbox', async (t) => {
  const { intake } = await startApps(t)
  const noor = createReporter(intake)
  const fields = await freshFields(noor)
  await noor.post(PATH, { ...fields, words: 'ask me', written: 'yes' })
  const messages = await noor.post('/en/return', { code: fields.code })
  t.match(messages.body, '<h1>Your report was received</h1>')
})

t.test(
  'a code that this site did not make is never taken to work: the page says so and shows another',
  async (t) => {
    const { intake, database } = await startApps(t)
    const noor = createReporter(intake)
    const [mine, other] = [await freshFields(noor), await freshFields(noor)]
    for (const [what, forged] of [
      ['another code', { code: other.code }],
      ['another proof', { code_proof: other.code_proof }],
      ['no proof', { code_proof: '' }],
      ['no code', { code: '' }],
      ['letters', { code: 'abcd' }],
    ] as const) {
      const answer = await noor.post(PATH, {
        ...mine,
        ...forged,
        words: 'ask me',
        signs: 's3',
        written: 'yes',
      })
      t.equal(answer.statusCode, 422, what)
      t.same(fieldsInSummary(answer.body), ['written'])
      t.same(faultsOfErrors(answer.body), [])
      t.match(answer.body, 'ask me')
      t.match(answer.body, /value="s3"[^>]* checked/)
      t.notMatch(answer.body, /name="written" value="yes" checked/, 'the new code is not written down yet')
      t.match(answer.body, '<details class="note" open>', 'and it can be seen')
      t.notOk([mine.code, other.code].includes(hiddenValue(answer.body, 'code')))
      t.equal(hiddenValue(answer.body, 'token'), mine.token)
    }
    t.equal(await countRows(database.owner, 'arrival'), 0)
    const unticked = await noor.post(PATH, { ...mine, code_proof: 'forged', words: 'no code wanted' })
    t.match(unticked.body, '<h1>Received</h1>', 'who wants no code is not troubled by it')
    t.equal(await countRows(database.owner, 'arrival_mailbox'), 0)
  },
)

t.test('a second report under the same code shares its mailbox, before and after the release', async (t) => {
  const { intake, database, desk, release, log } = await startApps(t)
  const noor = createReporter(intake)
  const fields = { ...(await freshFields(noor)), written: 'yes' }
  for (const words of ['first', 'second']) {
    t.match((await noor.post(PATH, { ...fields, words })).body, '<h1>Received</h1>', words)
  }
  await release()
  t.match((await noor.post(PATH, { ...fields, words: 'third' })).body, '<h1>Received</h1>')
  await release()
  t.equal(await countRows(database.owner, 'report'), 3, 'and nothing held up the release')
  const headers = await openSections<ReportHeader>(database.owner, desk, 'header')
  t.equal(new Set(headers.map(({ mailbox }) => mailbox)).size, 1)
  const { rows } = await database.owner.query('select id from mailbox')
  t.same(rows, [{ id: headers[0]?.mailbox }])
  t.same(log, [])
})

t.test('two different reports under one code at the same moment both arrive', async (t) => {
  const { intake, database, desk } = await startApps(t)
  const noor = createReporter(intake)
  const fields = { ...(await freshFields(noor)), written: 'yes' }
  const answers = await Promise.all(
    ['one', 'two', 'three'].map((words) => noor.post(PATH, { ...fields, words })),
  )
  for (const answer of answers) t.match(answer.body, '<h1>Received</h1>')
  const headers = await openSections<ReportHeader>(database.owner, desk, 'header')
  t.equal(headers.length, 3)
  t.equal(new Set(headers.map(({ mailbox }) => mailbox)).size, 1)
})

t.test(
  'a code whose mailbox the desk closed is not used again; a repeat of what was sent still is "received"',
  async (t) => {
    const { intake, database, release } = await startApps(t)
    const noor = createReporter(intake)
    const fields = { ...(await freshFields(noor)), words: 'first', written: 'yes' }
    await noor.post(PATH, fields)
    await release()
    await database.owner.query('update mailbox set closed = true')
    t.match((await noor.post(PATH, fields)).body, '<h1>Received</h1>')
    const other = await noor.post(PATH, { ...fields, words: 'something new' })
    t.equal(other.statusCode, 422)
    t.same(fieldsInSummary(other.body), ['written'])
    t.match(other.body, 'something new')
    t.not(hiddenValue(other.body, 'code'), fields.code)
  },
)

t.test('a row that clashes with an older one never holds up the release of the others', async (t) => {
  const { intake, database, release } = await startApps(t)
  const noor = createReporter(intake)
  await noor.post(PATH, { ...(await freshFields(noor)), words: 'older', written: 'yes' })
  await release()
  await noor.post(PATH, { words: 'newer' })
  const { owner } = database
  await owner.query(`insert into arrival_mailbox select $1, lookup, recipient, half_day from mailbox`, [
    randomUUID(),
  ])
  await owner.query(`insert into arrival select * from report`)
  await owner.query(`insert into arrival_part select id, chunk, report, kind, sealed from report_part`)
  await release()
  t.equal(await countRows(owner, 'report'), 2)
  t.equal(await countRows(owner, 'mailbox'), 1)
  for (const table of ['arrival', 'arrival_part', 'arrival_mailbox'])
    t.equal(await countRows(owner, table), 0)
})

t.test('files that were left out are named with the reason on the page that says "received"', async (t) => {
  const { intake, database } = await startApps(t, { maxFileBytes: 1024 * 1024 })
  const photo = { bytes: await dirtyPhoto() }
  const files = [{ bytes: Buffer.from('words') }, photo, { bytes: new Uint8Array(1024 * 1024 + 1) }]
  const received = await createReporter(intake).upload(PATH, files, { words: 'with files' })
  t.match(received.body, '<h1>Received</h1>')
  t.match(received.body, 'File 1 is left out. We cannot safely make this kind of file anew.')
  t.match(received.body, 'File 3 is left out. It is too large.')
  t.notMatch(received.body, 'File 2')
  const { rows } = await database.owner.query('select file_count from arrival')
  t.same(rows, [{ file_count: 1 }])
})

t.test(
  'a file alone is a report; a file that is left out alone is not, and is to be chosen again',
  async (t) => {
    const { intake } = await startApps(t)
    const noor = createReporter(intake)
    t.match((await noor.upload(PATH, [{ bytes: await dirtyPhoto() }])).body, '<h1>Received</h1>')
    const refused = await noor.upload(PATH, [{ bytes: Buffer.from('words') }])
    t.equal(refused.statusCode, 422)
    t.match(refused.body, /id="files-error">Did you choose files\?/)
    t.match(refused.body, /<input type="file"[^>]*aria-describedby="[^"]*files-error/)
  },
)

t.test('when no desk takes reports everything typed is still there', async (t) => {
  const { intake, database } = await startApps(t)
  const noor = createReporter(intake)
  const fields = await freshFields(noor)
  await database.owner.query('update desk set closed = true')
  await new Promise((resolve) => setTimeout(resolve, 2_100))
  const answer = await noor.post(PATH, { ...fields, words: 'what I saw' })
  t.equal(answer.statusCode, 503)
  t.match(answer.body, 'what I saw')
  t.match(answer.body, 'Nobody can safely open your report now')
  t.equal(await countRows(database.owner, 'arrival'), 0)
})
