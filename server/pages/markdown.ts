// Markdown as our pages use it: headings of the third level fold, tables become cards on a telephone, and marks in the
// text stand for data: [[source]], {{sign:id}}, {{term:id}}, {{help:id}}.
import MarkdownIt from 'markdown-it'
import type { Source } from './sources.js'

export interface Term {
  readonly id: string
  readonly term: string
  readonly explanation: string
}

export interface SignWords {
  readonly text: string
  /** what else it may be */
  readonly also: readonly string[]
  readonly now: string
}

/** A telephone number, or a site where there is none. */
export interface HelpWords {
  readonly name: string
  readonly phone: string | null
  readonly tel: string | null
  readonly website: string | null
  readonly site: string | null
}

/** What marks stand for, in the language of the page. Each throws on an unknown id. */
export interface Marks {
  source(id: string): Source
  sign(id: string): SignWords
  term(id: string): Term
  help(id: string): HelpWords
  /** sentences around them */
  readonly words: { readonly source: string; readonly also: string; readonly now: string }
}

export interface RenderedText {
  readonly html: string
  /** in the order of their numbers in the text */
  readonly sources: readonly Source[]
  readonly terms: readonly Term[]
}

interface Rendering {
  readonly marks: Marks
  readonly sources: Map<string, Source>
  readonly terms: Map<string, Term>
}

const MARK = /^(?:\[\[([a-z0-9-]+)\]\]|\{\{(sign|term|help):([a-z0-9_-]+)\}\})/
const LONGEST_MARK = 100
const ROLES: Readonly<Record<string, string>> = {
  table_open: 'table',
  thead_open: 'rowgroup',
  tbody_open: 'rowgroup',
  tr_open: 'row',
  th_open: 'columnheader',
  td_open: 'cell',
}

// No raw HTML: what stands in a text file can never become a script.
const markdown = new MarkdownIt({ html: false, typographer: false })
type Token = ReturnType<typeof markdown.parse>[number]
const { escapeHtml } = markdown.utils

markdown.core.ruler.push('fold', ({ tokens, Token }) => {
  tokens.splice(0, tokens.length, ...fold(tokens, (name, nesting) => new Token(name, 'details', nesting)))
  labelCells(tokens)
})
markdown.inline.ruler.before('link', 'mark', (state, silent) => {
  const found = MARK.exec(state.src.slice(state.pos, state.pos + LONGEST_MARK))
  if (!found) return false
  if (!silent) {
    const kind = found[2] ?? 'source'
    // A number of a source stands at the word before it.
    if (kind === 'source') state.pending = state.pending.trimEnd()
    state.push('mark', '', 0).meta = { kind, id: found[1] ?? found[3] }
  }
  state.pos += found[0].length
  return true
})
markdown.renderer.rules.mark = (tokens, index, _options, env) => {
  const mark = tokens[index]?.meta as { kind: keyof typeof SHOW; id: string } | undefined
  return mark ? SHOW[mark.kind](mark.id, env as unknown as Rendering) : ''
}

const SHOW = {
  source(id: string, { sources, marks }: Rendering): string {
    sources.set(id, sources.get(id) ?? marks.source(id))
    const number = [...sources.keys()].indexOf(id) + 1
    const label = escapeHtml(`${marks.words.source} ${number}`)
    return `<sup><a href="#source-${id}" aria-label="${label}">${number}</a></sup>`
  },
  sign(id: string, { marks }: Rendering): string {
    const { text, also, now } = marks.sign(id)
    const others = also.map((one) => `<li>${escapeHtml(one)}</li>`).join('')
    const { words } = marks
    return `<details><summary>${escapeHtml(text)}</summary>${escapeHtml(words.also)}<ul>${others}</ul>${escapeHtml(words.now)} ${escapeHtml(now)}</details>`
  },
  term(id: string, { terms, marks }: Rendering): string {
    const term = marks.term(id)
    terms.set(id, term)
    return `<a class="term" href="#term-${id}">${escapeHtml(term.term)}</a>`
  },
  help(id: string, { marks }: Rendering): string {
    const { name, phone, tel, website, site } = marks.help(id)
    const way = phone
      ? ` <a class="tel" href="tel:${escapeHtml(tel ?? '')}"><bdi dir="ltr">${escapeHtml(phone)}</bdi></a>`
      : website
        ? ` <a class="tel" rel="noreferrer" href="${escapeHtml(website)}"><bdi dir="ltr">${escapeHtml(site ?? website)}</bdi></a>`
        : ''
    return escapeHtml(name) + way
  },
} as const

/** The HTML of a text and what stands behind its marks. Throws on an unknown id. */
export function renderText(text: string, marks: Marks): RenderedText {
  const env: Rendering = { marks, sources: new Map(), terms: new Map() }
  const html = markdown.render(text, { ...env })
  return { html, sources: [...env.sources.values()], terms: [...env.terms.values()] }
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

/**
 * Each cell says its column, so that on a narrow screen a row can stand as a card. The roles are said because a table
 * that is laid out otherwise is none any more to some screen readers.
 */
function labelCells(tokens: readonly Token[]): void {
  let heads: string[] = []
  let column = 0
  tokens.forEach((token, i) => {
    const role = ROLES[token.type]
    if (role) token.attrSet('role', role)
    if (token.type === 'table_open') heads = []
    if (token.type === 'tr_open') column = 0
    if (token.type === 'th_open') heads.push(tokens[i + 1]?.content ?? '')
    if (token.type === 'td_open') token.attrSet('data-head', heads[column++] ?? '')
  })
}
