// Pages of text: Markdown with a few lines of front matter, one file per language.

import { readdirSync, readFileSync } from 'node:fs'
import MarkdownIt from 'markdown-it'
import { z } from 'zod'
import type { Texts } from '../i18n/index.js'

const frontSchema = z.object({
  title: z.string().min(1),
  browser_title: z.string().min(1),
  summary: z.string(),
  verified_on: z.string().regex(/^(\d{4}-\d{2}-\d{2}|not verified)$/),
  reviewed: z.enum(['yes', 'no']),
  audience: z.string().default(''),
  kind: z.string().default(''),
})

export interface Page {
  readonly name: string
  readonly title: string
  readonly browserTitle: string
  readonly html: string
  /** YYYY-MM-DD, or null when nobody verified it */
  readonly verified: string | null
  readonly reviewed: boolean
  /** for whom it is written */
  readonly audience: readonly string[]
  readonly kind: string
}

const LOCALES = new URL('../../../locales/', import.meta.url)
// No raw HTML: what stands in a text file can never become a script.
const markdown = new MarkdownIt({ html: false, typographer: false })
type Token = ReturnType<typeof markdown.parse>[number]
markdown.core.ruler.push('fold', ({ tokens, Token }) => {
  tokens.splice(0, tokens.length, ...fold(tokens, (name, nesting) => new Token(name, 'details', nesting)))
})

/** All pages of each language. Throws when a language lacks a page that another one has, or on bad front matter. */
export function loadPages({ languages }: Texts): (language: string) => readonly Page[] {
  const byLanguage = new Map(languages.map(({ code }) => [code, readPages(code)]))
  const names = new Set([...byLanguage.values()].flat().map(({ name }) => name))
  for (const [language, pages] of byLanguage) {
    const missing = [...names].filter((name) => !pages.some((page) => page.name === name))
    if (missing.length > 0) throw new Error(`pages are missing in ${language}: ${missing.join(', ')}`)
  }
  return (language) => byLanguage.get(language) ?? []
}

function readPages(language: string): Page[] {
  const folder = new URL(`${language}/pages/`, LOCALES)
  return readdirSync(folder)
    .filter((file) => file.endsWith('.md'))
    .map((file) => readPage(file.slice(0, -3), readFileSync(new URL(file, folder), 'utf8')))
}

/**
 * A heading of the third level and what stands under it become a folded part: a long page stays short on a phone,
 * and opening a part asks nothing of the server and leaves no address behind.
 */
function fold(tokens: readonly Token[], part: (name: string, nesting: 1 | -1) => Token): Token[] {
  let isOpen = false
  const close = () => (isOpen ? [part('details_close', -1)] : [])
  const folded = tokens.flatMap((token) => {
    const isHeading = token.level === 0 && /^heading_/.test(token.type)
    if (!isHeading) return [token]
    const isFold = token.tag === 'h3'
    if (isFold) token.tag = 'summary'
    if (token.nesting === -1) return [token]
    const before = [...close(), ...(isFold ? [part('details_open', 1)] : [])]
    isOpen = isFold
    return [...before, token]
  })
  return [...folded, ...close()]
}

function readPage(name: string, source: string): Page {
  const match = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(source)
  if (!match) throw new Error(`page ${name} has no front matter`)
  const lines = (match[1] ?? '').split('\n').map((line) => {
    const colon = line.indexOf(':')
    return [
      line.slice(0, colon).trim(),
      line
        .slice(colon + 1)
        .trim()
        .replace(/^"(.*)"$/, '$1'),
    ]
  })
  const front = frontSchema.parse(Object.fromEntries(lines))
  return {
    name,
    title: front.title,
    browserTitle: front.browser_title,
    html: markdown.render(match[2] ?? ''),
    verified: front.verified_on === 'not verified' ? null : front.verified_on,
    reviewed: front.reviewed === 'yes',
    audience: front.audience
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== ''),
    kind: front.kind,
  }
}
