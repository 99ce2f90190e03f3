// What search knows of a language beside its pages: data, so that a word people use is added without touching code.
import { z } from 'zod'
import { type Language, readData } from '../../i18n/index.js'

const wordList = z.array(z.string().min(1))
const wordsSchema = z.strictObject({
  /** words that say nothing */
  stop: wordList,
  /** letters that may stand between two parts of a compound */
  links: z.array(z.string().regex(/^[a-z]{1,3}$/)),
  /** what people type, one or two words, and our words for it */
  understood: z.record(z.string().regex(/^\S+( \S+)?$/), wordList.min(1)),
  /** further words under which people look for a page, by its address without the language */
  pages: z.record(z.string().startsWith('/'), wordList),
})
export type SearchWords = z.infer<typeof wordsSchema>

/** Throws when the file of this language is missing or wrong. */
export function readSearchWords(language: string): SearchWords {
  return readData(`${language}/search-words.json`, wordsSchema)
}

/**
 * Reads the words of every language. Throws one list of everything that is wrong: unknown keys, empty lists, and
 * addresses that are not among `paths` (`/nl/help`).
 */
export function checkSearchWords(
  { languages }: { readonly languages: readonly Pick<Language, 'code'>[] },
  paths: ReadonlySet<string>,
): void {
  const wrong = languages.flatMap(({ code }) => {
    try {
      return Object.keys(readSearchWords(code).pages)
        .filter((path) => !paths.has(`/${code}${path}`))
        .map((path) => `${code}/search-words.json: no page ${path}`)
    } catch (error) {
      return [`${code}/search-words.json: ${error instanceof Error ? error.message : 'unreadable'}`]
    }
  })
  if (wrong.length > 0) throw new Error(`words of search are wrong:\n${wrong.join('\n')}`)
}
