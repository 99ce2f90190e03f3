// Texts live in locales/<lang>/messages.json: flat keys, `{name}` for values. A missing key stops the start, so
// that no reader ever meets one.
import { readFileSync } from 'node:fs'
import { z } from 'zod'

const LOCALES = new URL('../../../locales/', import.meta.url)

/** The texts of the report, and those of the parts of the information point. */
export const MESSAGE_FILES = [
  'messages.json',
  'messages-information.json',
  'messages-help.json',
  'messages-tools.json',
  'messages-search.json',
]

const languageSchema = z.strictObject({
  /** BCP 47 tag in lower case, as in the path */
  code: z.string().regex(/^[a-z]{2,3}(-[a-z]+)?$/),
  name: z.string(),
  dir: z.enum(['ltr', 'rtl']),
  reviewed: z.boolean(),
})
const messagesSchema = z.record(z.string(), z.string())
export type Language = z.infer<typeof languageSchema>

export type Translate = (key: string, values?: Readonly<Record<string, string | number>>) => string

export interface Texts {
  readonly languages: readonly Language[]
  language(code: string): Language | undefined
  /** The texts of one language. The function throws on a key that does not exist: that is a fault of ours. */
  translate(code: string): Translate
  /** Data of a language that is not a message, such as `signs.json`. */
  read<T>(code: string, file: string, schema: z.ZodType<T>): T
}

/** The languages; the texts of each are read when they are asked for. */
export function loadTexts(): Texts {
  const languages = z.array(languageSchema).parse(readJson('languages.json'))
  const messages = new Map<string, Record<string, string>>()
  return {
    languages,
    language: (code) => languages.find((language) => language.code === code),
    translate(code) {
      if (!languages.some((language) => language.code === code)) throw new Error(`unknown language ${code}`)
      // Read at the first word, not when somebody takes hold of the language: that happens for all of them at the start.
      const own = (): Record<string, string> => {
        const known = messages.get(code) ?? readMessages(code)
        messages.set(code, known)
        return known
      }
      return (key, values) => fill(own()[key], key, values)
    },
    read: (code, file, schema) => schema.parse(readJson(`${code}/${file}`)),
  }
}

/** Data that is the same in every language, such as `signs.json`. */
export function readData<T>(file: string, schema: z.ZodType<T>): T {
  return schema.parse(readJson(file))
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, LOCALES), 'utf8'))
}

function fill(
  text: string | undefined,
  key: string,
  values: Readonly<Record<string, string | number>> = {},
): string {
  if (text === undefined) throw new Error(`no text for ${key}`)
  return text.replace(/\{(\w+)\}/g, (slot, name: string) => String(values[name] ?? slot))
}

function readMessages(code: string): Record<string, string> {
  return Object.assign({}, ...MESSAGE_FILES.map((file) => messagesSchema.parse(readJson(`${code}/${file}`))))
}

/** Everything that one language says and another does not, as `nl/messages.json: key`. */
export function findMissingMessages({ languages }: Texts): string[] {
  return MESSAGE_FILES.flatMap((file) => {
    const messages = languages.map(
      ({ code }) => [code, messagesSchema.parse(readJson(`${code}/${file}`))] as const,
    )
    const all = new Set(messages.flatMap(([, own]) => Object.keys(own)))
    return messages.flatMap(([code, own]) =>
      [...all].filter((key) => !own[key]?.trim()).map((key) => `${code}/${file}: ${key}`),
    )
  })
}
