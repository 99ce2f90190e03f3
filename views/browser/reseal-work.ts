// Sealing open work anew to the desk's live key. Each part is opened here, sealed, sent, read back, opened again and
// compared; only then it takes the place of the one before. Whatever breaks off in between changes nothing.
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { Decrypter } from 'age-encryption'
import { api, type Fetching, fromBase64, type PartToReseal, Problem, toBase64 } from './api.js'
import type { DeskKeys } from './memory.js'
import { openHeader } from './open-report.js'
import { sealStreamTo } from './reseal.js'

const PIECE_BYTES = 1024 * 1024

export interface ResealProgress {
  /** open reports there are, and how many of them were looked through */
  readonly reports: number
  readonly done: number
  /** parts that were sealed anew, and their bytes */
  readonly resealed: number
  readonly bytes: number
  /** parts that none of the keys opens, or that are damaged: they stay as they are */
  readonly damaged: number
}

export interface Recipients {
  readonly recipient: string
  readonly recoveryRecipient: string
}

/** Goes through all open reports and their mailboxes, and tells how far it is. Rejects when the signal ends it. */
export async function resealOpenWork(
  keys: DeskKeys,
  desk: Recipients,
  { signal, told }: { readonly signal: AbortSignal; told(progress: ResealProgress): void },
): Promise<ResealProgress> {
  const { run, reports } = await api.beginReseal()
  let progress: ResealProgress = { reports, done: 0, resealed: 0, bytes: 0, damaged: 0 }
  const tell = (more: Partial<ResealProgress>): void => {
    progress = { ...progress, ...more }
    told(progress)
  }
  tell({})
  const sealed = (bytes: number) => tell({ bytes: progress.bytes + bytes })
  const reseal = async (part: PartToReseal, recipients: readonly string[]): Promise<void> => {
    signal.throwIfAborted()
    const outcome = await resealPart({ run, part, keys, recipients, signal, sealed })
    if (outcome === 'resealed') tell({ resealed: progress.resealed + 1 })
    if (outcome === 'damaged') tell({ damaged: progress.damaged + 1 })
  }
  const forDesk = [desk.recipient, desk.recoveryRecipient]
  for (let after: string | null = null; ; ) {
    const work = await api.resealWork(run, after, signal)
    for (const report of work) {
      for (const part of report.parts) await reseal(part, forDesk)
      const header = await openHeader(fromBase64(report.header), keys, report.id).catch(() => null)
      const mailbox = header?.mailbox ? await mailboxWork(run, header.mailbox, signal) : null
      for (const part of mailbox?.parts ?? []) {
        // The reporter must go on being able to read a question.
        const reporter = part.place === 'question' && mailbox ? [mailbox.recipient] : []
        await reseal(part, [...reporter, ...forDesk])
      }
      tell({ done: progress.done + 1 })
    }
    const last = work.at(-1)
    if (!last) return progress
    after = last.id
  }
}

/** Null while the mailbox waits for the next batch: then nothing of the desk lies in it yet. */
async function mailboxWork(run: string, mailbox: string, signal: AbortSignal) {
  return api.mailboxWork(run, mailbox, signal).catch((error: unknown) => {
    if (error instanceof Problem && error.status === 404) return null
    throw error
  })
}

interface Resealing {
  readonly run: string
  readonly part: PartToReseal
  readonly keys: DeskKeys
  readonly recipients: readonly string[]
  readonly signal: AbortSignal
  /** hears how many bytes of what was sealed were sent */
  sealed(bytes: number): void
}

/** gone: the part went away, or somebody else sealed it meanwhile; damaged: it stays as it is. */
type Outcome = 'fits' | 'resealed' | 'damaged' | 'gone'

async function resealPart(resealing: Resealing): Promise<Outcome> {
  const { run, part, keys, signal } = resealing
  const [live, ...earlier] = keys
  try {
    const fits = await opened(resealing, [live], async () => true)
    if (fits) {
      await api.partFits(run, part, signal)
      return 'fits'
    }
    const attempt = crypto.randomUUID()
    const before = await opened(resealing, earlier, (plain) => sendSealed(resealing, attempt, plain))
    if (before === null) return 'damaged'
    const after = await readBack(resealing, attempt, live)
    if (after.plaintext !== before) throw new Problem('unexpected-failure')
    await api.putPart(run, part, { try: attempt, hashes: after.pieces }, signal)
    return 'resealed'
  } catch (error) {
    if (error instanceof Problem && (error.status === 404 || error.status === 409)) return 'gone'
    if (error instanceof Problem || signal.aborted) throw error
    // One that is cut short or changed must not keep the others from being sealed.
    return 'damaged'
  }
}

