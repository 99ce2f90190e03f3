// Control characters and invisible direction overrides: nobody types them, some break storage and screens, and
// overrides can make a text read differently from what it says. Direction marks that scripts need stay.
const UNWANTED = /(?![\n\t\r])\p{Cc}|[\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]/gu

/** The text as it is stored: well-formed, one kind of line end, nothing invisible that could mislead. */
export function cleanText(typed: string): string {
  return typed.toWellFormed().replace(/\r\n?/g, '\n').replace(UNWANTED, '')
}
