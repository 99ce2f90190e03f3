// Opening what was sealed to the desk. What comes out stays in this page's memory.
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { Decrypter } from 'age-encryption'
import { type Assessment, assessmentSchema } from '../../server/report/case.js'
import { type FileRecord, type PartKind, unpackJson } from '../../server/report/envelope.js'
import { unpackStream } from '../../server/report/envelope-stream.js'
import { isMadeType, type MadeType } from '../../server/report/file-kinds.js'
import { headerSchema, messageSchema, type ReportHeader } from '../../server/report/report.js'
import { Problem } from './api.js'

export interface OpenedFile {
  readonly type: MadeType
  readonly content: Blob
  /** computed while it was opened, in hexadecimal */
  readonly sha256: string
  /** null for files of an older version */
  readonly record: FileRecord | null
}

interface Schema<Value> {
  parse(value: unknown): Value
}

/** Throws Problem `cannot-open` when the part was not sealed to one of these keys, is damaged, or is another part. */
export async function openJson<Value>(
  sealed: Uint8Array,
  deskKeys: readonly string[],
  expected: { kind: PartKind; of: string },
  schema: Schema<Value>,
): Promise<Value> {
  return openJsonWith(decrypterWith(deskKeys), sealed, expected, schema)
}

async function openJsonWith<Value>(
  decrypter: Decrypter,
  sealed: Uint8Array,
  expected: { kind: PartKind; of: string },
  schema: Schema<Value>,
): Promise<Value> {
  try {
    return schema.parse(unpackJson(await decrypter.decrypt(sealed), expected))
  } catch {
    // The library's message could quote the report.
    throw new Problem('cannot-open')
  }
}

export function openHeader(
  sealed: Uint8Array,
  deskKeys: readonly string[],
  report: string,
): Promise<ReportHeader> {
  return openJson(sealed, deskKeys, { kind: 'header', of: report }, headerSchema)
}

/** The same for many headers with one decrypter, which knows the desk's keys already. */
export function openHeaderWith(
  decrypter: Decrypter,
  sealed: Uint8Array,
  report: string,
): Promise<ReportHeader> {
  return openJsonWith(decrypter, sealed, { kind: 'header', of: report }, headerSchema)
}

export function openAssessment(
  sealed: Uint8Array,
  deskKeys: readonly string[],
  report: string,
): Promise<Assessment> {
  return openJson(sealed, deskKeys, { kind: 'assessment', of: report }, assessmentSchema)
}

/** The text of a question or an addition (of a mailbox) or an answer (of a question). */
export async function openMessage(
  sealed: Uint8Array,
  deskKeys: readonly string[],
  expected: { kind: 'question' | 'answer' | 'addition'; of: string },
): Promise<string> {
  return (await openJson(sealed, deskKeys, expected, messageSchema)).text
}

/**
 * A file of a report or mailbox, opened as it comes. Throws Problem `cannot-open` like the others, also when it is cut
 * short or of a type that Baken never makes; what ends the stream is thrown on.
 */
export async function openFile(
  sealed: ReadableStream<Uint8Array>,
  deskKeys: readonly string[],
  expected: { kind: 'file' | 'added_file'; of: string },
): Promise<OpenedFile> {
  const hash = sha256.create()
  const pieces: Uint8Array<ArrayBuffer>[] = []
  let about: Pick<OpenedFile, 'type' | 'record'> | null = null
  try {
    const packed = await decrypterWith(deskKeys).decrypt(sealed)
    await unpackStream(piecesOf(packed), ({ kind, of, type, record }) => {
      if (kind !== expected.kind || of !== expected.of || !isMadeType(type)) throw new Problem('cannot-open')
      about = { type, record: record ?? null }
      return (piece) => {
        hash.update(piece)
        pieces.push(piece.slice())
      }
    })
    return gathered(about, pieces, bytesToHex(hash.digest()))
  } catch (error) {
    const isOfTheLine = error instanceof Problem || error instanceof DOMException
    throw isOfTheLine ? error : new Problem('cannot-open')
  }
}

function gathered(
  about: Pick<OpenedFile, 'type' | 'record'> | null,
  pieces: readonly Uint8Array<ArrayBuffer>[],
  hash: string,
): OpenedFile {
  if (!about) throw new Problem('cannot-open')
  // Made of pieces in memory: what a browser gathers itself of an answer it may write to the disk.
  return { ...about, content: new Blob([...pieces], { type: about.type }), sha256: hash }
}

async function* piecesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = stream.getReader()
  try {
    for (;;) {
      const { value } = await reader.read()
      if (!value) return
      yield value
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

function decrypterWith(deskKeys: readonly string[]): Decrypter {
  const decrypter = new Decrypter()
  for (const identity of deskKeys) decrypter.addIdentity(identity)
  return decrypter
}
