// The product's promise as one story: Noor reports on a phone without JavaScript, Sam opens it in his browser.

import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import t from 'tap'
import { startApps } from '../support/apps.js'
import { until } from '../support/baken-process.js'
import { DESKTOP, launchBrowser, listen, visit } from '../support/browser.js'
import { openPart, PASSPHRASE } from '../support/desk.js'
import { dirtyPdf, dirtyPhoto, findCanary, readTags } from '../support/dirty-files.js'

const CANARY = 'CanaryMilkweed47'
const WORDS = 'Every night a white van stops.\nTwo people never come outside.'

/** Tags that say how a file is built, not who made it. */
const STRUCTURAL =
  /^(SourceFile|(ExifTool|System|File|Composite):.*|JFIF:(JFIFVersion|ResolutionUnit|[XY]Resolution)|PDF:(PDFVersion|Linearized|PageCount))$/

async function fileOnDisk(folder: string, name: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, bytes)
  return path
}

async function continueWith(page: Page, answer?: () => Promise<unknown>): Promise<void> {
  await answer?.()
  await page.getByRole('button', { name: 'Continue' }).click()
}

async function reportAsNoor(page: Page, origin: string, files: string[]): Promise<string> {
  await page.goto(`${origin}/en/`)
  await page.getByRole('link', { name: 'Tell what I see or know' }).click()
  await page.getByRole('link', { name: 'No: one question at a time' }).click()
  await continueWith(page, () => page.getByLabel('No', { exact: true }).check())
  await continueWith(page, () => page.getByLabel('I see something around me').check())
  await continueWith(page, () => page.locator('input[name=forms]').nth(1).check())
  await continueWith(page, () => page.locator('input[name=signs]').first().check())
  await continueWith(page, () => page.locator('#words').fill(WORDS))
  await continueWith(page, () => page.locator('#municipality').fill('The Hague'))
  await page.waitForURL('**/report/when')
  await page.goBack()
  await page.waitForURL('**/report/where')
  await page.goForward()
  await page.waitForURL('**/report/when')
  await continueWith(page, () => page.getByLabel('It is still happening').check())
  await page.locator('input[type=file]').setInputFiles(files)
  await page.getByRole('button', { name: 'Add' }).click()
  await page.getByText('File 1: photo, made anew').waitFor()
  await page.getByText('File 2: document, 2 pages, made anew').waitFor()
  await page.getByRole('button', { name: 'Cover parts of file 1' }).click()
  await page.getByLabel('row 1, column 1', { exact: true }).check()
  await page.getByRole('button', { name: 'Cover these parts' }).click()
  await page.getByText('You covered parts of it.').waitFor()
  await page.getByRole('link', { name: 'Continue' }).click()
  await page.getByText('Two people never come outside.').waitFor()
  await page.getByRole('link', { name: 'Add: Who is in trouble?' }).click()
  await page.getByLabel('Somebody else holds them').check()
  await page.getByRole('button', { name: 'Keep this' }).click()
  await page.getByText('Somebody else holds them').waitFor()
  await page.getByRole('button', { name: 'First make a code' }).click()
  const code = (await page.locator('.code').innerText()).replace(/\D/g, '')
  await page.getByLabel('I wrote the code down').check()
  await page.getByRole('button', { name: 'Send the report with this code' }).click()
  await page.getByRole('heading', { level: 1, name: 'Received' }).waitFor()
  return code
}

async function signIn(page: Page, origin: string): Promise<void> {
  await page.goto(`${origin}/en/`)
  await page.getByLabel('Name').fill('sam')
  await page.getByLabel('Your six words').fill(PASSPHRASE)
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: /next report/i }).waitFor()
}

t.setTimeout(180_000)

