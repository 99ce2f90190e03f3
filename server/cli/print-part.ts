// An opened part as a person reads it. Everything in it was typed by somebody unknown, or by the desk.
import { isAddition, type PartLabel } from '../report/envelope.js'
import { visible } from './output.js'

const NOTHING = '-'

/** The heading of a part. */
export function describeLabel({ kind, of }: PartLabel): string {
  const isOfMailbox = kind === 'question' || isAddition(kind)
  const owner = isOfMailbox ? 'mailbox' : kind === 'answer' ? 'question' : 'report'
  return `${kind} (${owner} ${visible(of)})`
}

/** A JSON value as indented lines: names and values, texts of several lines below their name. */
export function asLines(value: unknown, indent = '  '): string {
  if (Array.isArray(value))
    return value.map((item) => asLines(item, indent)).join('') || `${indent}${NOTHING}\n`
  if (typeof value !== 'object' || value === null) return `${indent}${scalar(value, indent)}\n`
  const entries = Object.entries(value)
  if (entries.length === 0) return `${indent}(nothing)\n`
  return entries.map(([name, field]) => `${indent}${visible(name)}:${asField(field, indent)}`).join('')
}

function asField(field: unknown, indent: string): string {
  const deeper = `${indent}  `
  if (Array.isArray(field) && field.every(isPlain)) {
    return ` ${field.map((item) => scalar(item, deeper)).join(', ') || NOTHING}\n`
  }
  if (typeof field === 'object' && field !== null) return `\n${asLines(field, deeper)}`
  const isLong = typeof field === 'string' && field.includes('\n')
  return isLong ? `\n${deeper}${scalar(field, deeper)}\n` : ` ${scalar(field, indent)}\n`
}

function isPlain(value: unknown): boolean {
  return typeof value !== 'object' && !String(value).includes('\n')
}

function scalar(value: unknown, indent: string): string {
  if (value === null || value === '') return NOTHING
  return visible(String(value)).replaceAll('\n', `\n${indent}`)
}
