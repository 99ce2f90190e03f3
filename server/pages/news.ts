// News: `locales/<lang>/news/<date>-<name>.md`, a date and a title above Markdown. Newest first.
import { readdirSync, readFileSync } from 'node:fs'
import MarkdownIt from 'markdown-it'
import { z } from 'zod'

const LOCALES = new URL('../../../locales/', import.meta.url)
// No raw HTML: what stands in a text file can never become a script.
const markdown = new MarkdownIt({ html: false, typographer: false })

const frontSchema = z.strictObject({
  date: z.iso.date(),
  title: z.string().min(1),
  reviewed: z.enum(['yes', 'no']),
})

export interface News {
  /** of its file, without the ending: the same in every language */
  readonly name: string
  /** YYYY-MM-DD */
  readonly date: string
  readonly title: string
  readonly html: string
  readonly reviewed: boolean
}

/** The news of one language, newest first. Throws on bad front matter. */
export function readNews(language: string): readonly News[] {
  const folder = new URL(`${language}/news/`, LOCALES)
  return readdirSync(folder)
    .filter((file) => file.endsWith('.md'))
    .map((file) => parseNews(file.slice(0, -3), readFileSync(new URL(file, folder), 'utf8')))
    .sort((a, b) => (a.date === b.date ? a.name.localeCompare(b.name) : a.date < b.date ? 1 : -1))
}

/** One piece of news. Throws when its front matter is missing, has unknown lines, or another date than its name. */
export function parseNews(name: string, source: string): News {
  const match = /^---\n([\s\S]*?)\n---\n([\s\S]+)$/.exec(source)
  if (!match) throw new Error(`news ${name} has no front matter`)
  const lines = (match[1] ?? '').split('\n').map((line) => {
    const colon = line.indexOf(':')
    return [line.slice(0, Math.max(colon, 0)).trim(), line.slice(colon + 1).trim()]
  })
  const { date, title, reviewed } = frontSchema.parse(Object.fromEntries(lines))
  if (!name.startsWith(`${date}-`)) throw new Error(`news ${name} is dated ${date}`)
  return { name, date, title, html: markdown.render(match[2] ?? ''), reviewed: reviewed === 'yes' }
}