t.test('a report travels from a phone without JavaScript to a browser of the desk, and back', async (t) => {
  const apps = await startApps(t)
  const [publicOrigin, deskOrigin] = [await listen(apps.intake), await listen(apps.triage)]
  const browser = await launchBrowser(t)
  const folder = await mkdtemp(join(tmpdir(), 'baken-journey-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const photo = await fileOnDisk(folder, `${CANARY}.jpg`, await dirtyPhoto({ canary: CANARY }))
  const pdf = await fileOnDisk(folder, `${CANARY}.pdf`, await dirtyPdf({ canary: CANARY }))

  const noor = await visit(browser, publicOrigin, { javaScriptEnabled: false })
  const code = await reportAsNoor(noor.page, publicOrigin, [photo, pdf])
  t.match(code, /^\d{24}$/)
  t.same(noor.elsewhere, [], 'nothing is asked of another origin')
  await noor.context.close()
  await apps.release()

  const sam = await visit(browser, deskOrigin, { viewport: DESKTOP })
  await signIn(sam.page, deskOrigin)
  const stored = await apps.database.owner.query<{ id: string; sealed: Uint8Array }>(
    `select id, sealed from report_part where kind = 'file'`,
  )
  t.equal(stored.rows.length, 2)

  await sam.page.getByRole('button', { name: /next report/i }).click()
  await sam.page.getByText('Two people never come outside.').waitFor()
  await sam.page.getByText('Somebody else holds them').waitFor()
  for (const number of [1, 2]) await sam.page.getByRole('button', { name: `Open file ${number}` }).click()
  const kinds = new Set<string>()
  for (const { id, sealed } of stored.rows) {
    const file = await openPart(apps.desk.keys.identity, sealed)
    kinds.add(file.label.type)
    const shown = sam.page.locator(`[data-part="${id}"]`)
    await shown.waitFor()
    t.equal(
      await shown.getAttribute('data-sha256'),
      createHash('sha256').update(file.body).digest('hex'),
      'what is opened in the browser is, byte for byte, what was stripped',
    )
    const picture = shown.frameLocator('iframe').locator('img').first()
    await picture.waitFor()
    await until('the picture is drawn', () =>
      picture.evaluate((image) => Reflect.get(image, 'naturalWidth') > 0),
    )
    t.equal(file.label.record?.sha256, createHash('sha256').update(file.body).digest('hex'))
    await shown.getByText('How this file was made').click()
    await shown.getByText('The file is still the same').waitFor()
    const covered = await shown.getByText('The reporter covered parts of this file').count()
    t.equal(covered, file.label.type === 'image/jpeg' ? 1 : 0, 'and whether the reporter covered parts of it')
    const tags = [...readTags(file.body).keys()].filter((tag) => !STRUCTURAL.test(tag))
    t.same(tags, [], 'an independent reader finds nothing that identifies')
    t.same(findCanary(file.body, CANARY), [])
  }
  t.same([...kinds].sort(), ['application/pdf', 'image/jpeg'])

  await sam.page.getByLabel('Ask a question').fill('Which days does the van come?')
  await sam.page.getByRole('button', { name: 'Put the question in the mailbox' }).click()
  await sam.page.getByText('The question is in the mailbox.').first().waitFor()

  const again = await visit(browser, publicOrigin, { javaScriptEnabled: false })
  await again.page.goto(`${publicOrigin}/en/return`)
  await again.page.locator('#code').fill(code.replace(/(\d{4})/g, '$1 '))
  await again.page.getByRole('button', { name: 'Look' }).click()
  await again.page.getByText('Which days does the van come?').waitFor()
  t.notMatch(await again.page.content(), 'Two people never', 'the old report is never shown again')
  await again.page.locator('#answer').fill('On Friday, after ten.')
  await again.page.getByRole('button', { name: 'Send the answer' }).click()
  await again.page.getByText('Your answer was received.').waitFor()
  await again.context.close()
  await apps.release()

  await sam.page.reload()
  await sam.page.getByLabel('Your six words').waitFor()
  t.notMatch(await sam.page.content(), 'Two people never', 'after a reload nothing opened is left')
  await signIn(sam.page, deskOrigin)
  await sam.page.getByRole('button', { name: /^Open/ }).first().click()
  await sam.page.getByText('On Friday, after ten.').waitFor()
  await sam.page.getByLabel('Usable', { exact: true }).check()
  await sam.page.getByLabel('Concrete enough to work with').check()
  await sam.page.getByRole('button', { name: 'Save the assessment' }).click()
  await sam.page.getByRole('button', { name: /next report/i }).waitFor()
  const trail = await apps.database.owner.query<{ act: string }>('select act from audit order by number')
  const acts = trail.rows.map(({ act }) => act)
  for (const act of [
    'report.claimed',
    'report.opened',
    'report.file-opened',
    'mailbox.question-asked',
    'report.assessed',
  ]) {
    t.ok(acts.includes(act), `the trail has ${act}`)
  }
  t.equal((await apps.database.owner.query('select from assessment')).rowCount, 1)
  t.same(sam.elsewhere, [])
  t.same(sam.complaints, [])
})
