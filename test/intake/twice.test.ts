// Two clicks, a reload, a second try after a lost answer: what is posted again happens once, and blames nobody.
import t, { type Test } from 'tap'
import { startApps } from '../support/apps.js'
import { hiddenValue } from '../support/calm-page.js'
import { signIn } from '../support/desk-client.js'
import { dirtyPdf, dirtyPhoto } from '../support/dirty-files.js'
import { createReporter, type Reporter } from '../support/reporter.js'
import { sendReport } from '../support/send-report.js'
import { countRows } from '../support/stored-reports.js'

type Answer = Awaited<ReturnType<Reporter['post']>>

const { intake, triage, database, release, log } = await startApps(t)
const rows = (table: string) => countRows(database.owner, table)
const files = [
  { name: 'a.jpg', bytes: await dirtyPhoto() },
  { name: 'b.jpg', bytes: await dirtyPhoto({ width: 99, height: 77 }) },
  { name: 'c.pdf', type: 'application/pdf', bytes: await dirtyPdf() },
]
const notes = { name: 'd.txt', type: 'text/plain', bytes: Buffer.from('words') }

t.beforeEach(async () => {
  await database.owner.query(
    'delete from report; delete from mailbox; delete from arrival; delete from arrival_mailbox; delete from arrival_addition; delete from draft',
  )
})

/** Twice at the same moment, and once more after the answer: each time the same page, with the same content. */
async function again(t: Test, heading: string, act: () => Promise<Answer>, status = 200): Promise<Answer> {
  const answers = [...(await Promise.all([act(), act()])), await act()]
  for (const { body, statusCode } of answers) {
    t.match(body, new RegExp(`<h1>(<label[^>]*>)?${heading}`))
    t.equal(statusCode, status, heading)
  }
  return answers[2] as Answer
}

/** A page looked at again is the same page. */
async function reloads(t: Test, noor: Reporter, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const [first, second] = [await noor.get(path), await noor.get(path)]
    t.equal(second.statusCode, first.statusCode, path)
    t.ok(second.body === first.body, `${path} is the same after a reload`)
  }
}

t.setTimeout(120_000)

t.test('every form of the road, with files, a code and sending, is one report', async (t) => {
  const noor = createReporter(intake)
  const post = (page: string, fields: Record<string, string | string[]>) => () =>
    noor.post(`/en/report/${page}`, fields)
  await again(t, 'First call 112', post('danger', { danger: 'yes' }))
  await again(t, 'Before you tell us', post('who', { vantage: 'client' }))
  await again(t, 'What did you notice', post('what', { forms: 'sexual' }))
  await again(t, 'Tell it in your own words', post('signs', { signs: 's3' }))
  await again(t, 'Where is it', post('words', { words: 'I am Noor, call 06 12345678. A van.' }))
  await again(t, 'When is it', post('where', { municipality: 'Delft', place: 'by the water' }))
  await again(t, 'Would you like to add', post('when', { when: 'past', whenWords: 'in spring' }))
  const upload = () => noor.upload('/en/report/files', files)
  const kept = await again(t, 'Would you like to add', upload)
  t.match(kept.body, 'File 3: document')
  t.notMatch(kept.body, 'File 4', 'each file once')
  const first = hiddenValue(kept.body, 'file')
  const removed = await again(t, 'Would you like to add', post('files/remove', { file: first }))
  t.match(removed.body, 'File 2')
  t.notMatch(removed.body, 'File 3', 'one file was taken away, no other')
  t.equal(
    await rows('draft_chunk'),
    4,
    'two files with their small pictures, and no piece of a file that came twice is left',
  )
  await again(t, 'Is this right', post('more/people', { 'people-person': 'two women' }))
  await again(t, 'Could this tell who you are', post('send', { go: 'yes' }))
  const asked = (await noor.get('/en/report/look')).body.matchAll(/name="(at-[^"]+)"/g)
  const out = Object.fromEntries([...asked].map(([, name]) => [name, 'out']))
  const looked = await again(t, 'Is this right', post('look', out))
  t.match(looked.body, 'A van.', 'only what was chosen was taken out')
  t.notMatch(looked.body, '06 12345678')
  const shown = await again(t, 'This is your code', post('code', { go: 'yes' }))
  const proof = hiddenValue(shown.body, 'code_proof')
  const pages = ['danger', 'now', 'who', 'first', 'what', 'signs', 'words', 'where', 'when', 'files', 'check']
  await reloads(
    t,
    noor,
    [...pages, 'more/people', 'code'].map((page) => `/en/report/${page}`),
  )
  await again(t, 'Received', post('send', { with_code: 'yes', code_proof: proof, written: 'yes' }))
  await again(t, 'Received', post('send', { go: 'yes' }))
  await reloads(t, noor, ['/en/report/received'])
  t.same([await rows('arrival'), await rows('arrival_mailbox')], [1, 1])
  t.equal(await rows(`arrival_part where kind = 'file'`), 2)
})

