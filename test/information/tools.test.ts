// The pages that are tools say everything that their data says, in every language, and do nothing but be read.
import t from 'tap'
import { loadTexts, readData } from '../../server/i18n/index.js'
import { dateInWords, isDay } from '../../server/intake/information/dates-in-words.js'
import { readFigures, readFigureTexts } from '../../server/intake/information/figures.js'
import { readLaws } from '../../server/intake/information/laws.js'
import { readSelfCheck, readSelfCheckTexts } from '../../server/intake/information/self-check.js'
import { readTerms, readTermTexts } from '../../server/intake/information/terms.js'
import type { Read } from '../../server/intake/information/tool-data.js'
import { checkTools, toolPages } from '../../server/intake/information/tool-pages.js'
import { readTraining, readTrainingTexts } from '../../server/intake/information/training.js'
import { readWhatIf, readWhatIfTexts } from '../../server/intake/information/what-if-data.js'
import { type publicPages, reportEntryPages } from '../../server/intake/page-routes.js'
import { loadSite } from '../../server/intake/site.js'
import { parseNews, readNews } from '../../server/pages/news.js'
import { alteredTexts } from '../support/altered-texts.js'
import { startApps } from '../support/apps.js'
import { findings, OVERFLOWS } from '../support/axe.js'
import { DESKTOP, launchBrowser, listen, NARROW, PHONE, visit } from '../support/browser.js'

const site = loadSite({ siteName: 'Baken', defaultLanguage: 'nl', demonstration: false })
const pages = toolPages(site)
const LANGUAGES = site.languages.map(({ code }) => code)
const origin = await listen((await startApps(t)).intake)

function source(path: string): string {
  const render = pages.get(path)
  if (!render) throw new Error(`no page ${path}`)
  return render()
}

/** What stands between the bar and the footer. */
function mainOf(html: string): string {
  return /<main id="main">([\s\S]*)<\/main>/.exec(html)?.[1] ?? ''
}

/** The words of some HTML, as they are read. */
function wordsOf(html: string): string {
  return html
    .replace(/<(style|script|title)[^>]*>[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]+>/g, '')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ')
}

type Tap = { ok(value: unknown, message: string): unknown }

function says(t: Tap, where: string, html: string, texts: readonly (string | undefined)[]): void {
  const words = wordsOf(html)
  for (const text of texts) t.ok(text && words.includes(text.replace(/\s+/g, ' ')), `${where}: ${text}`)
}

