// A large file goes from the draft to the queue a piece at a time, whole or not at all.
import { createHash } from 'node:crypto'
import type { Worker } from 'node:worker_threads'
import t from 'tap'
import { createDraftStore, readDraftToken } from '../../server/intake/draft.js'
import { startApps } from '../support/apps.js'
import { openPart } from '../support/desk.js'
import { signIn } from '../support/desk-client.js'
import { createReporter, type Reporter } from '../support/reporter.js'
import { sendReport } from '../support/send-report.js'
import { countRows } from '../support/stored-reports.js'
import { takingAnything } from '../support/taking-anything.js'

const CHUNK_BYTES = 1024 * 1024
const video = Buffer.alloc(5 * CHUNK_BYTES + 77, 'a video of some length ')
const sha256 = createHash('sha256').update(video).digest('hex')

const threads: Worker[] = []
process.on('worker', (thread) => threads.push(thread))
/** Done once, in the middle of the next file that is read from a draft. */
let breakIt: (() => Promise<unknown>) | null = null
const apps = await startApps(t, {
  sanitiser: takingAnything(undefined, () => 'video/webm'),
  through: (storage) => ({
    ...storage,
    getDraftChunk: async (key, file, chunk) => {
      const act = chunk === 3 ? breakIt : null
      if (act) breakIt = null
      await act?.()
      return storage.getDraftChunk(key, file, chunk)
    },
  }),
})
const { intake, database, desk } = apps
t.afterEach(() => database.owner.query('delete from arrival; delete from report; delete from submitted'))

/** The only file in this table, opened by the desk. */
async function openStored(table: 'arrival_part' | 'arrival_addition') {
  const { rows } = await database.owner.query<{ sealed: Uint8Array }>(
    `select sealed from ${table} where kind in ('file', 'added_file') order by id, chunk`,
  )
  const { label, body } = await openPart(desk.keys.identity, Buffer.concat(rows.map(({ sealed }) => sealed)))
  return { label, isWhole: video.equals(body), rows: rows.map(({ sealed }) => sealed.length) }
}

async function withVideo(): Promise<Reporter> {
  const noor = createReporter(intake)
  await noor.upload('/en/report/files', [{ bytes: video }])
  return noor
}

t.test('on each road the desk gets it whole, with its hash, in rows of one length', async (t) => {
  const noor = await withVideo()
  t.match((await noor.post('/en/report/send', {})).body, '<h1>Received</h1>')
  const check = async (table: 'arrival_part' | 'arrival_addition', road: string) => {
    const { label, isWhole, rows } = await openStored(table)
    t.ok(isWhole, road)
    t.match(label, { type: 'video/webm', record: { made: 'video-1', sha256 } })
    const last = rows.pop() ?? 0
    t.ok(last > 0 && last <= CHUNK_BYTES)
    t.same([...new Set(rows)], [CHUNK_BYTES])
    await database.owner.query('delete from arrival; delete from report')
  }
  await check('arrival_part', 'a draft')

  const one = await createReporter(intake).upload('/en/report/all', [{ bytes: video }])
  t.match(one.body, '<h1>Received</h1>')
  await check('arrival_part', 'the one page')

  const code = await sendReport(intake, { words: 'a van', written: 'yes' })
  await apps.release()
  const [item] = await (await signIn(apps.triage, 'sam')).inbox()
  t.ok(item)
  const back = createReporter(intake)
  await back.post('/en/return', { code })
  await back.upload('/en/return/files', [{ bytes: video }])
  t.match((await back.post('/en/return/files/send', {})).body, 'Your files were received.')
  await check('arrival_addition', 'the mailbox')
})

t.test('a draft of an older version does not know the hash: it is computed when it is sent', async (t) => {
  const noor = await withVideo()
  const token = readDraftToken(noor.cookie().split('=')[1])
  if (!token) throw new Error('no draft')
  await createDraftStore(apps.intakeStorage).change(token, ({ report, mailbox }) => ({
    report: report && { ...report, files: report.files.map((file) => ({ ...file, sha256: '' })) },
    mailbox,
  }))
  t.match((await noor.post('/en/report/send', {})).body, '<h1>Received</h1>')
  const { label, isWhole } = await openStored('arrival_part')
  t.equal(label.record?.sha256, sha256)
  t.ok(isWhole)
})

t.test('what breaks in the middle of a file leaves nothing stored, and sending again works', async (t) => {
  const noor = await withVideo()
  const ways: Record<string, () => Promise<unknown>> = {
    'the draft cannot be read': () => Promise.reject(new Error('secret words')),
    'the thread dies': () => Promise.all(threads.map((thread) => thread.terminate())),
    'the database refuses the rest': () =>
      database.owner.query('revoke insert on arrival_part from baken_intake'),
  }
  for (const [way, act] of Object.entries(ways)) {
    breakIt = act
    const answer = await noor.post('/en/report/send', {})
    t.equal(answer.statusCode, 500, way)
    t.notMatch(answer.body, '<h1>Received</h1>')
    for (const table of ['arrival', 'arrival_part', 'submitted'])
      t.equal(await countRows(database.owner, table), 0, `${way}: nothing in ${table}`)
  }
  await database.owner.query('grant insert on arrival_part to baken_intake')
  t.match((await noor.post('/en/report/send', {})).body, '<h1>Received</h1>')
  t.ok((await openStored('arrival_part')).isWhole)
  t.notMatch(apps.log.join(), 'secret words')
})
