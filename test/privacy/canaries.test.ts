// Noor's address, browser, language, cookies, files and words each carry a canary, on every road of the public site.
// Afterwards everything that is kept or shown anywhere is searched for all of them, however they may be written there.
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { deflateSync, gzipSync } from 'node:zlib'
import { Decrypter } from 'age-encryption'
import t from 'tap'
import type { ReportHeader } from '../../server/report/report.js'
import { ROOT, until } from '../support/baken-process.js'
import { createCanaries } from '../support/canaries.js'
import { databaseKind } from '../support/database.js'
import { openSections } from '../support/stored-reports.js'
import {
  comeBack,
  createNoor,
  goAstray,
  knockAtDesk,
  makeWords,
  sendOnePage,
  writeReport,
} from '../support/telling-visit.js'
import { type DeskAnswer, signInTo } from '../support/triager.js'
import { startTwoProcesses } from '../support/two-processes.js'
import { type Answer, createVisitor } from '../support/visitor.js'
import { listFiles, watchFolders, watchOpenFiles } from '../support/watch-files.js'
import { everyRow, type Place, readFiles, serverFiles } from '../support/whole-database.js'

/** Pages of her own draft or mailbox, and the one page that she sent and got back with an error. */
const SHOWN_TO_HER = [
  '/en/report/all 203: code of the one page',
  '/en/report/all 203: token of the one page',
  '/en/report/all 422: code of the one page',
  '/en/report/all 422: municipality',
  '/en/report/all 422: place',
  '/en/report/all 422: token of the one page',
  '/en/report/all 422: words',
  '/en/report/check 200: place',
  '/en/report/check 200: when',
  '/en/report/check 200: words',
  '/en/report/code 200: code',
  '/en/report/code 422: code',
  '/en/report/when 422: too long',
  '/en/report/where 422: municipality',
  '/en/report/where 422: place',
  '/en/report/words?… 200: words',
  '/en/return 422: unknown code',
  '/en/return 422: wrong code',
  '/en/return/messages 200: question',
]
const SEALED_TO_DESK = [
  'addition: added words',
  'answer: answer',
  'header: sketch of her words',
  'place: place',
  'question: question',
  'situation: when',
  'situation: words',
]

t.setTimeout(180_000)
const begun = Date.now()
// With a limit by address: the one part that looks at the address is at work too.
const apps = await startTwoProcesses(t, { REQUESTS_PER_MINUTE: '6000' })
const { database, desk, site, partnerSite, folder, temporary, intake, triage } = apps
const canaries = createCanaries()
const words = makeWords(canaries)
const noor = createNoor(site, canaries)
const max = createVisitor(site, { from: '127.0.0.9' })
const maxAtDesk = createVisitor(partnerSite, { from: '127.0.0.9' })

const filesBefore = listFiles(folder)
const ownFolders = watchFolders(t, [folder, temporary, join(folder, 'data')])
const sharedFolders = watchFolders(t, ['/tmp', '/var/tmp', '/dev/shm', ROOT])
const openFiles = watchOpenFiles(t, intake.pid)

const visit = noor.comeAgain()
const code = await writeReport(visit, canaries, words)
const rawAnswers = await goAstray(visit, site, canaries)
await knockAtDesk(noor.comeAgain(partnerSite), canaries)
const rowsOfDraft = await everyRow(database.owner)
const filesOfDraft = await searchServer()
await lookAround()
await visit.post('/en/report/send', { with_code: 'yes', written: 'yes' })
const partnerAnswers = await askBack()
await comeBack(noor.comeAgain(), canaries, code, words)
const received = await sendOnePage(noor.comeAgain(), canaries, words)
await visit.get('/exit')
await until(
  'everything is released',
  async () => (await count('mailbox')) + (await count('answer')) + (await count('addition')) === 6,
)
await lookAround()
const filesAfter = listFiles(folder)
for (const { alike } of await openSections<ReportHeader>(database.owner, desk, 'header'))
  if (alike?.by === 'words') canaries.watch('sketch of her words', alike.sketch)

