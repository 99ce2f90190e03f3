// Help near somebody in a real browser without script: choosing sends nothing, and what does not fit is not there.
import t from 'tap'
import { HELP_GROUPS, HELP_KINDS, type ToldEntry } from '../../server/help/entry.js'
import { spokenLanguages } from '../../server/intake/information/help-rows.js'
import { loadSite } from '../../server/intake/site.js'
import { FORMS } from '../../server/report/signs.js'
import { startApps } from '../support/apps.js'
import { findings, OVERFLOWS } from '../support/axe.js'
import { DESKTOP, launchBrowser, listen, NARROW, PHONE, visit } from '../support/browser.js'
import { invalidHtml } from '../support/valid-html.js'

t.setTimeout(240_000)

const UNFOLD = "document.querySelectorAll('details').forEach((part) => { part.open = true })"
const LOOKS = [
  { language: 'nl', viewport: PHONE, colorScheme: 'light', forcedColors: 'none' },
  { language: 'en', viewport: DESKTOP, colorScheme: 'dark', forcedColors: 'none' },
  { language: 'nl', viewport: NARROW, colorScheme: 'dark', forcedColors: 'active' },
] as const
const PAGES = [
  ...['/help', '/help/nearby', '/help/p/noord-brabant', '/help/regions', '/help/regions/oost-nederland'],
  ...['/help/utrecht', '/help/wijdemeren', '/help/heusden', '/help/bergen'],
]

const { intake } = await startApps(t, { clock: () => new Date('2026-11-23T12:00:00Z') })
const origin = await listen(intake)
const browser = await launchBrowser(t)
const site = loadSite({ siteName: 'Baken', defaultLanguage: 'nl', demonstration: false })
const entries = site.directory.entries('nl').filter(({ kinds }) => !kinds.includes('danger'))
const namesOf = (rows: readonly ToldEntry[]) => rows.map(({ text }) => text.name)

/** Each answer of each filter, with the entries that must be left. */
const spoken = spokenLanguages(entries)
const ANSWERS: readonly (readonly [id: string, fits: (entry: ToldEntry) => boolean])[] = [
  ...HELP_KINDS.map((kind, i) => [`k${i + 1}`, ({ kinds }: ToldEntry) => kinds.includes(kind)] as const),
  ...HELP_GROUPS.map(
    (group, i) =>
      [`g${i + 1}`, ({ groups }: ToldEntry) => groups.length === 0 || groups.includes(group)] as const,
  ),
  ...FORMS.map(
    (form, i) => [`f${i + 1}`, ({ forms }: ToldEntry) => forms.length === 0 || forms.includes(form)] as const,
  ),
  ...spoken.map((code, i) => [`l${i + 1}`, ({ languages }: ToldEntry) => languages.includes(code)] as const),
].filter(([id]) => id !== 'k1')

t.test('axe finds nothing, the HTML is valid, nothing hangs over, one request a page', async (t) => {
  for (const { language, ...look } of LOOKS) {
    const { page, context } = await visit(browser, origin, { ...look, bypassCSP: true })
    const asked: string[] = []
    page.on('request', (request) => {
      if (!request.url().startsWith('data:')) asked.push(request.url())
    })
    const check = async (path: string): Promise<void> => {
      await page.evaluate(UNFOLD)
      t.same(await findings(page), [], `${language}${path}, ${look.colorScheme}`)
      t.notOk(await page.evaluate(OVERFLOWS), `${language}${path} hangs over`)
    }
    for (const path of PAGES) {
      asked.length = 0
      const answer = await page.goto(`${origin}/${language}${path}`)
      t.same(asked, [`${origin}/${language}${path}`])
      if (look === LOOKS[0] || look.viewport === PHONE)
        t.same(await invalidHtml((await answer?.text()) ?? ''), [], `${path} is valid HTML`)
      await check(path)
    }
    await page.goto(`${origin}/${language}/help/nearby`)
    await page.locator('#place').fill('Utrehct')
    const [answer] = await Promise.all([
      page.waitForResponse((response) => response.request().method() === 'POST'),
      page.locator('form button').click(),
    ])
    t.same(await invalidHtml(await answer.text()), [], 'the mistyped place is valid HTML')
    await check('/help/nearby, mistyped')
    await context.close()
  }
})

