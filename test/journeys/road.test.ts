// The whole road in a real browser without JavaScript, on a phone: each of the five kinds of reporter reads her own
// words and nobody else's, in her language, and the desk reads exactly what she answered.
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { type Answers, NO_ANSWERS } from '../../server/report/report.js'
import { VANTAGES } from '../../server/report/signs.js'
import { startApps, type TestApps } from '../support/apps.js'
import { launchBrowser, listen, visit } from '../support/browser.js'
import { faultsOfLayout } from '../support/layout.js'
import { type RoadStep, walkRoad } from '../support/road.js'
import { ENTRIES, entryOf, ROADS, sealedSections, signsOf, signTexts, site } from '../support/road-texts.js'
import { openReports } from '../support/stored-reports.js'

const LANGUAGES = ['nl', 'en']

/** Every sentence of the entries in a language, by the kinds of reporter that read it. */
function sentencesOf(language: string, vantage: Answers['vantage']): string[] {
  const { first, signs, words } = entryOf(language, vantage)
  return [
    ...(first ? [first.title, ...first.paragraphs, ...first.links.map(({ text }) => text)] : []),
    ...[signs.question, signs.why, words.question, ...words.prompts, words.careful],
    ...signsOf(language, vantage).map(({ text }) => text),
  ]
}

/** What must stand on a page for this kind of reporter alone. */
function ownSentences(step: RoadStep, language: string, answers: Answers): string[] {
  const { first, signs, words } = entryOf(language, answers.vantage)
  switch (step) {
    case 'first':
      return first ? [first.title, ...first.paragraphs, ...first.links.map(({ text }) => text)] : ['nothing']
    case 'signs':
      return [signs.question, signs.why]
    case 'words':
      return [words.question, ...words.prompts, words.careful]
    case 'check':
      return [signs.question, words.question, ...signTexts(language, answers)]
    default:
      return []
  }
}

/** Sentences of other kinds of reporter, less what this one or everybody reads too. */
function foreignSentences(language: string, { vantage }: Answers): string[] {
  const own = [...sentencesOf(language, vantage), site.translate(language)('step.all')].join('\n')
  return VANTAGES.flatMap((other) => sentencesOf(language, other)).filter(
    (sentence) => !own.includes(sentence),
  )
}

/** What a page says of itself, read in one go. */
const FACTS = `({
  lang: document.documentElement.lang,
  dir: document.documentElement.dir,
  title: document.title,
  languages: [...document.querySelectorAll('header nav a')].map(
    (link) => [link.lang, link.getAttribute('href'), link.getAttribute('aria-current')].join(' ')
  ),
  choices: [...document.querySelectorAll('.choice')].map((choice) => choice.innerText),
  text: document.body.innerText.replace(/\\s+/g, ' ')
})`
interface Facts {
  lang: string
  dir: string
  title: string
  languages: string[]
  choices: string[]
  text: string
}

/** The page is right for this reporter: language, words, width. */
async function looksRight(
  t: Test,
  page: Page,
  step: RoadStep,
  language: string,
  answers: Answers,
): Promise<void> {
  const name = `${step}, ${answers.vantage}, ${language}`
  const { text, choices, ...facts } = await page.evaluate<Facts>(FACTS)
  const path = new URL(page.url()).pathname.replace(/^\/\w+/, '')
  const languages = site.languages.map(
    ({ code }) => `${code} /${code}${path} ${code === language ? 'true' : ''}`,
  )
  t.match(facts, { lang: language, dir: 'ltr', title: /^[^–]+ – Baken$/, languages }, name)
  t.same(
    ownSentences(step, language, answers).filter((sentence) => !text.includes(sentence)),
    [],
    `${name}: all words meant for this reporter`,
  )
  t.same(
    foreignSentences(language, answers).filter((sentence) => text.includes(sentence)),
    [],
    `${name}: no words meant for somebody else`,
  )
  if (step === 'signs') {
    const { vantage, forms } = answers
    const seen = signsOf(language, vantage).filter(
      (sign) =>
        (vantage === null || sign.vantages.includes(vantage)) &&
        (forms.length === 0 || sign.forms.some((form) => forms.includes(form))),
    )
    t.same(
      choices,
      seen.map(({ text: sign }) => sign),
      `${name}: the signs this reporter can see`,
    )
  }
  t.same(await faultsOfLayout(page), [], name)
}

/** Everybody sets off at once, each with a browser profile of her own; gives the pages each of them met. */
async function walkAll(
  t: Test,
  apps: TestApps,
  roads: readonly Answers[],
  language: string,
): Promise<RoadStep[][]> {
  const browser = await launchBrowser(t)
  const origin = await listen(apps.intake)
  const walk = async (answers: Answers): Promise<RoadStep[]> => {
    const { page, elsewhere, complaints } = await visit(browser, origin, { javaScriptEnabled: false })
    const steps: RoadStep[] = []
    const look = async (step: RoadStep): Promise<void> => {
      steps.push(step)
      await looksRight(t, page, step, language, answers)
    }
    await walkRoad({ page, origin, language, answers, look })
    t.same(elsewhere, [], 'nothing is asked of another origin')
    t.same(complaints, [])
    return steps
  }
  return Promise.all(roads.map(walk))
}

type Sections = Partial<Record<string, unknown>>

/** Reports come out shuffled. */
function inOrder(reports: readonly Sections[]): Sections[] {
  const key = ({ header, situation }: Sections) => JSON.stringify([header, situation])
  return [...reports].sort((a, b) => (key(a) < key(b) ? -1 : 1))
}

async function readByDesk(apps: TestApps): Promise<Sections[]> {
  await apps.release()
  return inOrder(await openReports(apps.database.owner, apps.desk))
}

function expected(roads: readonly Answers[], language: string): Sections[] {
  return inOrder(roads.map((answers) => sealedSections(language, answers)))
}

t.setTimeout(180_000)

for (const language of LANGUAGES) {
  t.test(
    `five kinds of reporter walk the road in ${language}, and the desk reads their answers`,
    async (t) => {
      const apps = await startApps(t)
      const roads = ENTRIES.map((entry) => ROADS[entry])
      const walked = await walkAll(t, apps, roads, language)
      const shared = ['what', 'signs', 'words', 'where', 'when', 'files']
      t.same(walked, [
        ['home', 'start', 'danger', 'who', ...shared, 'more-spot', 'check', 'received'],
        ['home', 'start', 'danger', 'who', 'first', ...shared, 'more-behind', 'check', 'received'],
        ['home', 'start', 'danger', 'who', 'first', ...shared, 'more-know', 'check', 'received'],
        ['home', 'start', 'danger', 'who', 'first', ...shared, 'more-people', 'check', 'received'],
        ['home', 'start', 'danger', 'now', 'who', 'first', ...shared, 'more-people', 'check', 'received'],
      ])
      t.same(await readByDesk(apps), expected(roads, language))
    },
  )
}

t.test('one tick is a report, with everything else skipped; danger now alone is one too', async (t) => {
  const apps = await startApps(t)
  const roads: Answers[] = [
    { ...NO_ANSWERS, signs: ['l4'] },
    { ...NO_ANSWERS, danger: 'yes' },
  ]
  const [oneTick, danger] = await walkAll(t, apps, roads, 'en')
  t.notOk(oneTick?.includes('now'))
  t.equal(danger?.[3], 'now', 'whom to call comes before anything else is asked')
  t.same(await readByDesk(apps), expected(roads, 'en'))
  const { rows } = await apps.database.owner.query('select urgent from report order by urgent')
  t.same(rows, [{ urgent: false }, { urgent: true }])
})