t.test('neither process writes any of it down', async (t) => {
  for (const { output } of [intake, triage]) {
    t.match(output(), 'app.started')
    t.same(canaries.find(output()), [])
  }
})

t.test('no file is made, changed or opened for writing because she is here', async (t) => {
  t.same([...ownFolders.changed], [])
  t.same(filesAfter, filesBefore)
  t.same([...openFiles.changed], [])
  t.same(canaries.find([...sharedFolders.changed].join('\n')), [], 'nor one with a telling name anywhere')
  t.same(canaries.findIn(sharedFolders.contents.map((bytes) => ({ name: 'shared folder', bytes }))), [])
})

t.test('no row holds any of it, neither while she writes nor afterwards', async (t) => {
  t.ok(rowsOfDraft.some(({ name }) => name === 'table draft_chunk'))
  t.same(canaries.findIn(rowsOfDraft), [])
  t.same(canaries.findIn(await everyRow(database.owner)), [])
})

t.test(
  'no file of the database server holds any of it: tables, write-ahead log, log of the server',
  async (t) => {
    if (!filesOfDraft) return t.comment('the files of this server cannot be reached from here')
    t.same(filesOfDraft, [])
    t.same(await searchServer(), [])
  },
)

t.test('no header goes back to her, but her own cookie, with what leads on', async (t) => {
  const headers = noor.answers().map(({ path, statusCode, headers }) => ({
    name: statusCode === 303 ? 'leads on' : path,
    bytes: Buffer.from(JSON.stringify(headers)),
  }))
  t.same(canaries.findIn(headers), [
    // An upload that broke off.
    '/en/report/files: cookie of the draft',
    'leads on: cookie of the draft',
    'leads on: cookie of the mailbox',
  ])
  t.same(canaries.findIn(rawAnswers.map(({ raw }) => ({ name: 'raw', bytes: Buffer.from(raw) }))), [])
})

t.test('her pages show what she typed, where she typed it or checks it, and nothing else', async (t) => {
  const shown = canaries.findIn(noor.answers().map(page))
  t.same(shown, SHOWN_TO_HER)
  t.match(received.body, '<h1>Received</h1>')
  t.same(canaries.find(received.body), [])
})

t.test('no page or header that somebody else gets holds any of it', async (t) => {
  t.ok(max.answers.length > 50)
  t.same(canaries.findIn(max.answers.map(page)), [])
  t.same(canaries.find(JSON.stringify([...max.answers, ...maxAtDesk.answers])), [])
})

t.test('the desk is given none of it unsealed, and sealed only what she wrote for it', async (t) => {
  const given = partnerAnswers.map(({ headers, body }) => JSON.stringify(headers) + body)
  t.same(canaries.find(given.join()), [])
  const opened = await openEverything()
  const files = opened.filter(({ name }) => name === 'file' || name === 'added_file')
  t.equal(files.length, 5, 'her files are among it')
  t.same(canaries.findIn(opened), SEALED_TO_DESK)
})