t.test('every answer leaves exactly those that fit, and nobody hears of it', async (t) => {
  const { page, context, complaints } = await visit(browser, origin, {
    viewport: PHONE,
    javaScriptEnabled: false,
  })
  await page.goto(`${origin}/nl/help/utrecht`)
  let asked = 0
  page.on('request', () => asked++)
  for (const summary of await page.locator('.filters summary').all()) await summary.click()
  const shown = () => page.locator('.offer:visible h3').allTextContents()
  t.same(await shown(), namesOf(entries), 'all at first')
  for (const [id, fits] of ANSWERS) {
    await page.locator(`#${id}`).check()
    t.same(await shown(), namesOf(entries.filter(fits)), id)
    await page.locator(`#${id.charAt(0)}0`).check()
  }
  t.same(await shown(), namesOf(entries), 'all again')
  // Two answers: both must fit.
  const [one, two] = ['k2', 'f2'].map((id) => ANSWERS.find(([own]) => own === id)?.[1])
  await page.locator('#k2').check()
  await page.locator('#f2').check()
  t.same(await shown(), namesOf(entries.filter((entry) => one?.(entry) && two?.(entry))), 'both must fit')
  t.equal(asked, 0)
  t.equal(page.url(), `${origin}/nl/help/utrecht`)
  t.same(await context.cookies(), [])
  t.same(complaints, [])
  await context.close()
})

t.test('where nothing fits, the number of those left is 0 and CoMensha stays', async (t) => {
  const { page, context } = await visit(browser, origin, { viewport: PHONE, javaScriptEnabled: false })
  await page.goto(`${origin}/nl/help/utrecht`)
  for (const summary of await page.locator('.filters summary').all()) await summary.click()
  await page.getByLabel('Ander werk').check()
  await page.getByLabel('Pools').check()
  t.equal(await page.locator('.offer:visible').count(), 0)
  const client = await context.newCDPSession(page)
  /** What a screen reader hears behind the sentence. */
  const counted = async () => {
    const { nodes } = await client.send('Accessibility.getFullAXTree')
    const said = nodes.map(({ name }) => String(name?.value ?? '')).join(' ')
    return /Zoveel past er bij uw keuze:\s+(\d+)/.exec(said)?.[1]
  }
  t.equal(await counted(), '0')
  t.ok(await page.locator('.note a[href="tel:+31334481186"]').isVisible())
  t.ok(await page.getByRole('link', { name: '112', exact: true }).isVisible(), '112 is always there')
  await page.locator('#k0').check()
  t.equal(await counted(), '1', 'FairWork speaks it')
  await context.close()
})

t.test('a browser that does not know :has() shows everybody, and no choices that do nothing', async (t) => {
  const { page, context } = await visit(browser, origin, { bypassCSP: true })
  await page.route('**/help/utrecht', async (route) => {
    const answer = await route.fetch()
    await route.fulfill({ response: answer, body: (await answer.text()).replaceAll(':has(', ':hasnt(') })
  })
  await page.goto(`${origin}/nl/help/utrecht`)
  t.equal(await page.locator('.offer:visible').count(), entries.length)
  t.notOk(await page.locator('.filters').isVisible())
  await context.close()
})

t.test('on paper stands what was chosen, without the choices and without the site around it', async (t) => {
  const { page, context } = await visit(browser, origin, { javaScriptEnabled: false })
  await page.goto(`${origin}/nl/help/utrecht`)
  await page.locator('.filters summary').first().click()
  await page.getByLabel('Kinderen en jongeren').check()
  const chosen = await page.locator('.offer:visible').count()
  t.ok(chosen > 0 && chosen < entries.length)
  await page.emulateMedia({ media: 'print' })
  for (const away of ['.bar', 'header', 'footer', '.trail', '.filters'])
    t.notOk(await page.locator(away).first().isVisible(), away)
  t.equal(await page.locator('.offer:visible').count(), chosen)
  t.ok(await page.getByText('Moviera').isVisible())
  await context.close()
})

t.test('a form and links are all it takes: from a typed place to who helps there', async (t) => {
  const { page, context } = await visit(browser, origin, { viewport: PHONE, javaScriptEnabled: false })
  await page.goto(`${origin}/nl/help`)
  await page.locator('#place').fill('Den Bsch')
  await Promise.all([page.waitForURL('**/nearby'), page.keyboard.press('Enter')])
  t.equal(page.url(), `${origin}/nl/help/nearby`, 'nothing typed is in the address')
  t.equal(await page.locator('#place').inputValue(), 'Den Bsch')
  await page.locator('#near').getByRole('link').first().click()
  t.equal(page.url(), `${origin}/nl/help/s-hertogenbosch`)
  t.equal(await page.locator('h1').textContent(), 'Hulp bij Den Bosch')
  await page.getByRole('link', { name: 'Oost-Brabant' }).click()
  t.equal(await page.locator('h1').textContent(), 'Regio Oost-Brabant')
  await context.close()
})
