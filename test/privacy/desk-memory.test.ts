// A member reads, writes and saves in a real browser. Of all that is opened there nothing reaches the partner app: not
// its memory, its log, its files, the database; and nothing stays in the browser's own folder.
import t, { type Test } from 'tap'
import type { ReportHeader } from '../../server/report/report.js'
import { until } from '../support/baken-process.js'
import { createCanaries } from '../support/canaries.js'
import { openPart, PASSPHRASE } from '../support/desk.js'
import { dirtyPhoto } from '../support/dirty-files.js'
import { findInMemory } from '../support/process-memory.js'
import { openProfile } from '../support/profile.js'
import { openSections } from '../support/stored-reports.js'
import { startTwoProcesses } from '../support/two-processes.js'
import { createVisitor } from '../support/visitor.js'
import { listFiles } from '../support/watch-files.js'
import { everyRow, readFiles } from '../support/whole-database.js'

const FIND_BYTES = 24

t.setTimeout(120_000)
const canaries = createCanaries()
/** Stands in every page, so in the memory of the process all the time: the search that finds it would find others. */
const siteName = 'nameofthissitetobefound'
const apps = await startTwoProcesses(t, { SITE_NAME: siteName })
const { owner } = apps.database
const typed = {
  words: canaries.make('words'),
  place: canaries.make('place'),
  note: canaries.make('note'),
  question: canaries.make('question'),
}
const noor = createVisitor(apps.site)
await noor.post('/en/report/words', { words: `${typed.words} ${'every night a van stops there '.repeat(9)}` })
await noor.post('/en/report/where', { municipality: 'Delft', place: typed.place })
await noor.upload('/en/report/files', [{ bytes: await dirtyPhoto() }])
await noor.post('/en/report/code', {})
await noor.post('/en/report/send', { with_code: 'yes', written: 'yes' })
await until('the report is released', async () => (await owner.query('select from report')).rowCount === 1)
const [header] = await openSections<ReportHeader>(owner, apps.desk, 'header')
const sketch = header?.alike?.sketch ?? ''
canaries.watch('sketch of her words', sketch)
const { rows } = await owner.query<{ sealed: Uint8Array }>(
  `select sealed from report_part where kind = 'file'`,
)
const picture = Buffer.from(
  (await openPart(apps.desk.keys.identity, rows[0]?.sealed ?? new Uint8Array())).body,
)
const stretches = [0.2, 0.5, 0.8].map((share) => {
  const at = Math.floor(picture.length * share)
  return picture.subarray(at, at + FIND_BYTES)
})
/** The bytes of the picture, the keys of the desk and its members. */
const secrets = new RegExp(
  [
    ...stretches.map((bytes) =>
      [...bytes].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join(''),
    ),
    'AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}',
  ].join('|'),
)

function memoryHoldsNothing(t: Test, when: string): void {
  const texts = [...Object.values(typed), sketch, PASSPHRASE]
  const found = findInMemory(apps.triage.pid, [...texts, siteName], secrets)
  if (found === null) return void t.comment('the memory of other processes cannot be read here')
  t.ok((found.counts.get(siteName) ?? 0) > 0, `${when}: what is there is found`)
  t.same(
    texts.map((text) => found.counts.get(text)),
    texts.map(() => 0),
    `${when}: no word of the report or of the member`,
  )
  t.same(found.matches, [], `${when}: no picture and no key`)
}

t.test('what a member opens, types and saves stays in that browser, and there in memory alone', async (t) => {
  t.match(sketch, /^[\da-f]{64}$/)
  const profile = await openProfile(t, true)
  const page = await profile.context.newPage()
  const press = (name: string) => page.getByRole('button', { name, exact: true }).press('Enter')
  await page.goto(`${apps.partnerSite}/en/`)
  await page.getByLabel('Name').fill('sam')
  await page.getByLabel('Your six words').fill(PASSPHRASE)
  await page.keyboard.press('Enter')
  await press('Take the next report')
  await page.getByText(typed.words).waitFor()
  await page.getByText(typed.place).waitFor()
  await press('Open file 1')
  await page.getByRole('button', { name: 'Blur picture 1' }).waitFor()
  const [download] = await Promise.all([page.waitForEvent('download'), press('Save this file 1')])
  await download.delete()
  await page.getByLabel('Usable', { exact: true }).check()
  await page.getByLabel('Note').fill(typed.note)
  await page.getByLabel('Ask a question').fill(typed.question)
  memoryHoldsNothing(t, 'while it is read')

  await press('Lock now')
  await page.getByLabel('Your six words').fill(PASSPHRASE)
  await page.keyboard.press('Enter')
  await page.getByText(typed.words).waitFor()
  t.equal(await page.getByLabel('Note').inputValue(), typed.note, 'what was typed came through the lock')
  await press('Put the question in the mailbox')
  await page.getByText('The question is in the mailbox.').first().waitFor()
  await page.getByLabel('Concrete enough to work with').check()
  await press('Save the assessment')
  await page.getByRole('button', { name: 'Take the next report' }).waitFor()
  memoryHoldsNothing(t, 'after it was assessed')

  await profile.close()
  t.match(apps.triage.output(), 'app.started')
  t.same(canaries.find(apps.triage.output()), [], 'no line of the log')
  t.same(canaries.findIn(await everyRow(owner)), [], 'no row')
  t.same(canaries.findIn(readFiles(listFiles(apps.folder).map(({ path }) => path))), [], 'no file of Baken')

  const places = profile.places()
  t.ok(
    places.some(({ bytes }) => bytes.includes(apps.partnerSite)),
    'the folder of the browser tells of the visit',
  )
  t.same(canaries.findIn(places), [], 'and of nothing that was read')
  t.same(
    places
      .filter(({ bytes }) => stretches.some((stretch) => bytes.includes(stretch)))
      .map(({ name }) => name),
    [],
    'nor is the picture there',
  )
})
