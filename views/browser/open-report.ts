// Opening what was sealed to the desk. What comes out stays in this page's memory.
import { Decrypter } from 'age-encryption'
import { type Assessment, assessmentSchema } from '../../server/report/case.js'
import { type FileRecord, type PartKind, unpackJson, unpackPart } from '../../server/report/envelope.js'
import { isMadeType, type MadeType } from '../../server/report/file-kinds.js'
import { headerSchema, messageSchema, type ReportHeader } from '../../server/report/report.js'
import { Problem } from './api.js'

export interface OpenedFile {
  readonly type: MadeType
  readonly bytes: Uint8Array
  /** null for files of an older version */
  readonly record: FileRecord | null
}

interface Schema<Value> {
  parse(value: unknown): Value
}

/** Throws Problem `cannot-open` when the part was not sealed to this key, is damaged, or is another part. */
export async function openJson<Value>(
  sealed: Uint8Array,
  deskKey: string,
  expected: { kind: PartKind; of: string },
  schema: Schema<Value>,
): Promise<Value> {
  const packed = await open(sealed, deskKey)
  try {
    return schema.parse(unpackJson(packed, expected))
  } catch {
    // The library's message could quote the report.
    throw new Problem('cannot-open')
  }
}

export function openHeader(sealed: Uint8Array, deskKey: string, report: string): Promise<ReportHeader> {
  return openJson(sealed, deskKey, { kind: 'header', of: report }, headerSchema)
}

export function openAssessment(sealed: Uint8Array, deskKey: string, report: string): Promise<Assessment> {
  return openJson(sealed, deskKey, { kind: 'assessment', of: report }, assessmentSchema)
}

/** The text of a question or an addition (of a mailbox) or an answer (of a question). */
export async function openMessage(
  sealed: Uint8Array,
  deskKey: string,
  expected: { kind: 'question' | 'answer' | 'addition'; of: string },
): Promise<string> {
  return (await openJson(sealed, deskKey, expected, messageSchema)).text
}

/** A file of a report or mailbox. Throws Problem `cannot-open` like the others, also for a type that Baken never makes. */
export async function openFile(
  sealed: Uint8Array,
  deskKey: string,
  expected: { kind: 'file' | 'added_file'; of: string },
): Promise<OpenedFile> {
  const packed = await open(sealed, deskKey)
  try {
    const { label, body } = unpackPart(packed)
    if (label.kind === expected.kind && label.of === expected.of && isMadeType(label.type)) {
      return { type: label.type, bytes: body, record: label.record ?? null }
    }
  } catch {
    // Answered below.
  }
  throw new Problem('cannot-open')
}

async function open(sealed: Uint8Array, deskKey: string): Promise<Uint8Array> {
  const decrypter = new Decrypter()
  decrypter.addIdentity(deskKey)
  try {
    return await decrypter.decrypt(sealed)
  } catch {
    throw new Problem('cannot-open')
  }
}
