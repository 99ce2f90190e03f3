// The pages that are tools: all of them the same for everybody, made at the first request.
import { z } from 'zod'
import { loadShipped } from '../../help/shipped.js'
import { readData, type Texts } from '../../i18n/index.js'
import { pageNames } from '../../pages/index.js'
import type { Site } from '../site.js'
import { basicLevelPage } from './basic-level.js'
import { checkBasicLevel } from './basic-level-list.js'
import { checkFigures, figuresPage } from './figures.js'
import { checkLaws, lawsPage, readLaws } from './laws.js'
import { checkNews, newsPage } from './news.js'
import { checkSelfCheck, selfCheckPage } from './self-check.js'
import { checkTerms, termsPage } from './terms.js'
import { collectFaults, type KnownIds, type Read } from './tool-data.js'
import { CASES, checkTraining, trainingPages } from './training.js'
import { whatIfPages } from './what-if.js'
import { checkWhatIf, SITUATIONS } from './what-if-data.js'

/** Of files that others check: here only what their rows are called. */
const rows = z.array(z.looseObject({ id: z.string().optional(), code: z.string().optional() }))

/** Every page of a tool, by address. Reads nothing before a page is asked for. */
export function toolPages(site: Site): Map<string, () => string> {
  const whatIf = whatIfPages(site, readData)
  const training = trainingPages(site, readData)
  const single: Readonly<Record<string, (language: string) => string>> = {
    '/self-check': selfCheckPage(site, readData),
    '/what-if': whatIf.overview,
    '/basic-level': basicLevelPage(site, readData),
    '/training': training.overview,
    '/figures': figuresPage(site, readData),
    '/laws': lawsPage(site, readData),
    '/terms': termsPage(site, readData),
    '/news': newsPage(site),
  }
  const pages = new Map<string, () => string>()
  for (const { code } of site.languages) {
    for (const [path, render] of Object.entries(single)) pages.set(`/${code}${path}`, () => render(code))
    for (let number = 1; number <= SITUATIONS; number++)
      pages.set(`/${code}/what-if/${number}`, () => whatIf.situation(code, number))
    for (let number = 1; number <= CASES; number++)
      pages.set(`/${code}/training/${number}`, () => training.one(code, number))
  }
  return pages
}

/**
 * Reads everything the tools show, in all languages. Throws one list of everything that is wrong: unknown keys, missing
 * texts, ids that lead nowhere. For the build; the process itself reads at the first request.
 */
export function checkTools(texts: Texts, read: Read = readData): void {
  const list: string[] = []
  const faults = collectFaults(list)
  const known = knownIds(texts, read)
  checkSelfCheck(faults, read, known)
  checkWhatIf(faults, read, known)
  checkBasicLevel(faults, read, known)
  checkTraining(faults, read, known)
  checkFigures(faults, read, known)
  checkLaws(faults, read, known)
  checkTerms(faults, read, known)
  checkNews(faults, known)
  if (list.length > 0) throw new Error(`the tools of the information point are wrong:\n${list.join('\n')}`)
}

function knownIds(texts: Texts, read: Read): KnownIds {
  const languages = texts.languages.map(({ code }) => code)
  const first = languages[0] ?? ''
  const idsIn = (file: string, key: 'id' | 'code') =>
    new Set(readData(file, rows).map((row) => row[key] ?? ''))
  return {
    languages,
    sources: new Set(Object.keys(readData('sources.json', z.record(z.string(), z.unknown())))),
    signs: idsIn('signs.json', 'id'),
    forms: idsIn('forms.json', 'code'),
    help: new Set(loadShipped(texts).entries.map(({ id }) => id)),
    laws: new Set(lawIds(read)),
    pages: new Set(pageNames(first)),
  }
}

/** None when the file itself is wrong: that is told once, by the check of the laws. */
function lawIds(read: Read): string[] {
  try {
    return readLaws(read).map(({ id }) => id)
  } catch {
    return []
  }
}
