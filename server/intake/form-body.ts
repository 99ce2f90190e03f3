// Reads posted forms: plain ones, and those with files. Files are read one after another into memory, never to disk,
// and handed over before the next one is read.

import formbody from '@fastify/formbody'
import multipart from '@fastify/multipart'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Problem } from '../problem.js'
import { MOST_FILES } from '../report/report.js'
import {
  type ArrivedFile,
  type ArrivingFile,
  type FileLimits,
  receiveFile,
  type UnreadFile,
} from './arriving-file.js'
import type { FormFields } from './parse-report.js'
import type { IntakeParts } from './parts.js'

const MOST_FIELDS = 300
/** All fields of a form with files together; the longest text allowed takes at most 150 KB. */
const MOST_FIELD_BYTES = 1024 * 1024
/** How long a file may take to come in: 10 MB over the slowest telephone networks. */
export const LONGEST_FILE_MS = 600_000
/** More files than allowed still pass by, so that somebody who chose a whole album loses no words by it. */
const MOST_FILES_READ = MOST_FILES * 10

/** Teaches the app both kinds of form. Limits are told as problems of our own. */
export async function registerForms(app: FastifyInstance): Promise<void> {
  await app.register(formbody, { parser: parseUrlEncoded })
  await app.register(multipart, { throwFileSizeLimit: false })
}

function parseUrlEncoded(body: string): Record<string, unknown> {
  // Counted before anything is parsed: a hundred thousand fields cost nothing.
  let fields = 1
  for (let at = body.indexOf('&'); at >= 0; at = body.indexOf('&', at + 1))
    if (++fields > MOST_FIELDS) throw new Problem('too-large')
  const map = new Map<string, string[]>()
  for (const [name, value] of new URLSearchParams(body)) add(map, name, value)
  return { fields: map, bytes: body.length }
}

/** How long a plain form was, in bytes; 0 for anything else. */
export function formBytes(request: FastifyRequest): number {
  const body = request.body as { bytes?: unknown } | null | undefined
  return typeof body?.bytes === 'number' ? body.bytes : 0
}

/** The fields of a plain form. Throws `wrong-content-type` when the body is anything else. */
export function readFields(request: FastifyRequest): FormFields {
  const body = request.body as { fields?: unknown } | null | undefined
  if (body?.fields instanceof Map) return body.fields as FormFields
  if ((body === undefined || body === null) && !request.isMultipart()) return new Map()
  throw new Problem('wrong-content-type')
}

/**
 * Whether the field that people never see was filled in, as programs do. A person whose browser did so is only asked
 * again: nothing is refused for good, and nobody sees "received" for what was thrown away.
 */
export function isTrapped(fields: FormFields): boolean {
  return fields.get('website')?.some((value) => value.trim() !== '') === true
}

/**
 * Reads a form with files. Each file comes into the room for files at its own pace and then waits for its turn;
 * `onFile` gets its bytes, or the reason why there are none, and the next file is read when it has finished. Words
 * wait for nobody. Throws `too-large` on too many or too long fields, `bad-request` when the form is damaged or cut
 * off.
 */
export async function readForm(
  request: FastifyRequest,
  {
    fileLimits,
    askerOf,
    fileTurns,
    slowFileTurns,
    fileRooms,
  }: Pick<IntakeParts, 'fileLimits' | 'askerOf' | 'fileTurns' | 'slowFileTurns' | 'fileRooms'>,
  onFile: (file: ArrivedFile | UnreadFile) => Promise<void>,
): Promise<FormFields> {
  if (!request.isMultipart()) return readFields(request)
  const map = new Map<string, string[]>()
  let fieldBytes = 0
  const limits = {
    fields: MOST_FIELDS,
    fieldSize: MOST_FIELD_BYTES,
    files: MOST_FILES_READ,
    fileSize: largestFile(fileLimits),
    headerPairs: 20,
  }
  try {
    for await (const part of blamingSender(request.parts({ limits }))) {
      if (part.type === 'field') {
        const value = String(part.value)
        fieldBytes += Buffer.byteLength(value)
        if (part.valueTruncated || fieldBytes > MOST_FIELD_BYTES) throw new Problem('too-large')
        add(map, part.fieldname, value)
        continue
      }
      const pieces = blamingSender(part.file as AsyncIterable<Buffer>)
      const first = await pieces.next()
      // A browser sends an empty part when no file was chosen; its name is looked at for that alone, and dropped.
      if (first.done && part.filename === '') continue
      const asker = askerOf(request)
      const arriving = receiveFile(asker.network, fileRooms, fileLimits)
      try {
        const missing = await collect(arriving, first, pieces)
        const file = part.file.truncated ? 'too-large' : (missing ?? arriving.settle() ?? 'no-room')
        // Sound and video take minutes: a photograph must not wait behind them.
        const turns = typeof file !== 'string' && file.isSlow ? slowFileTurns : fileTurns
        await turns.run(asker, () => onFile(file))
      } finally {
        await arriving.leave()
      }
    }
  } catch (error) {
    // What still comes is dropped: held back by nobody it would pile up, and a browser reads the answer at the end.
    request.raw.unpipe()
    request.raw.resume()
    throw error
  }
  return map
}

/** The largest file of any kind. */
export function largestFile({ maxInputBytes, maxSoundBytes, maxVideoBytes }: FileLimits): number {
  return Math.max(maxInputBytes, maxSoundBytes, maxVideoBytes)
}

/** Takes all pieces as fast as there is room; otherwise says why not and lets the rest pass by. */
async function collect(
  arriving: ArrivingFile,
  first: IteratorResult<Buffer>,
  pieces: AsyncGenerator<Buffer>,
): Promise<UnreadFile | null> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, LONGEST_FILE_MS, null)
  })
  try {
    for (let next: IteratorResult<Buffer> | null = first; !next.done; ) {
      const missing = await arriving.add(next.value)
      if (missing) {
        drop(pieces)
        return missing
      }
      next = await Promise.race([pieces.next(), late])
      if (next === null) {
        drop(pieces)
        return 'took-too-long'
      }
    }
    return null
  } finally {
    clearTimeout(timer)
  }
}

/** Lets the rest of a file pass by, so that the rest of the form can be read. */
function drop(pieces: AsyncGenerator<Buffer>): void {
  pieces.next().then(
    ({ done }) => (done ? undefined : drop(pieces)),
    () => undefined,
  )
}

/** What the parser throws is the sender's fault, or the connection's: never a failure of ours. */
export async function* blamingSender<T>(source: AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
  try {
    yield* source
  } catch (error) {
    const { code } = error as { code?: unknown }
    throw typeof code === 'string' && code.startsWith('FST_') ? error : new Problem('bad-request')
  }
}

function add(map: Map<string, string[]>, name: string, value: string): void {
  const values = map.get(name)
  if (values) values.push(value)
  else map.set(name, [value])
}
