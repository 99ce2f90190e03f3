// The list of the basic level as a form, and its result: two pages around the same points.
import type { Site } from '../site.js'
import {
  answerTo,
  compareAnswers,
  type FilledList,
  LARGEST_FILE_BYTES,
  LONGEST_NOTE,
  LONGEST_PLACE,
  writeList,
} from './basic-level-file.js'
import type { ListErrors } from './basic-level-form.js'
import {
  ANSWERS,
  type BasicLevelTexts,
  type Element,
  elementsOf,
  readBasicLevel,
  readBasicLevelTexts,
} from './basic-level-list.js'
import { dateInWords } from './dates-in-words.js'
import { trailTo } from './library-pages.js'
import { pageLink } from './page-link.js'
import { createReferences } from './references.js'
import { keep, once, type Read } from './tool-data.js'

/** Without the language. */
export const PATH = '/basic-level'

/** What a page of the list shows. */
export interface Shown {
  readonly list: FilledList
  /** the list of an earlier time, to compare with */
  readonly earlier: FilledList | null
  readonly errors: ListErrors
}

export interface BasicLevel {
  ids(): readonly string[]
  form(language: string, shown: Shown): string
  result(language: string, shown: Shown): string
}

/** Reads the points and their texts at the first page. */
export function createPages(site: Site, read: Read): BasicLevel {
  const texts = keep((language) => readBasicLevelTexts(read, language))
  const elements = keep((language) => elementsOf(read, texts(language)))
  const sources = once(() => readBasicLevel(read).sources)
  const ids = once(() => readBasicLevel(read).elements.map(({ id }) => id))

  const page = (
    language: string,
    template: string,
    { list, earlier, errors }: Shown,
    more: object,
  ): string => {
    const words = texts(language)
    const references = createReferences(site.source)
    references.mark(sources())
    const isWrong = Object.keys(errors).length > 0
    const title = template === 'basic-level' ? words.browser_title : words.result_title
    const marked = elements(language).map((element) => ({
      ...element,
      ...showElement(site, language, words, element, { list, earlier }),
      refs: references.mark(element.sources),
    }))
    return site.page(
      language,
      `information/${template}`,
      {
        texts: words,
        answers: ANSWERS,
        elements: marked,
        list,
        day:
          list.date === '' || errors.date ? '' : dateInWords(language, site.translate(language), list.date),
        earlier,
        earlierText: earlier ? writeList(earlier) : '',
        earlierDay: earlier?.date ? dateInWords(language, site.translate(language), earlier.date) : '',
        errors,
        longestText: LONGEST_NOTE,
        longestPlace: LONGEST_PLACE,
        largest: LARGEST_FILE_BYTES / 1024,
        sources: references.list(),
        ...more,
      },
      {
        title: isWrong ? `${site.translate(language)('error.title')}: ${title}` : title,
        path: PATH,
        indexable: true,
        own: site.tools,
        trail: trailTo(site, language, PATH),
      },
    )
  }

  return {
    ids: () => ids(),
    form: (language, shown) => page(language, 'basic-level', shown, {}),
    result: (language, shown) => {
      const words = texts(language)
      const counted = Object.fromEntries(
        ANSWERS.map((answer) => [
          answer,
          [...shown.list.answers.values()].filter((one) => one.answer === answer).length,
        ]),
      )
      return page(language, 'basic-level-result', shown, {
        counts: words.result_counts.replace(/\{(\w+)\}/g, (slot, name: string) =>
          String(counted[name] ?? slot),
        ),
      })
    },
  }
}

function showElement(
  site: Site,
  language: string,
  words: BasicLevelTexts,
  element: Element,
  { list, earlier }: Pick<Shown, 'list' | 'earlier'>,
) {
  const { answer, note } = answerTo(list, element.id)
  const then = earlier && answerTo(earlier, element.id)
  const change = then && compareAnswers(then.answer, answer)
  const inWords = (one: typeof answer): string => (one === null ? words.no_answer : words.answers[one])
  return {
    answer,
    note,
    said: inWords(answer),
    saidThen: then && inWords(then.answer),
    thenNote: then?.note ?? '',
    change:
      change === 'unclear' ? site.translate(language)('basic.unclear') : change && words[`compare_${change}`],
    // What is not filled in is as open as what is not known.
    steps: answer === 'yes' ? [] : element.next[answer ?? 'unknown'],
    related: element.related.map((name) => pageLink(site, language, name)),
  }
}