t.test('the same search finds what is planted, in each disguise and each kind of place', async (t) => {
  const planted = canaries.make('planted')
  const disguises = {
    'a line of a log': JSON.stringify({ level: 30, event: `GET /${planted}` }),
    'capital letters': planted.toUpperCase(),
    'base64 behind one letter': Buffer.from(`a${planted}`).toString('base64'),
    'base64url behind two letters': Buffer.from(`ab${planted}`).toString('base64url'),
    hex: Buffer.from(planted).toString('hex'),
    'two bytes a letter': Buffer.from(planted, 'utf16le'),
    zlib: deflateSync(planted),
    gzip: Buffer.concat([Buffer.from('before'), gzipSync(planted)]),
  }
  for (const [name, bytes] of Object.entries(disguises)) t.same(canaries.find(bytes), ['planted'], name)
  t.same(canaries.find(planted.slice(0, 20)), ['a piece of a canary'])

  const path = join(temporary, 'planted')
  const open = watchOpenFiles(t, process.pid)
  const file = openSync(path, 'w')
  writeSync(file, planted)
  await until(
    'the folder and the open file are seen',
    () => ownFolders.changed.has(path) && open.changed.has(path),
  )
  closeSync(file)
  t.same(
    canaries.findIn(listFiles(temporary).map(({ path }) => ({ name: 'file', bytes: readFileSync(path) }))),
    ['file: planted'],
  )
  t.same(canaries.findIn(open.contents.map((bytes) => ({ name: 'open file', bytes }))), [
    'open file: planted',
  ])

  await database.owner.query('insert into maintenance values ($1, now())', [planted])
  await database.owner.query('insert into instance_secret values ($1, $2)', [
    'planted',
    Buffer.from(planted + planted[0]?.repeat(10_000)),
  ])
  await database.owner.query(`select '${planted}'::integer`).catch(() => undefined)
  t.same(canaries.findIn(await everyRow(database.owner)), [
    'table instance_secret: planted',
    'table maintenance: planted',
  ])
  const places = (await searchServer())?.join('\n')
  if (places === undefined) return
  t.match(places, /base\/\d+\/\d+: planted/)
  t.match(places, /base\/\d+\/\d+: a piece/, 'in a value that the server compressed')
  t.match(places, /pg_wal\/\w+: planted/)
  if (databaseKind === 'system') t.match(places, /log: planted/)
})

async function lookAround(): Promise<void> {
  await max.post('/en/report/words', { words: 'nothing of hers' })
  const paths = noor.answers().map(({ path }) => path)
  const own = [
    '/',
    '/en/nothing',
    '/en/report/all',
    '/healthz',
    '/readyz',
    '/metrics',
    '/robots.txt',
    '/en/return/messages',
    '/en/report/received',
  ]
  for (const path of new Set([...paths, ...own])) if (canaries.find(path).length === 0) await max.get(path)
  for (const path of ['/', '/healthz', '/readyz', '/nothing']) await maxAtDesk.get(path)
}

/** What is found in the files of the server; null when they cannot be reached. */
async function searchServer(): Promise<string[] | null> {
  const files = await serverFiles(database.owner, begun)
  return files && canaries.findIn(readFiles(files))
}

async function count(table: string): Promise<number> {
  return (await database.owner.query(`select from ${table}`)).rowCount ?? 0
}

/** Sam takes the report, reads all that the desk is given of it, and asks. */
async function askBack(): Promise<DeskAnswer[]> {
  await until('the report is released', async () => (await count('mailbox')) === 1)
  const sam = await signInTo(partnerSite, desk)
  const claimed = await sam.post('/claim-next')
  const { report } = claimed.json() as { report: string }
  const opened = await sam.get(`/reports/${report}`)
  const { parts } = opened.json() as { parts: { id: string }[] }
  const { rows } = await database.owner.query('select id, recipient from mailbox')
  await sam.ask(rows[0], `What colour, ${canaries.make('question')}?`)
  const paths = [
    '/inbox',
    ...parts.map(({ id }) => `/reports/${report}/parts/${id}`),
    `/mailboxes/${rows[0].id}`,
  ]
  return [claimed, opened, ...(await Promise.all(paths.map((path) => sam.get(path))))]
}

/** All that is sealed, as only the desk can read it. */
async function openEverything(): Promise<Place[]> {
  const { rows } = await database.owner.query<Place>(
    `select kind as name, string_agg(sealed, '' order by chunk) as bytes from report_part group by id, kind
     union all select 'question', sealed from question union all select 'answer', sealed from answer
     union all select kind, string_agg(sealed, '' order by chunk) from addition group by id, kind`,
  )
  return Promise.all(
    rows.map(async ({ name, bytes }) => {
      const decrypter = new Decrypter()
      decrypter.addIdentity(desk.keys.identity)
      return { name, bytes: Buffer.from(await decrypter.decrypt(bytes)) }
    }),
  )
}

function page({ path, statusCode, body }: Answer): Place {
  return { name: `${path.replace(/\?.*/, '?…')} ${statusCode}`, bytes: Buffer.from(body) }
}
