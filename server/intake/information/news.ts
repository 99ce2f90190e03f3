// What is new here, on one page.
import { type News, readNews } from '../../pages/news.js'
import type { Site } from '../site.js'
import { dateInWords } from './dates-in-words.js'
import { trailTo } from './library-pages.js'
import { type Faults, type KnownIds, keep } from './tool-data.js'

export function newsPage(site: Site): (language: string) => string {
  const news = keep(readNews)
  return (language) => {
    const t = site.translate(language)
    return site.page(
      language,
      'information/news',
      { news: news(language).map((one) => ({ ...one, day: dateInWords(language, t, one.date) })) },
      {
        title: t('news.browserTitle'),
        path: '/news',
        indexable: true,
        own: site.tools,
        trail: trailTo(site, language, '/news'),
      },
    )
  }
}

/** The same news in every language. */
export function checkNews(
  faults: Faults,
  known: KnownIds,
  read: (language: string) => readonly News[] = readNews,
): void {
  const byLanguage = known.languages.map((language) => {
    const where = `${language}/news`
    return { where, names: faults.attempt(where, () => read(language))?.map(({ name }) => name) ?? [] }
  })
  const all = [...new Set(byLanguage.flatMap(({ names }) => names))]
  for (const { where, names } of byLanguage) faults.sameKeys(where, names, all)
}
