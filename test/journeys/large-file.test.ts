// Sound and video from a draft to the desk's browser: fetched in view of the reader, played when she says so, and gone
// with the view. Nothing of it may lie in the browser's own folder.
import { createHash, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { startApps } from '../support/apps.js'
import { until } from '../support/baken-process.js'
import { listen } from '../support/browser.js'
import { PASSPHRASE } from '../support/desk.js'
import { startElsewhere } from '../support/elsewhere.js'
import { makeSound, makeVideo, VIDEO } from '../support/make-media.js'
import { openProfile, type Profile } from '../support/profile.js'
import { createReporter } from '../support/reporter.js'
import { takingAnything } from '../support/taking-anything.js'

const SOUND_SECONDS = 65
const SLOW_BYTES_A_SECOND = 2_000_000
const MEGABYTE = 1024 * 1024

t.setTimeout(120_000)

const [video, sound] = await Promise.all([makeVideo(), makeSound(SOUND_SECONDS)])
const apps = await startApps(t, {
  sanitiser: takingAnything(undefined, ({ length }) => (length > MEGABYTE ? 'video/webm' : 'audio/webm')),
})
const origin = await listen(apps.triage)
const noor = createReporter(apps.intake)
await noor.upload('/en/report/files', [{ bytes: video }, { bytes: sound }])
await noor.post('/en/report/send', {})
await apps.release()
// Files of a report stand in the order of their random ids.
const { rows } = await apps.database.owner.query<{ id: string; bytes: number }>(
  `select id, sum(length(sealed))::integer as bytes from report_part where kind = 'file' group by id order by id`,
)
const numberOf = (isLarge: boolean) => rows.findIndex(({ bytes }) => bytes > MEGABYTE === isLarge) + 1
const [videoNumber, soundNumber] = [numberOf(true), numberOf(false)]

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
/** By keyboard: a click that follows scrolling at once may still be taken for one into a frame that was there before. */
const press = (page: Page, name: string) => button(page, name).press('Enter')

async function openReport(page: Page, way: RegExp): Promise<void> {
  await page.goto(`${origin}/en/`)
  await page.getByLabel('Name').fill('sam')
  await page.getByLabel('Your six words').fill(PASSPHRASE)
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: way }).first().click()
  await button(page, `Open file ${videoNumber}`).waitFor()
}

/** Slow enough that one can see a file come. */
async function slowDown(page: Page, bytesASecond: number): Promise<void> {
  const devtools = await page.context().newCDPSession(page)
  const conditions = { offline: false, latency: 0, uploadThroughput: -1, downloadThroughput: bytesASecond }
  await devtools.send('Network.emulateNetworkConditions', conditions)
}

interface Player {
  readonly duration: number
  readonly width: number
  readonly readyState: number
  readonly paused: boolean
  readonly controls: boolean
  readonly at: number
}

/** What plays in the frame of that kind. */
const playerOf = (page: Page, tag: 'audio' | 'video') =>
  page
    .frameLocator(`iframe.${tag === 'audio' ? 'sound' : 'video'}`)
    .locator(tag)
    .evaluate((player): Player => {
      const { duration, videoWidth, readyState, paused, controls, currentTime } =
        player as unknown as Player & {
          videoWidth: number
          currentTime: number
        }
      return { duration, width: videoWidth, readyState, paused, controls, at: currentTime }
    })

/** How often any of these stretches of bytes lies in the browser's folder. */
function countIn(profile: Profile, bytes: Buffer): number {
  const stretches = Array.from({ length: 30 }, (_, i) => Math.floor((bytes.length * (i + 1)) / 32)).map(
    (at) => bytes.subarray(at, at + 24),
  )
  const places = profile.places()
  return stretches.filter((stretch) => places.some((place) => place.bytes.includes(stretch))).length
}

