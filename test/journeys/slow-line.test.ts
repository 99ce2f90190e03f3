// On a slow line a long story and a large photo take their time, and arrive whole.
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import t from 'tap'
import type { Situation } from '../../server/report/report.js'
import { startApps } from '../support/apps.js'
import { launchBrowser, listen, visit } from '../support/browser.js'
import { databaseKind } from '../support/database.js'
import { openPart } from '../support/desk.js'
import { openSections } from '../support/stored-reports.js'

const PHOTO_SIDE = 2_900
/** Photos come down to this. */
const LARGEST_SIDE = 2_560
const TEN_MEGABYTES = 10_000_000
/** Four megabits: the upload takes about twenty seconds, long enough to outlast every short limit. */
const UPLOAD_BYTES_PER_SECOND = 500_000
const LINE = 'At ten past six the grey van comes — “zes mensen”, niemand praat; ж é 人.\n'

/** A photo that nothing makes smaller: noise. */
async function largePhoto(): Promise<Buffer> {
  const raw = { width: PHOTO_SIDE, height: PHOTO_SIDE, channels: 3 as const }
  return sharp(randomBytes(PHOTO_SIDE ** 2 * 3), { raw })
    .jpeg({ quality: 98 })
    .toBuffer()
}

t.setTimeout(150_000)

if (databaseKind === 'embedded') {
  t.test('20,000 characters and a photo of ten megabytes arrive whole over a slow line', async (t) => {
    const apps = await startApps(t)
    const origin = await listen(apps.intake)
    const { page, context } = await visit(await launchBrowser(t), origin, { javaScriptEnabled: false })
    const folder = await mkdtemp(join(tmpdir(), 'baken-slow-'))
    t.teardown(() => rm(folder, { recursive: true, force: true }))
    const photo = await largePhoto()
    t.ok(photo.length > TEN_MEGABYTES, `${photo.length} bytes`)
    await writeFile(join(folder, 'photo.jpg'), photo)

    const devtools = await context.newCDPSession(page)
    await devtools.send('Network.enable')
    await devtools.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 300,
      downloadThroughput: UPLOAD_BYTES_PER_SECOND,
      uploadThroughput: UPLOAD_BYTES_PER_SECOND,
    })
    const words = LINE.repeat(Math.ceil(20_000 / LINE.length))
      .slice(0, 20_000)
      .trim()
    await page.goto(`${origin}/en/report/danger`)
    await page.getByLabel('No', { exact: true }).check()
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.waitForURL('**/report/who')
    await page.goto(`${origin}/en/report/words`)
    await page.locator('#words').fill(words)
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.waitForURL('**/report/where')
    await page.goto(`${origin}/en/report/files`)
    await page.locator('#files').setInputFiles(join(folder, 'photo.jpg'))
    const begun = Date.now()
    await page.getByRole('button', { name: 'Add' }).click({ timeout: 0 })
    await page.getByText('File 1: photo, made anew').waitFor({ timeout: 100_000 })
    const seconds = (Date.now() - begun) / 1000
    t.ok(seconds > 12, `the line was slow: ${seconds.toFixed(1)} s`)
    await page.goto(`${origin}/en/report/check`)
    await page.getByRole('button', { name: 'Send the report', exact: true }).click()
    await page.waitForURL('**/report/received', { timeout: 60_000 })

    const [situation] = await openSections<Situation>(apps.database.owner, apps.desk, 'situation')
    t.equal(situation?.words, words)
    const { rows } = await apps.database.owner.query<{ sealed: Buffer }>(
      `select sealed from arrival_part where kind = 'file' order by chunk`,
    )
    const file = await openPart(apps.desk.keys.identity, Buffer.concat(rows.map(({ sealed }) => sealed)))
    const { width, height } = await sharp(file.body).metadata()
    t.same([width, height, file.label.type], [LARGEST_SIDE, LARGEST_SIDE, 'image/jpeg'])
    await t.resolves(sharp(file.body, { failOn: 'warning' }).stats(), 'whole to the last line')
  })
} else {
  t.pass('on the embedded database alone: a browser does the same on both')
}
