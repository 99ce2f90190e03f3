// The drawings as people meet them: beside the sentence they belong to, large enough, in every look, with the whole
// row to tap; and turned where a direction would otherwise point backwards.
import type { Page } from 'playwright-core'
import t from 'tap'
import { loadSite } from '../../server/intake/site.js'
import { startApps } from '../support/apps.js'
import { launchBrowser, listen, PHONE, visit } from '../support/browser.js'
import { createReporter } from '../support/reporter.js'

const site = loadSite({ siteName: 'Baken', defaultLanguage: 'nl', demonstration: false })
const PAGES = [
  'danger',
  'who',
  'what',
  'signs',
  'when',
  'more/people',
  'more/behind',
  'more/spot',
  'more/know',
]
const LOOKS = [
  { name: 'light', colorScheme: 'light', forcedColors: 'none' },
  { name: 'dark', colorScheme: 'dark', forcedColors: 'none' },
  { name: 'forced colours', colorScheme: 'dark', forcedColors: 'active' },
] as const

interface Row {
  readonly value: string
  readonly sentence: string
  readonly path: string
  readonly height: number
  readonly side: number
  readonly stroke: string
  readonly ink: string
}

/** Every row of a page that has a drawing, as it is laid out. */
const ROWS = `[...document.querySelectorAll('label.choice:has(svg)')].map((row) => ({
  value: row.control.name + '.' + row.control.value,
  sentence: row.querySelector('span').firstChild.textContent,
  path: row.querySelector('path').getAttribute('d'),
  height: row.getBoundingClientRect().height,
  side: row.querySelector('svg').getBoundingClientRect().width,
  stroke: getComputedStyle(row.querySelector('path')).stroke,
  ink: getComputedStyle(row.querySelector('span')).color,
}))`

/** What stands in the data: the sentence and the drawing of every answer, by field and value. */
function expected(): Map<string, readonly [sentence: string, drawing: string | null]> {
  const t = site.translate('en')
  const { danger, who, when } = site.drawings.choices
  const steps = { danger, vantage: who, when }
  const keys = { danger: 'danger', vantage: 'who', when: 'when' }
  return new Map([
    ...site.forms('en').map((form) => [`forms.${form.code}`, [form.title, form.drawing]] as const),
    ...site.signs('en').map((sign) => [`signs.${sign.id}`, [sign.text, sign.drawing]] as const),
    ...site.catalogue.details.flatMap(({ id, questions }) =>
      questions.flatMap((question) =>
        question.options.map((option) => {
          const sentence = site.details('en')[id]?.questions[question.id]?.options[option.id] ?? ''
          return [`${id}-${question.id}.${option.id}`, [sentence, option.drawing]] as const
        }),
      ),
    ),
    ...(['danger', 'vantage', 'when'] as const).flatMap((field) =>
      Object.entries(steps[field]).map(
        ([value, drawing]) => [`${field}.${value}`, [t(`${keys[field]}.${value}`), drawing]] as const,
      ),
    ),
  ])
}

t.setTimeout(120_000)

const { intake } = await startApps(t)
const origin = await listen(intake)
const browser = await launchBrowser(t)

/** The cookie of a draft in which every page can be seen. */
async function draftCookie() {
  const noor = createReporter(intake)
  await noor.post('/en/report/who', { vantage: 'other' })
  const [name = '', value = ''] = noor.cookie().split('=')
  return { name, value, url: origin }
}

t.test('each drawing stands beside its sentence, as large and as dark as can be read', async (t) => {
  const cookie = await draftCookie()
  const data = expected()
  for (const look of LOOKS) {
    const { page, context, elsewhere, complaints } = await visit(browser, origin, {
      ...look,
      viewport: PHONE,
    })
    await context.addCookies([cookie])
    let shown = 0
    for (const path of PAGES) {
      await page.goto(`${origin}/en/report/${path}`)
      for (const row of await page.evaluate<Row[]>(ROWS)) {
        const [sentence, drawing = null] = data.get(row.value) ?? []
        t.equal(row.sentence, sentence, `${row.value}, ${look.name}`)
        t.ok(site.drawings.draw(drawing).includes(`"${row.path}"`), `${row.value} has ${drawing}`)
        t.ok(row.height >= 44 && row.side === 42.5, `${row.value}: ${row.height} high, ${row.side} wide`)
        t.equal(row.stroke, row.ink, `${row.value} is drawn in the colour of the words`)
        shown++
      }
    }
    t.equal(shown, [...data.values()].filter(([, drawing]) => drawing).length, 'none is left out')
    t.same([...elsewhere, ...complaints], [], 'nothing is asked of elsewhere, the policy refuses nothing')
    await context.close()
  }
})

t.test('a tap on a drawing ticks its row, and shows it', async (t) => {
  const { page } = await visit(browser, origin, { javaScriptEnabled: false, hasTouch: true })
  await page.goto(`${origin}/en/report/danger`)
  const row = page.locator('label.choice').first()
  const look = () =>
    page.evaluate<string[]>(`(() => {
      const { backgroundColor, borderTopWidth } = getComputedStyle(document.querySelector('label.choice'))
      return [backgroundColor, borderTopWidth]
    })()`)
  const before = await look()
  await row.locator('svg').tap()
  t.ok(await row.locator('input').isChecked())
  const after = await look()
  t.not(after[0], before[0], 'by its colour')
  t.not(after[1], before[1], 'and where colours are forced by its border')
})

t.test('in a page from right to left only what has a direction is turned', async (t) => {
  const { page, context } = await visit(browser, origin)
  await context.addCookies([await draftCookie()])
  t.same(await turned(page, `${origin}/en/report/when`, 'ltr'), [])
  t.same(await turned(page, `${origin}/en/report/when`, 'rtl'), ['planned'])
  t.same(await turned(page, `${origin}/en/report/more/people`, 'rtl'), ['yes'])
  t.same(await turned(page, `${origin}/en/report/more/spot`, 'rtl'), ['elsewhere'])
})

function turned(page: Page, address: string, direction: string): Promise<string[]> {
  return page.goto(address).then(() =>
    page.evaluate<string[]>(`(() => {
      document.documentElement.dir = '${direction}'
      return [...document.querySelectorAll('label.choice:has(svg)')]
        .filter((row) => getComputedStyle(row.querySelector('svg')).transform !== 'none')
        .map((row) => row.control.value)
    })()`),
  )
}
