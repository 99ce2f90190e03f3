// Where sealed parts come from without a server: age files (also armoured), what psql prints of a bytea column, and
// plain dumps of pg_dump. Pieces of a large file are put together again.
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { armor } from 'age-encryption'
import { CommandProblem } from './command.js'
import { fileProblem, readInput } from './files.js'

const MAGIC = 'age-encryption.org/v1'
const ARMOUR = '-----BEGIN AGE ENCRYPTED FILE-----'
const HEX = /^\\{1,2}x([0-9a-f]*)$/
const LONGEST_LINE_START = 4096
/** The tables of a dump whose column `sealed` opens with the desk's key. */
const TABLES = [
  ...['arrival_part', 'report_part', 'assessment', 'question'],
  ...['arrival_answer', 'answer', 'arrival_addition', 'addition'],
]

export interface SealedFile {
  /** for sentences: the file, and which part of it */
  readonly name: string
  /** null: no age file at all */
  readonly sealed: Uint8Array | null
}

export interface SealedFiles {
  readonly parts: readonly SealedFile[]
  /** of a dump: the lists of the keys that a desk had before */
  readonly earlierKeys: readonly Uint8Array[]
}

/** All that is sealed in files and folders; `-` is standard input. Throws CommandProblem when one cannot be read. */
export async function readSealedFiles(paths: readonly string[]): Promise<SealedFiles> {
  const parts: SealedFile[] = []
  const earlierKeys: Uint8Array[] = []
  for (const path of paths) {
    for (const file of await listFiles(path)) {
      const found = split(file, await readInput(file))
      parts.push(...found.parts)
      earlierKeys.push(...found.earlierKeys)
    }
  }
  if (parts.length === 0) throw new CommandProblem('there is no sealed part in what was given')
  return { parts, earlierKeys }
}

async function listFiles(path: string): Promise<string[]> {
  if (path === '-') return [path]
  try {
    if (!(await stat(path)).isDirectory()) return [path]
    const entries = await readdir(path, { withFileTypes: true })
    return entries
      .filter((entry) => entry.isFile())
      .map(({ name }) => join(path, name))
      .sort()
  } catch (error) {
    throw fileProblem('read', path, error)
  }
}

function split(name: string, bytes: Uint8Array): SealedFiles {
  const start = Buffer.from(bytes.subarray(0, LONGEST_LINE_START)).toString('latin1')
  if (start.startsWith(MAGIC)) return { parts: [{ name, sealed: bytes }], earlierKeys: [] }
  if (start.trimStart().startsWith(ARMOUR))
    return { parts: [{ name, sealed: readArmour(bytes) }], earlierKeys: [] }
  const { parts, earlierKeys } = readText(Buffer.from(bytes).toString('utf8'))
  if (parts.length === 0) return { parts: [{ name, sealed: null }], earlierKeys }
  if (parts.length === 1) return { parts: parts.map((sealed) => ({ name, sealed })), earlierKeys }
  const named = parts.map((sealed, index) => ({ name: `${name}, part ${index + 1}`, sealed }))
  return { parts: named, earlierKeys }
}

function readArmour(bytes: Uint8Array): Uint8Array | null {
  try {
    return armor.decode(Buffer.from(bytes).toString('utf8'))
  } catch {
    return null
  }
}

/** Hexadecimal values of psql, one a line, and the COPY blocks of a dump. */
function readText(text: string): { parts: Uint8Array[]; earlierKeys: Uint8Array[] } {
  const earlierKeys: Uint8Array[] = []
  const pieces = new Map<string, { chunk: number; bytes: Buffer }[]>()
  let columns: readonly string[] | 'skip' | 'none' = 'none'
  let last = ''
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const copy = /^COPY (?:\w+\.)?(\w+) \((.+)\) FROM stdin;$/.exec(line)
    if (copy) {
      const isRead = copy[1] === 'desk_key' || TABLES.includes(copy[1] ?? '')
      columns = isRead ? (copy[2] ?? '').split(', ') : 'skip'
      continue
    }
    if (line === '\\.') columns = 'none'
    if (columns === 'skip') continue
    const fields = line.split('\t')
    const earlier = columns === 'none' ? undefined : fieldOf(columns, fields, 'earlier')
    if (earlier !== undefined) {
      const list = Buffer.from(HEX.exec(earlier)?.[1] ?? '', 'hex')
      if (list.length > 0) earlierKeys.push(list)
      continue
    }
    const value = columns === 'none' ? line.trim() : (fields[columns.indexOf('sealed')] ?? '')
    const bytes = Buffer.from(HEX.exec(value)?.[1] ?? '', 'hex')
    if (bytes.length === 0) continue
    // Without columns a line that begins no age file goes on with the one before.
    if (columns !== 'none') last = fieldOf(columns, fields, 'id') ?? `line ${index}`
    else if (last === '' || bytes.subarray(0, MAGIC.length).toString('latin1') === MAGIC)
      last = `line ${index}`
    const chunk = columns === 'none' ? index : Number(fieldOf(columns, fields, 'chunk') ?? 0)
    pieces.set(last, [...(pieces.get(last) ?? []), { chunk, bytes }])
  }
  const parts = [...pieces.values()].map((own) =>
    Buffer.concat(own.sort((one, other) => one.chunk - other.chunk).map(({ bytes }) => bytes)),
  )
  return { parts, earlierKeys }
}

function fieldOf(columns: readonly string[], fields: readonly string[], column: string): string | undefined {
  const at = columns.indexOf(column)
  return at < 0 ? undefined : fields[at]
}
