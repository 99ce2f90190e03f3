// What a search reads of one of our own pages: its main part, as blocks of plain text.

export interface PageText {
  /** the heading of the page */
  readonly title: string
  readonly headings: readonly string[]
  /** paragraphs, points and cells of tables, each by itself */
  readonly blocks: readonly string[]
}

const LEFT_OUT =
  /<(svg|script|style|sup|nav)\b[\s\S]*?<\/\1>|<details class="sources">[\s\S]*?<\/details>|<p class="hint">[\s\S]*?<\/p>/g
const BLOCK_END = /<\/(p|li|h[1-6]|td|th|dt|dd|summary|legend|label|figcaption|div)>|<(ul|ol|table|br|div)\b/g
const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
}

/** The text of a whole page of ours: valid HTML, so that a few patterns do. Pages of others are not for this. */
export function readPage(html: string): PageText {
  const main = /<main\b[^>]*>([\s\S]*?)<\/main>/.exec(html)?.[1] ?? ''
  const body = main.replace(LEFT_OUT, ' ')
  const heading = /<h1\b[^>]*>([\s\S]*?)<\/h1>/.exec(body)
  const rest = body.replace(heading?.[0] ?? '', ' ')
  const headings = [...rest.matchAll(/<(h[2-6]|summary)\b[^>]*>([\s\S]*?)<\/\1>/g)].map(([, , text = '']) =>
    plain(text),
  )
  const blocks = rest
    .replace(/<(h[2-6]|summary)\b[^>]*>[\s\S]*?<\/\1>/g, ' ')
    .replace(BLOCK_END, '\u0000$&')
    .split('\u0000')
    .map(plain)
    .filter((text) => text !== '')
  return { title: plain(heading?.[1] ?? ''), headings: headings.filter((text) => text !== ''), blocks }
}

function plain(html: string): string {
  return html
    .replace(/<[^>]*>/g, '')
    .replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
      if (name) return NAMED[name as string] ?? whole
      const point = decimal ? Number(decimal) : Number.parseInt(hex as string, 16)
      return point <= 0x10ffff ? String.fromCodePoint(point) : whole
    })
    .replace(/\s+/g, ' ')
    .trim()
}
