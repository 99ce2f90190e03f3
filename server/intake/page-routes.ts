// The pages that are the same for everybody, and how the public app answers when something is wrong.
import type { ProblemCode } from '../problem.js'
import { helpPages } from './information/help-pages.js'
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
  return new Map([
    ...libraryPages(site),
    ...helpPages(site),
    ...toolPages(site),
    ...searchPages(site),
    ...leafletPages(site),
  ])
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
