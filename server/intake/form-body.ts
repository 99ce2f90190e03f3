// Reads posted forms: plain ones, and those with files. Files are read one after another into memory, never to disk,
// and handed over before the next one is read.

import formbody from '@fastify/formbody'
import multipart from '@fastify/multipart'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Problem } from '../problem.js'
import { MOST_FILES } from '../report/report.js'
import type { FormFields } from './parse-report.js'

const MOST_FIELDS = 300
const LONGEST_FIELD_BYTES = 1024 * 1024
/** A few files more than allowed are still read, so that each can be named with its reason. */
const MOST_FILES_READ = MOST_FILES * 2

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
  return { fields: map }
}

/** The fields of a plain form. Throws `wrong-content-type` when there is none. */
export function readFields(request: FastifyRequest): FormFields {
  const body = request.body as { fields?: unknown } | null | undefined
  if (body?.fields instanceof Map) return body.fields as FormFields
  if (body === undefined || body === null) return new Map()
  throw new Problem('wrong-content-type')
}

/**
 * Reads a form with files. `onFile` gets the bytes of one file, or null when it is larger than `maxBytes`; the next
 * file is read when it has finished. Throws `too-large` on too many or too long fields.
 */
export async function readForm(
  request: FastifyRequest,
  maxBytes: number,
  onFile: (bytes: Uint8Array | null) => Promise<void>,
): Promise<FormFields> {
  if (!request.isMultipart()) return readFields(request)
  const map = new Map<string, string[]>()
  const limits = {
    fields: MOST_FIELDS,
    fieldSize: LONGEST_FIELD_BYTES,
    fieldNameSize: 100,
    files: MOST_FILES_READ,
    fileSize: maxBytes,
    headerPairs: 20,
  }
  for await (const part of request.parts({ limits })) {
    if (part.type === 'field') {
      if (part.valueTruncated || part.fieldnameTruncated) throw new Problem('too-large')
      add(map, part.fieldname, String(part.value))
    } else {
      const bytes = await part.toBuffer()
      // A browser sends an empty part when no file was chosen; its name is looked at for that alone, and dropped.
      if (bytes.length === 0 && part.filename === '') continue
      await onFile(part.file.truncated ? null : bytes)
    }
  }
  return map
}

function add(map: Map<string, string[]>, name: string, value: string): void {
  const values = map.get(name)
  if (values) values.push(value)
  else map.set(name, [value])
}
