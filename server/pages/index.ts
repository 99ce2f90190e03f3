// Pages of text: Markdown with a few lines of front matter, one file per language, read when somebody asks for it.
import { readdirSync, readFileSync } from 'node:fs'
import { type Audience, splitPage } from './front-matter.js'
import { type Marks, type RenderedText, renderText } from './markdown.js'

export interface Page {
  /** the file's name without its ending */
  readonly name: string
  readonly title: string
  readonly browserTitle: string
  readonly summary: string
  readonly audience: readonly Audience[]
  readonly kind: string
  /** names of pages that go further */
  readonly related: readonly string[]
  /** ids of what the front matter says it rests on */
  readonly sources: readonly string[]
  /** YYYY-MM-DD, or null when nobody verified it */
  readonly verified: string | null
  readonly reviewed: boolean
  /** with what its marks stand for now: numbers of help may have changed since */
  render(marks: Marks): RenderedText
}

export interface Pages {
  /** the same in every language */
  readonly names: readonly string[]
  /** Reads a page once. Throws when there is none, or when its front matter is wrong. */
  page(language: string, name: string): Page
}

const LOCALES = new URL('../../../locales/', import.meta.url)

/** Which pages there are; none is read yet. */
export function loadPages(language: string): Pages {
  const read = new Map<string, Page>()
  return {
    names: pageNames(language),
    page(language, name) {
      const key = `${language}/${name}`
      const page = read.get(key) ?? readPage(language, name)
      read.set(key, page)
      return page
    },
  }
}

/** The names of all pages of a language, in the order of the alphabet. */
export function pageNames(language: string): string[] {
  return readdirSync(new URL(`${language}/pages/`, LOCALES))
    .filter((file) => file.endsWith('.md'))
    .map((file) => file.slice(0, -3))
    .sort()
}

function readPage(language: string, name: string): Page {
  const file = `${language}/pages/${name}.md`
  const { front, text } = splitPage(file, readFileSync(new URL(file, LOCALES), 'utf8'))
  return {
    name,
    title: front.title,
    browserTitle: front.browser_title,
    summary: front.summary,
    audience: front.audience,
    kind: front.kind,
    related: front.related,
    sources: front.sources,
    verified: front.verified_on === 'not verified' ? null : front.verified_on,
    reviewed: front.reviewed === 'yes',
    render: (marks) => renderText(text, marks),
  }
}
