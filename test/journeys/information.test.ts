// The information point in a real browser without script: nothing wrong for axe, nothing asked twice, filters that
// send nothing, and paper.
import t from 'tap'
import { startApps } from '../support/apps.js'
import { findings, OVERFLOWS } from '../support/axe.js'
import { DESKTOP, launchBrowser, listen, PHONE, visit } from '../support/browser.js'

t.setTimeout(240_000)

const UNFOLD = "document.querySelectorAll('details').forEach((part) => { part.open = true })"
/** One page of each make. */
const PAGES = [
  ...[
    '/',
    '/signs',
    '/signs/2',
    '/signs/all',
    '/view-self',
    '/view-school',
    '/ways',
    '/statement',
    '/approach',
  ],
  ...['/policy-plan', '/trainer-slides', '/card-gp', '/kept', '/pages', '/navigator', '/security'],
]
const LOOKS = [
  { language: 'nl', viewport: PHONE, colorScheme: 'light' },
  { language: 'en', viewport: DESKTOP, colorScheme: 'dark' },
] as const

t.test('axe finds nothing, nothing hangs over the edge, one request a page', async (t) => {
  const { intake } = await startApps(t)
  const origin = await listen(intake)
  const browser = await launchBrowser(t)
  for (const { language, viewport, colorScheme } of LOOKS) {
    const { page, context } = await visit(browser, origin, { viewport, colorScheme, bypassCSP: true })
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    for (const path of PAGES) {
      asked.length = 0
      await page.goto(`${origin}/${language}${path}`)
      await page.evaluate(UNFOLD)
      t.same(
        asked.filter((url) => !url.startsWith('data:')),
        [`${origin}/${language}${path}`],
      )
      t.same(await findings(page), [], `${language}${path}`)
      t.notOk(await page.evaluate(OVERFLOWS), `${language}${path} hangs over`)
    }
    await context.close()
  }
})

t.test('signs are chosen by who looks and what it is about, and nobody hears of it', async (t) => {
  const { intake } = await startApps(t)
  const origin = await listen(intake)
  const { page } = await visit(await launchBrowser(t), origin, { viewport: PHONE, javaScriptEnabled: false })
  await page.goto(`${origin}/nl/signs/all`)
  let asked = 0
  page.on('request', () => asked++)
  const shown = () => page.locator('.library > li:visible').count()
  const all = await shown()
  t.equal(all, 66)
  for (const summary of await page.locator('summary').all()) {
    if (/Wie bent u|Waar gaat het om/.test((await summary.textContent()) ?? '')) await summary.click()
  }
  await page.getByLabel('Ik ben klant van een sekswerker').check()
  t.equal(await shown(), 12, 'those that a client can see')
  await page.getByLabel('Arbeidsuitbuiting').check()
  const both = await shown()
  t.ok(both < 12, `${both} of both`)
  await page.locator('#v0').check()
  t.ok((await shown()) > both)
  await page.locator('#f0').check()
  t.equal(await shown(), all, 'all again')
  t.equal(asked, 0)
  t.equal(page.url(), `${origin}/nl/signs/all`)
})

t.test('the guide for municipalities leaves one of its twenty cells, with pages to read', async (t) => {
  const { intake } = await startApps(t)
  const origin = await listen(intake)
  const { page } = await visit(await launchBrowser(t), origin, { viewport: PHONE, javaScriptEnabled: false })
  await page.goto(`${origin}/nl/navigator`)
  const cells = page.locator('.library > li:visible')
  t.equal(await cells.count(), 20)
  await page.locator('#v2').check()
  t.equal(await cells.count(), 5)
  await page.locator('#f3').check()
  t.equal(await cells.count(), 1)
  t.match(await cells.textContent(), /Verbinder: Beleid maken/)
  await cells.getByRole('link').first().click()
  t.equal(page.url(), `${origin}/nl/policy-plan`)
})

t.test('letters grow by a choice that no script and no cookie knows of', async (t) => {
  const { intake } = await startApps(t)
  const origin = await listen(intake)
  const { page, context } = await visit(await launchBrowser(t), origin, {
    viewport: PHONE,
    javaScriptEnabled: false,
  })
  await page.goto(`${origin}/en/signs/1`)
  const height = async () => (await page.locator('h1').boundingBox())?.height ?? 0
  const before = await height()
  await page.getByText('Size of letters').click()
  await page.getByLabel('largest').check()
  t.ok((await height()) > before * 1.3)
  t.same(await context.cookies(), [])
})

t.test('on paper stands the text alone, with what is folded on the screen', async (t) => {
  const { intake } = await startApps(t)
  const origin = await listen(intake)
  const { page } = await visit(await launchBrowser(t), origin, { javaScriptEnabled: false })
  await page.goto(`${origin}/nl/signs/2`)
  await page.emulateMedia({ media: 'print' })
  for (const away of ['.bar', 'header', 'footer', '.trail', '.sources', 'nav[aria-labelledby=related]']) {
    t.notOk(await page.locator(away).first().isVisible(), away)
  }
  const folded = page.getByText('Het kan ook zijn:').first()
  t.ok((await folded.boundingBox())?.height, 'what is folded has a place on paper')
})