t.test(
  'a video comes in view of the reader, plays when she says so, and is gone when she locks',
  async (t) => {
    const profile = await openProfile(t, true)
    const planted = await visitOrdinary(t, profile)
    const page = await profile.context.newPage()
    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    await openReport(page, /next report/)

    await slowDown(page, SLOW_BYTES_A_SECOND)
    await button(page, `Open file ${videoNumber}`).click()
    const bar = page.getByRole('progressbar', { name: `File ${videoNumber} is being fetched and opened` })
    await bar.waitFor()
    t.ok(await page.getByRole('status').filter({ hasText: 'is being fetched' }).count(), 'ears are told too')
    await button(page, `Stop fetching file ${videoNumber}`).click()
    await bar.waitFor({ state: 'detached' })
    t.equal(await page.locator(':focus').innerText(), `Open file ${videoNumber}`, 'the focus is not lost')
    t.equal(await page.locator('.message').innerText(), '', 'stopping is no failure')

    await button(page, `Open file ${videoNumber}`).click()
    await bar.waitFor()
    const shares = new Set<number>()
    while (await bar.count())
      shares.add((await page.evaluate(`document.querySelector('progress')?.value ?? 100`)) as number)
    t.ok(shares.size > 3, `it was seen at ${[...shares].join(', ')} %`)
    await slowDown(page, -1)

    const figure = page.locator(`figure[data-part="${rows[videoNumber - 1]?.id}"]`)
    const hash = createHash('sha256').update(video).digest('hex')
    t.equal(await figure.getAttribute('data-sha256'), hash, 'byte for byte what was sealed')
    await figure.getByText('Length: 0:06').waitFor()
    t.match(await playerOf(page, 'video'), { width: VIDEO.width, paused: true, controls: false, at: 0 })
    t.match(await figure.getAttribute('class'), 'blurred', 'a moving picture begins blurred')
    await figure.getByText('How this file was made').click()
    await figure.getByText('The file is still the same').waitFor()

    await button(page, `Show video ${videoNumber}`).click()
    t.notMatch(await figure.getAttribute('class'), 'blurred')
    await until('it has its buttons', async () => (await playerOf(page, 'video')).controls)
    const shown = await playerOf(page, 'video')
    t.match(shown, { paused: true, controls: true, at: 0 }, 'shown is not played')
    t.ok(Math.abs(shown.duration - VIDEO.seconds) < 0.1)
    await page.frameLocator('iframe.video').getByLabel(`Video ${videoNumber} of this report`).focus()
    await page.keyboard.press('Space')
    await until('the video plays', async () => (await playerOf(page, 'video')).at > 0.3)
    t.ok((await playerOf(page, 'video')).readyState >= 2)
    await press(page, `Blur video ${videoNumber}`)
    await until('blurred, it stands still', async () => {
      const { paused, controls } = await playerOf(page, 'video')
      return paused && !controls
    })

    await press(page, `Open file ${soundNumber}`)
    await page.getByText('Length: 1:05').waitFor()
    t.match(await playerOf(page, 'audio'), { paused: true, controls: true, at: 0 })
    await page.frameLocator('iframe.sound').getByLabel(`Sound ${soundNumber} of this report`).focus()
    await page.keyboard.press('Space')
    await until('the sound plays', async () => (await playerOf(page, 'audio')).at > 0.1)
    await press(page, `Close sound ${soundNumber}`)
    t.equal(await page.locator('iframe.sound').count(), 0)
    await press(page, `Open file ${soundNumber}`)
    await page
      .frameLocator('iframe.sound')
      .locator('audio')
      .evaluate((sound) => (sound as unknown as { play(): Promise<void> }).play())

    t.equal(countIn(profile, video), 0, 'while it is open, nothing of it is in the folder')
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      press(page, `Save this file ${videoNumber}`),
    ])
    t.equal(download.suggestedFilename(), `file-${videoNumber}.webm`)
    t.ok((await readFile(await download.path())).equals(video))
    await download.delete()

    const frames = page.frames().filter((frame) => frame !== page.mainFrame())
    t.equal(frames.length, 2)
    await press(page, 'Lock now')
    await page.getByRole('heading', { name: 'Locked' }).waitFor()
    t.ok(
      frames.every((frame) => frame.isDetached()),
      'locked, nothing sounds and nothing is held',
    )
    t.same(complaints, [])
    t.equal(countIn(profile, video), 0, 'locked, nothing of it is in the folder')
    await profile.close()
    t.equal(countIn(profile, video) + countIn(profile, sound), 0, 'nor after the browser ended')
    t.ok(countIn(profile, planted) > 20, 'the same search finds a video of an ordinary page')
  },
)

t.test('a video that is cut short is not shown, and the rest of the report is', async (t) => {
  await apps.database.owner.query(
    'delete from report_part where id = $1 and chunk = (select max(chunk) from report_part where id = $1)',
    [rows[videoNumber - 1]?.id],
  )
  const { context } = await openProfile(t, true)
  const page = await context.newPage()
  await openReport(page, /^Open/)
  await button(page, `Open file ${videoNumber}`).click()
  await page.getByText('This part does not open.').first().waitFor()
  t.equal(await page.locator('iframe').count(), 0)
  await press(page, `Open file ${soundNumber}`)
  await page.getByText('Length: 1:05').waitFor()
})

/** Some megabytes that the browser may keep: what the search finds of them, it would find of ours. */
async function visitOrdinary(t: Test, { context }: Profile): Promise<Buffer> {
  const bytes = randomBytes(4 * MEGABYTE)
  const address = await startElsewhere(t, (request, response) => {
    if (request.url !== '/bytes') return response.end('<!doctype html><link rel="icon" href="data:,">')
    response.setHeader('content-type', 'video/webm')
    response.setHeader('cache-control', 'max-age=600')
    return response.end(bytes)
  })
  const page = await context.newPage()
  await page.goto(`${address}/`)
  await page.evaluate(`fetch('/bytes').then((answer) => answer.arrayBuffer()).then(() => true)`)
  await page.close()
  return bytes
}