t.test('what is wrong is told once, and as calmly the third time', async (t) => {
  const noor = createReporter(intake)
  await noor.post('/en/report/danger', { danger: 'no' })
  const where = () => noor.post('/en/report/where', { municipality: 'Atlantis' })
  await again(t, 'Where is it', where, 422)
  const upload = () => noor.upload('/en/report/files', [notes])
  const refused = await again(t, 'Would you like to add', upload, 422)
  t.equal(refused.body.split('is left out').length, 2)
  await Promise.all([upload(), upload(), upload()])
  t.equal((await noor.get('/en/report/files')).body.split('is left out').length, 2)
  await again(t, 'Come back with your code', () => noor.post('/en/return', { code: '123' }), 422)
  await reloads(t, noor, ['/en/report/where', '/en/report/files', '/en/return'])
})

t.test('the one page with files is one report', async (t) => {
  const noor = createReporter(intake)
  const { body } = await noor.get('/en/report/all')
  const hidden = ['token', 'code', 'code_proof'].map((name) => [name, hiddenValue(body, name)])
  const fields = { ...Object.fromEntries(hidden), words: 'a van', written: 'yes' }
  await again(t, 'Received', () => noor.upload('/en/report/all', [...files, notes], fields))
  await reloads(t, noor, ['/en/report/all/received'])
  t.same([await rows('arrival'), await rows('arrival_mailbox')], [1, 1])
  t.equal(await rows(`arrival_part where kind = 'file'`), 3)
  t.equal(noor.cookie(), '')
})

t.test('every form of the mailbox adds one thing each', async (t) => {
  const code = await sendReport(intake, { words: 'a van', written: 'yes' })
  await release()
  const sam = await signIn(triage, 'sam')
  const [item] = await sam.inbox()
  await sam.ask(item ? ((await sam.header(item)).mailbox ?? '') : '', 'Which street?')
  const noor = createReporter(intake)
  const post = (page: string, fields: Record<string, string>) => () => noor.post(`/en/return${page}`, fields)
  const opened = await again(t, 'There is a question for you', post('', { code }))
  const question = hiddenValue(opened.body, 'question')
  await again(t, 'Your report was received', post('/messages', { question, answer: 'the third' }))
  await again(t, 'Your report was received', post('/add', { words: 'another van' }))
  const upload = () => noor.upload('/en/return/files', files)
  t.notMatch((await again(t, 'Add a photo, document, sound or video', upload)).body, 'File 4')
  await again(t, 'Your report was received', post('/files/send', { go: 'yes' }))
  await reloads(
    t,
    noor,
    ['', '/messages', '/add', '/files', '/withdraw', '/end'].map((page) => `/en/return${page}`),
  )
  await again(t, 'You withdrew your report', post('/withdraw', { go: 'yes' }))
  await again(t, 'The messages are closed', post('/end', { go: 'yes' }))
  await reloads(t, noor, ['/en/return/ended'])
  await again(t, 'Is something wrong', post('/leave', { go: 'yes' }))
  const { rows: kinds } = await database.owner.query(
    'select kind, count(*)::integer from arrival_addition group by kind order by kind',
  )
  t.same(
    kinds.map(({ kind, count }) => `${kind} ${count}`),
    ['added_file 3', 'addition 1', 'ending 1', 'withdrawal 1'],
  )
  t.same([await rows('arrival_answer').catch(() => 1), await rows('draft_chunk')], [1, 0])
})

t.test('none of this was logged', async (t) => {
  t.same(log, [])
})
