// The pages that are the same for everybody, and how the public app answers when something is wrong.
import type { HelpRow } from '../help/directory.js'
import type { ProblemCode } from '../problem.js'
import { leafletPages } from './information/leaflet-pages.js'
import { libraryPages } from './information/library-pages.js'
import { searchPages } from './information/search-pages.js'
import { toolPages } from './information/tool-pages.js'
import { STEPS } from './parse-report.js'
import type { Site } from './site.js'

const PROBLEMS_WITH_PHONES: readonly ProblemCode[] = [
  'form-closed',
  'form-full',
  'busy',
  'unexpected-failure',
]
/** Who to call instead of reporting here; ids in the help directory. */
const PHONES_INSTEAD = ['emergency', 'mma', 'comensha']

/** Every page that needs no cookie and no desk, by address. */
export function publicPages(site: Site): Map<string, () => string> {
  const pages = new Map(libraryPages(site))
  for (const { code } of site.languages) {
    const t = site.translate
    const add = (path: string, template: string, title: string, data: () => object): void => {
      pages.set(`/${code}${path}`, () =>
        site.page(code, template, data(), { title: t(code)(title), path, indexable: true, trail: [] }),
      )
    }
    add('/help', 'help', 'help.browserTitle', () => ({ rows: site.help(code) }))
    add('/help/nearby', 'nearby', 'nearby.browserTitle', () => ({
      provinces: site.nearby(code),
      comensha: helpRow(site, code, 'comensha'),
      young: helpRow(site, code, 'veiligthuis'),
    }))
  }
  for (const [path, render] of searchPages(site)) pages.set(path, render)
  for (const [path, render] of leafletPages(site)) pages.set(path, render)
  for (const [path, render] of toolPages(site)) pages.set(path, render)
  return pages
}

function helpRow(site: Site, language: string, id: string): HelpRow {
  const row = site.help(language).find((one) => one.id === id)
  if (!row) throw new Error(`${id} is not in the help directory`)
  return row
}

/** The page that begins a report and its first question as a stranger sees it: the same for everybody. */
export function reportEntryPages(
  site: Site,
  firstQuestion: (language: string) => string,
): Map<string, () => string> {
  const pages = new Map<string, () => string>()
  for (const { code } of site.languages) {
    const t = site.translate(code)
    pages.set(`/${code}/report`, () =>
      site.page(code, 'report-start', {}, { title: t('start.browserTitle'), path: '/report' }),
    )
    pages.set(`/${code}/report/${STEPS[0]}`, () => firstQuestion(code))
  }
  return pages
}

/** The small calm page for any failure, in the language of the path; nothing of the request is in it. */
export function problemPage(site: Site, problem: ProblemCode, path: string): { type: string; body: string } {
  const language = site.languageOf(path)
  const rows = site.help(language)
  const phones = PHONES_INSTEAD.flatMap((id) => rows.filter((row) => row.id === id && row.phone))
  const body = site.page(
    language,
    'problem',
    { problem, phones: PROBLEMS_WITH_PHONES.includes(problem) ? phones : null },
    { title: site.translate(language)('problem.browserTitle'), path: '/' },
  )
  return { type: 'text/html; charset=utf-8', body }
}