/** Every text in some data, however deep. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}

t.test('the self-check asks every question, sends nothing and always ends in help', async (t) => {
  const { questions, choices, also } = readSelfCheck(readData)
  for (const language of LANGUAGES) {
    const html = source(`/${language}/self-check`)
    const { browser_title, summary, safety, ...texts } = readSelfCheckTexts(readData, language)
    says(t, language, html, [...textsIn(texts), ...safety.text, safety.title, safety.link_text])
    const main = mainOf(html)
    t.equal(main.match(/type="radio"/g)?.length, questions.length * 3)
    t.equal(main.match(/type="radio"[^>]* autocomplete="off"/g)?.length, questions.length * 3)
    t.notMatch(main, /<form|<button|type="submit"/, 'nothing could send it')
    t.ok(wordsOf(main).indexOf(safety.title) < wordsOf(main).indexOf('1. '), 'safety comes first')
    for (const id of [...choices.flatMap(({ help }) => help), ...also]) {
      const row = site.help(language).find((one) => one.id === id)
      t.ok(row && html.includes(row.tel ? `href="tel:${row.tel}"` : `href="${row.website}"`), id)
    }
  }
})

t.test(
  'what-if: every one of the forty cells answers four questions, with its law and its doubts',
  async (t) => {
    const { statuses, acts, cells, who_can_tell } = readWhatIf(readData)
    const laws = new Map(readLaws(readData).map((law) => [law.id, law]))
    t.equal(cells.length, 40)
    for (const language of LANGUAGES) {
      const texts = readWhatIfTexts(readData, language)
      const overview = source(`/${language}/what-if`)
      says(t, 'overview', overview, [
        ...textsIn(texts.statuses),
        ...textsIn(texts.acts),
        ...textsIn(texts.questions),
      ])
      for (const [i, { id: status }] of statuses.entries()) {
        t.match(overview, `href="/${language}/what-if/${i + 1}"`)
        const html = source(`/${language}/what-if/${i + 1}`)
        for (const { id: act } of acts) {
          const where = `${language} ${status} ${act}`
          const row = new RegExp(`<tbody id="${act}"[\\s\\S]*?</tbody>`).exec(html)?.[0] ?? ''
          const cell = cells.find((one) => one.status === status && one.act === act)
          if (!cell) return t.fail(where)
          says(t, where, row, [texts.acts[act], ...Object.values(texts.cells[status]?.[act] ?? {})])
          for (const [question, text] of Object.entries(texts.cells[status]?.[act] ?? {}))
            if (/niet geverifieerd|not verified/i.test(text))
              t.ok(
                (cell.not_verified_fields as string[]).includes(question),
                `${where}: ${question} is marked too`,
              )
          const unsure = row.match(/class="unsure">/g)?.length ?? 0
          t.equal(unsure, cell.not_verified_fields.length, `${where}: as many doubts as there are`)
          t.equal(wordsOf(row).includes(texts.not_verified), cell.not_verified, `${where} says so`)
          for (const who of cell.who_can_tell) {
            says(t, where, row, [texts.who_can_tell[who]])
            const help = site.help(language).find(({ id }) => id === who_can_tell[who])
            if (help)
              t.ok(row.includes(help.tel ? `tel:${help.tel}` : String(help.website)), `${where}: ${who}`)
          }
          for (const { law, date, sources } of cell.law) {
            t.ok(row.includes(`href="/${language}/laws#${law}"`), `${where}: ${law}`)
            says(t, where, row, [laws.get(law)?.name[language], date ? '2022' : texts.law_date_unknown])
            for (const one of sources) t.ok(row.includes(`href="#source-${one}"`), `${where}: ${one}`)
          }
          if (cell.law.length === 0) says(t, where, row, [texts.law_none])
          for (const one of cell.sources) t.ok(row.includes(`href="#source-${one}"`), `${where}: ${one}`)
        }
      }
    }
  },
)

t.test('somebody under 18 is spoken to as such', async (t) => {
  t.notMatch(wordsOf(mainOf(source('/nl/what-if/6'))), /(?<!\p{L})[Uu]w?(?!\p{L})/u)
})

t.test('what-if can be read before the first question of a report', async (t) => {
  const entry = reportEntryPages(site, () => '')
  for (const language of LANGUAGES)
    t.match(entry.get(`/${language}/report`)?.(), `href="/${language}/what-if"`)
})

t.test('training: every case, step, choice and explanation is there, marked as invented', async (t) => {
  const cases = readTraining(readData)
  t.equal(cases.length, 6)
  for (const language of LANGUAGES) {
    const texts = readTrainingTexts(readData, language)
    const overview = source(`/${language}/training`)
    for (const [i, { id, form, steps, help }] of cases.entries()) {
      const own = texts[id]
      if (!own) return t.fail(id)
      says(t, `${language} overview`, overview, [own.title, own.for_whom])
      const html = source(`/${language}/training/${i + 1}`)
      const { neutral_title, ...shown } = own
      says(t, `${language} ${id}`, html, textsIn(shown))
      t.match(html, `<title>${neutral_title} `)
      t.notMatch(mainOf(html), /<form|<input|<details[^>]* open/, 'closed, and nothing to send')
      t.equal(
        html.match(/<details><summary>/g)?.length,
        steps.flatMap(({ choices }) => choices).length + steps.length,
      )
      for (const sign of steps.flatMap(({ signs }) => signs)) {
        t.match(html, `href="/${language}/signs/all#sign-${sign}"`)
        says(t, `${language} ${id}`, html, [site.signs(language).find((one) => one.id === sign)?.text])
      }
      const number = site.forms(language).find(({ code }) => code === form)?.number
      t.match(html, `href="/${language}/signs/${number}"`)
      for (const one of help) {
        const row = site.help(language).find((other) => other.id === one)
        t.ok(html.includes(row?.tel ? `tel:${row.tel}` : String(row?.website)), `${id}: ${one}`)
      }
    }
    for (const name of site.pageNames.filter((one) => /^(trainer|card)-/.test(one)))
      t.match(overview, `href="/${language}/${name}"`)
  }
})

t.test('every figure stands with its year, its source and what may not be concluded', async (t) => {
  for (const language of LANGUAGES) {
    const html = source(`/${language}/figures`)
    const texts = readFigureTexts(readData, language)
    says(t, language, html, texts.intro)
    for (const { id, value, parts, period, sources } of readFigures(readData)) {
      const card = new RegExp(`<li id="${id}">[\\s\\S]*?</li>`).exec(html)?.[0] ?? ''
      const own = texts.figures[id]
      says(t, `${language} ${id}`, card, [own?.label, own?.caution])
      const number = new Intl.NumberFormat(language)
      const numbers = [value, ...(parts ?? []).map((part) => part.value)].filter((one) => one !== null)
      says(
        t,
        `${language} ${id}`,
        card,
        numbers.map((one) => number.format(one)),
      )
      says(t, `${language} ${id}`, card, [period?.slice(0, 4) ?? texts.labels.unknown_period])
      for (const one of sources) t.ok(card.includes(`href="#source-${one}"`), `${id}: ${one}`)
    }
  }
})

t.test('every law stands in plain words, with its status and its dates', async (t) => {
  for (const language of LANGUAGES) {
    const html = source(`/${language}/laws`)
    const say = site.translate(language)
    for (const { id, name, plain, article, status, dates, sources } of readLaws(readData)) {
      const own = new RegExp(`<section id="${id}"[\\s\\S]*?</section>`).exec(html)?.[0] ?? ''
      says(
        t,
        `${language} ${id}`,
        own,
        [name[language], plain[language], say(`laws.status.${status}`), article ?? ''].filter(Boolean),
      )
      for (const { date } of dates) {
        const year = date?.slice(0, 4)
        if (year) says(t, `${language} ${id}`, own, [year])
        else
          t.match(
            wordsOf(own),
            /niet geverifieerd|not verified/,
            `${language} ${id} says that a date is not known`,
          )
      }
      for (const one of sources) t.ok(own.includes(`href="#source-${one}"`), `${id}: ${one}`)
    }
  }
})

t.test('every word is explained under its own address, in the order of the alphabet', async (t) => {
  for (const language of LANGUAGES) {
    const html = source(`/${language}/terms`)
    const texts = readTermTexts(readData, language)
    const terms = readTerms(readData)
    t.ok(terms.length > 80)
    for (const { id } of terms) {
      t.ok(html.includes(`<dt id="${id}">`), id)
      says(t, `${language} ${id}`, html, [texts[id]?.term, texts[id]?.explanation])
    }
    const shown = [...html.matchAll(/<dt id="[^"]+">([^<]+)/g)].map(([, term = '']) => term)
    t.same(shown, shown.toSorted(new Intl.Collator(language).compare))
    const letters = [...html.matchAll(/<li><a href="#([^"]+)">(\p{Lu})<\/a>/gu)]
    t.ok(letters.length > 10)
    for (const [, id = '', letter = ''] of letters)
      t.ok(texts[id]?.term.toLocaleUpperCase(language).startsWith(letter), `${letter} leads to ${id}`)
  }
})

t.test('news stands newest first, with its date, and no markup of its own', async (t) => {
  for (const language of LANGUAGES) {
    const news = readNews(language)
    t.ok(news.length > 0)
    t.same(
      news.map(({ date }) => date),
      news
        .map(({ date }) => date)
        .toSorted()
        .reverse(),
    )
    const html = source(`/${language}/news`)
    for (const { date, title } of news) {
      t.match(html, `<time datetime="${date}">`)
      says(t, language, html, [title])
    }
  }
  const altered = await alteredTexts(t)
  for (const language of LANGUAGES)
    await altered.change(
      `${language}/news/2026-11-23-start.md`,
      (text) => `${text}\n<b>x</b> <script>y</script>\n`,
    )
  const { readNews: readAltered } = await altered.load<{ readNews: typeof readNews }>('pages/news.js')
  t.notMatch(readAltered('nl')[0]?.html, /<b>|<script/)
  const good = '---\ndate: 2026-01-02\ntitle: x\nreviewed: no\n---\ntext'
  t.equal(parseNews('2026-01-02-x', good).html, '<p>text</p>\n')
  for (const [name, text] of [
    ['2026-01-03-x', good],
    ['2026-01-02-x', good.replace('reviewed: no\n', '')],
    ['2026-01-02-x', good.replace('title:', 'author: me\ntitle:')],
    ['2026-01-02-x', 'text'],
  ] as const)
    t.throws(() => parseNews(name, text), name)
})

t.test('dates are told in words, and a day of no calendar is none', async (t) => {
  const say = (date: string) => dateInWords('nl', site.translate('nl'), date)
  t.equal(say('2025-10-16'), '16 oktober 2025')
  t.equal(say('2024-07'), 'juli 2024')
  t.equal(say('2014-2018'), '2014–2018')
  t.equal(say('2026-Q2'), 'kwartaal 2 van 2026')
  t.equal(say('2024'), '2024')
  for (const day of ['2024-02-29', '2026-12-31', '2000-02-29']) t.ok(isDay(day), day)
  for (const day of ['2026-02-29', '2100-02-29', '2026-00-10', '2026-13-01', '2026-04-31', '26-1-1', ''])
    t.notOk(isDay(day), day)
})

t.test('nothing is read before a page is asked for', async (t) => {
  const altered = await alteredTexts(t)
  for (const file of [
    'what-if.json',
    'training.json',
    'laws.json',
    'figures.json',
    'self-check.json',
    'basic-level.json',
  ])
    await altered.change(file, () => 'no JSON at all')
  const { loadSite: load } = await altered.load<{ loadSite: typeof loadSite }>('intake/site.js')
  const routes = await altered.load<{ publicPages: typeof publicPages }>('intake/page-routes.js')
  const all = routes.publicPages(load(site.settings))
  for (const path of ['self-check', 'what-if', 'what-if/8', 'training/6', 'laws', 'figures', 'basic-level'])
    t.throws(() => all.get(`/nl/${path}`)?.(), { name: 'SyntaxError' }, path)
  t.ok(all.get('/nl/about')?.(), 'other pages do not mind')
})

t.test('the build is told everything that is wrong with the data, in one list', async (t) => {
  const texts = loadTexts()
  checkTools(texts)
  const altered =
    (changes: Readonly<Record<string, (json: string) => string>>): Read =>
    (file, schema) => {
      const change = changes[file]
      const whole = readData(file, schema)
      return change ? schema.parse(JSON.parse(change(JSON.stringify(whole)))) : whole
    }
  const faultsOf = (changes: Readonly<Record<string, (json: string) => string>>): string => {
    try {
      checkTools(texts, altered(changes))
      return ''
    } catch (error) {
      return (error as Error).message
    }
  }
  const all = faultsOf({
    'what-if.json': (json) =>
      json.replace('"law":"sr-273g"', '"law":"sr-1"').replace('politie-mma', 'nowhere'),
    'en/what-if.json': (json) => json.replace('"anonymous":{', '"anonymously":{'),
    'nl/self-check.json': (json) => json.replace('"debt":{', '"debts":{'),
    'nl/figures.json': (json) => json.replace('"title":', '"heading":'),
    'training.json': (json) => json.replace('"l1"', '"zz9"').replace('"form":"labour"', '"form":"x"'),
    'en/basic-level.json': (json) => json.replace('"all_forms":{', '"other":{'),
    'basic-level.json': (json) => json.replace('"related":["policy-plan"', '"related":["no-such-page"'),
    'laws.json': (json) => json.replace(/"plain":\{"nl":"[^"]*",/, '"plain":{'),
    'nl/glossary.json': (json) => json.replace('"mensenhandel":{', '"menshandel":{'),
    'self-check.json': (json) => json.replace('"fier"', '"fiers"'),
  })
  for (const fault of [
    'client/anonymous: sr-1 is not known',
    'undocumented/anonymous: nowhere is not known',
    'en/what-if.json: cells: undocumented/anonymous is missing',
    'en/what-if.json: cells: undocumented/anonymously is not known',
    'nl/self-check.json: questions: debt is missing',
    'nl/figures.json: ',
    'training.json: greenhouse: zz9 is not known',
    'training.json: greenhouse: x is not known',
    'en/basic-level.json: all_forms is missing',
    'all_forms: no-such-page is not known',
    'plain: nl is missing',
    'nl/glossary.json: mensenhandel is missing',
    'self-check.json: fiers is not known',
  ])
    t.match(all, fault)
  t.match(
    faultsOf({ 'self-check.json': (json) => json.replace('"scored":false', '"scored":true') }),
    'scored',
  )
  t.match(
    faultsOf({ 'training.json': (json) => json.replace('"invented":true', '"invented":false') }),
    'invented',
  )
  t.match(
    faultsOf({ 'what-if.json': (json) => json.replace('"not_verified":true', '"not_verified":false') }),
    'contradict each other',
  )
})

t.test(
  'in a browser: ticking everything asks nothing of anybody, and whoever comes back starts empty',
  async (t) => {
    const browser = await launchBrowser(t)
    const { page, context } = await visit(browser, origin)
    const path = `${origin}/nl/self-check`
    await page.goto(path)
    const requests: string[] = []
    page.on('request', (request) => requests.push(request.url()))
    const { after } = readSelfCheckTexts(readData, 'nl')
    const anyYes = page.getByRole('heading', { name: after.any_yes.title })
    const noYes = page.getByRole('heading', { name: after.no_yes.title })
    t.same([await anyYes.isVisible(), await noYes.isVisible()], [true, true], 'unticked both are there')
    for (const answer of ['no', 'unknown', 'yes']) {
      for (const choice of await page.locator(`input[value="${answer}"]`).all()) await choice.check()
      t.same(
        [await anyYes.isVisible(), await noYes.isVisible()],
        [answer === 'yes', answer !== 'yes'],
        answer,
      )
      t.ok(await page.getByRole('link', { name: '0800-0432' }).first().isVisible(), 'help is always there')
    }
    await page.locator('main input').last().press('Enter')
    t.equal(page.url(), path, 'the address tells nothing')
    t.same(requests, [])
    t.same(await context.cookies(), [])
    t.equal(await page.evaluate('localStorage.length + sessionStorage.length'), 0)
    t.equal(await page.locator('main :checked').count(), 10)
    await page.reload()
    t.equal(await page.locator('main :checked').count(), 0, 'empty after a reload')
    await page.locator('main input').first().check()
    await page.goto(`${origin}/nl/safety`)
    await page.goBack()
    t.equal(await page.locator('main :checked').count(), 0, 'empty after Back')
    await context.close()

    const looks = [
      { viewport: PHONE, colorScheme: 'light', forcedColors: 'none' },
      { viewport: DESKTOP, colorScheme: 'dark', forcedColors: 'none' },
      { viewport: NARROW, colorScheme: 'dark', forcedColors: 'active' },
    ] as const
    for (const look of looks) {
      const { page, context, elsewhere, complaints } = await visit(browser, origin, look)
      const looksGood = async (what: string): Promise<void> => {
        await page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true })")
        t.same(await findings(page), [], `${what}, ${look.viewport.width}`)
        t.notOk(await page.evaluate(OVERFLOWS), `${what} fits, ${look.viewport.width}`)
      }
      const others = ['what-if', 'training', 'training/1', 'figures', 'laws', 'terms', 'news']
      for (const path of ['self-check', 'what-if/6', ...(look === looks[0] ? others : [])]) {
        await page.goto(`${origin}/nl/${path}`)
        await looksGood(path)
      }
      await page.goto(`${origin}/nl/basic-level`)
      await looksGood('basic level')
      await page.getByRole('radio', { name: 'Voor een deel' }).first().check()
      await page.getByRole('button', { name: 'Bekijk de uitkomst' }).click()
      await page.getByRole('heading', { name: 'Uw uitkomst' }).waitFor()
      await looksGood('result')
      const download = page.waitForEvent('download')
      await page.getByRole('button', { name: 'Bewaar als bestand' }).click()
      const file = await (await download).path()
      await page.locator('input[type=file]').setInputFiles(file)
      await page.getByRole('button', { name: 'Vergelijk met het bestand' }).click()
      await page.getByRole('heading', { name: 'Vergelijken met eerder' }).waitFor()
      await looksGood('comparison')
      t.same(elsewhere, [])
      t.same(complaints, [])
      await context.close()
    }
  },
)

t.test('on paper: each slide on a sheet of its own, and each card on one side', async (t) => {
  const { page } = await visit(await launchBrowser(t), origin)
  const sheets = async (name: string) => {
    await page.goto(`${origin}/nl/${name}`)
    const pdf = await page.pdf({ preferCSSPageSize: true })
    return pdf.toString('latin1').match(/\/Type \/Page\b/g)?.length ?? 0
  }
  const slides = await sheets('trainer-slides')
  const headings = await page.locator('.page-trainer-slides h2').count()
  t.ok(headings >= 20)
  t.equal(slides, headings + 1, 'the title, then the slides')
  for (const name of site.pageNames.filter((one) => one.startsWith('card-')))
    t.equal(await sheets(name), 1, name)
})
