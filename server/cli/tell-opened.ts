import { createHash } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { FileRecord } from '../report/envelope.js'
import { FILE_ENDINGS, isMadeType } from '../report/file-kinds.js'
import type { Outcome } from './command.js'
import { fileProblem, tryWriteNew } from './files.js'
import type { Opened } from './open-parts.js'
import { count, size, visible } from './output.js'
import { asLines, describeLabel } from './print-part.js'

/** Prints what opened and what did not; writes files to the folder `out`. */
export async function tellOpened({ parts, failed }: Opened, out: string | undefined): Promise<Outcome> {
  const texts: string[] = []
  const json: object[] = []
  const broken = [...failed]
  const nextName = neutralNames()
  for (const { label, body } of parts) {
    const value = label.type === 'application/json' ? readJson(body) : undefined
    if (label.type === 'application/json' && value === undefined) {
      broken.push({ name: describeLabel(label), why: 'opens, but cannot be read' })
      continue
    }
    if (value !== undefined) {
      texts.push(`${describeLabel(label)}\n${asLines(value)}`)
      json.push({ ...label, body: value })
      continue
    }
    // Anything that Baken does not make gets a name that no program opens by itself.
    const ending = isMadeType(label.type) ? FILE_ENDINGS[label.type] : 'bin'
    const file = out === undefined ? null : await writeFile(out, nextName, ending, body)
    const where = file === null ? 'give --out FOLDER to write it' : visible(file)
    const record = label.record ? `  ${describeRecord(label.record, body)}\n` : ''
    texts.push(`${describeLabel(label)}\n  ${visible(label.type)}, ${size(body.length)}: ${where}\n${record}`)
    json.push({ ...label, bytes: body.length, file })
  }
  const notices = broken.map(({ name, why }) => `${name} ${why}.`)
  if (broken.length > 0)
    notices.push(`${count(broken.length, 'part')} of ${parts.length + failed.length} did not open.`)
  return {
    text: texts.join('\n'),
    json: { parts: json, failed: broken },
    notices,
    exitCode: broken.length > 0 ? 1 : 0,
  }
}

function describeRecord({ made, sha256, covered }: FileRecord, body: Uint8Array): string {
  const isSame = createHash('sha256').update(body).digest('hex') === sha256
  const parts = covered ? ', parts covered by the reporter before sending' : ''
  return `made anew (${made})${parts}, SHA-256 ${sha256}: ${isSame ? 'still the same' : 'NOT THE SAME ANY MORE'}`
}

/** The JSON value of a body; undefined when it is none. */
export function readJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    return undefined
  }
}

/** Numbers alone: a name must not tell what somebody sent. */
function neutralNames(): (ending: string) => string {
  let number = 0
  return (ending) => `file-${++number}.${ending}`
}

async function writeFile(
  folder: string,
  nextName: (ending: string) => string,
  ending: string,
  body: Uint8Array,
): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw fileProblem('written', folder, error)
  })
  for (;;) {
    const path = join(folder, nextName(ending))
    if (await tryWriteNew(path, body)) return path
  }
}
