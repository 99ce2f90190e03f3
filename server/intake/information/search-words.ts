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

/** Pages that are no page of a list: they begin something. */
const ELSEWHERE = ['/report', '/return']

/**
 * Reads the words of every language and tells everything that is wrong with them: unknown keys, empty lists, and
 * addresses at which `pages` has no page.
 */
export function findWrongSearchWords(
  { languages }: { readonly languages: readonly Pick<Language, 'code'>[] },
  pages: ReadonlyMap<string, unknown>,
): string[] {
  return languages.flatMap(({ code }) => {
    try {
      return Object.keys(readSearchWords(code).pages)
        .filter((path) => !pages.has(`/${code}${path}`) && !ELSEWHERE.includes(path))
        .map((path) => `${code}/search-words.json: no page ${path}`)
    } catch (error) {
      return [`${code}/search-words.json: ${error instanceof Error ? error.message : 'unreadable'}`]
    }
  })
}