/** Opens the part with these keys and gives what `use` makes of it; null when none of them opens it. */
async function opened<T>(
  { run, part, signal }: Resealing,
  identities: readonly string[],
  use: (plain: ReadableStream<Uint8Array>) => Promise<T>,
): Promise<T | null> {
  if (identities.length === 0) return null
  return fetched(signal, async (fetching) => {
    const sealed = await api.sealedPart(run, part, fetching)
    const plain = await decrypterWith(identities)
      .decrypt(sealed)
      .catch((error: unknown) => {
        // A line that broke is no wrong key.
        if (error instanceof Problem || signal.aborted) throw error
        return null
      })
    return plain && use(plain)
  })
}

/** Sends it sealed, in pieces; gives the hash of what was sealed. */
async function sendSealed(
  { run, part, recipients, signal, sealed }: Resealing,
  attempt: string,
  plain: ReadableStream<Uint8Array>,
): Promise<string> {
  const hash = sha256.create()
  const counted = plain.pipeThrough(passing((piece) => hash.update(piece)))
  let chunk = 0
  for await (const piece of inPieces(await sealStreamTo(recipients, counted))) {
    await api.sendPiece(run, part, { try: attempt, chunk: chunk++, sealed: piece }, signal)
    sealed(piece.length)
  }
  return bytesToHex(hash.digest())
}

/** Opens what the server keeps of a try, with the new key alone: the hash of what comes out, and of each piece sealed. */
async function readBack(
  { run, part, signal }: Resealing,
  attempt: string,
  live: string,
): Promise<{ plaintext: string; pieces: string[] }> {
  return fetched(signal, async (fetching) => {
    const stored = await api.triedPart(run, part, attempt, fetching)
    const pieces: string[] = []
    const rows = inPieces(stored)
    const watched = new ReadableStream<Uint8Array>({
      async pull(controller) {
        const { value } = await rows.next()
        if (!value) return controller.close()
        pieces.push(toBase64(sha256(value)))
        controller.enqueue(value)
      },
    })
    const hash = sha256.create()
    const plain = await decrypterWith([live]).decrypt(watched)
    for await (const piece of piecesOf(plain)) hash.update(piece)
    return { plaintext: bytesToHex(hash.digest()), pieces }
  })
}

/** Does something with what comes over the line, and ends the line when it is done. */
async function fetched<T>(signal: AbortSignal, work: (fetching: Fetching) => Promise<T>): Promise<T> {
  const ending = new AbortController()
  const end = () => ending.abort()
  signal.addEventListener('abort', end)
  try {
    return await work({ signal: ending.signal, arrived: () => undefined })
  } finally {
    signal.removeEventListener('abort', end)
    end()
  }
}

/** Rows as the database keeps them: all but the last equally long. */
async function* inPieces(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  let held = new Uint8Array(PIECE_BYTES)
  let length = 0
  for await (const piece of piecesOf(stream)) {
    for (let at = 0; at < piece.length; ) {
      const part = piece.subarray(at, at + PIECE_BYTES - length)
      held.set(part, length)
      length += part.length
      at += part.length
      if (length < PIECE_BYTES) continue
      yield held
      held = new Uint8Array(PIECE_BYTES)
      length = 0
    }
  }
  if (length > 0) yield held.subarray(0, length)
}

async function* piecesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = stream.getReader()
  for (;;) {
    const { value } = await reader.read()
    if (!value) return
    yield value
  }
}

function passing(look: (piece: Uint8Array) => void): TransformStream<Uint8Array, Uint8Array> {
  return new TransformStream({
    transform(piece, controller) {
      look(piece)
      controller.enqueue(piece)
    },
  })
}

function decrypterWith(identities: readonly string[]): Decrypter {
  const decrypter = new Decrypter()
  for (const identity of identities) decrypter.addIdentity(identity)
  return decrypter
}
