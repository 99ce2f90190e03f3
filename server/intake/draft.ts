// What somebody typed waits in the database, encrypted under the cookie of that browser: the row's key is a hash
// of the cookie value and the encryption key another derivation of it, so the row says nothing and opens nothing.
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { answersSchema, draftFileSchema } from '../report/report.js'
import type { DraftToTake, IntakeStorage } from '../storage/intake/index.js'

const COOKIE_BYTES = 24
const CHUNK_BYTES = 1024 * 1024
const NONCE_BYTES = 12
const TAG_BYTES = 16
const TRIES = 20

/** What stands at a step until it is corrected: the text keys of its errors, by field. */
const errorsSchema = z.record(z.string(), z.string())

const refusedSchema = z.array(
  // `original` as of a file that was kept; missing in drafts of an older version
  z.strictObject({ number: z.number().int(), reason: z.string(), original: z.string().default('') }),
)

/** The page of a file of which parts are being covered, with what was ticked there when something was wrong. */
const coveringSchema = z.strictObject({
  file: z.uuid(),
  page: z.number().int(),
  columns: z.number().int(),
  cells: z.array(z.number().int()),
  error: z.string().nullable(),
})

const reportDraftSchema = z.strictObject({
  id: z.uuid(),
  answers: answersSchema,
  files: z.array(draftFileSchema),
  /** shown before sending; stays the same for every retry */
  code: z.string().nullable(),
  /** reasons for which files were left out at the last upload, by their number there */
  refused: refusedSchema,
  /** missing in drafts of an older version */
  covering: coveringSchema.nullable().default(null),
  errors: z.record(z.string(), errorsSchema),
  /** whether the reporter decided about what may give her away, since she last changed her words */
  looked: z.boolean().default(false),
})

const mailboxVisitSchema = z.strictObject({
  typed: z.string(),
  error: z.string().nullable(),
  open: z.strictObject({ lookup: z.string(), identity: z.string() }).nullable(),
  /** the question that was answered last */
  answered: z.uuid().nullable(),
  answerTyped: z.string(),
  answerError: z.string().nullable(),
  /** what was received last, told once more on the page; later fields are missing in drafts of an older version */
  received: z.enum(['words', 'files']).nullable().default(null),
  added: z
    .strictObject({ typed: z.string(), error: z.string().nullable() })
    .default({ typed: '', error: null }),
  files: z.array(draftFileSchema).default([]),
  refused: refusedSchema.default([]),
  covering: coveringSchema.nullable().default(null),
  filesError: z.string().nullable().default(null),
  /** the reporter ended the mailbox in this visit */
  ended: z.boolean().default(false),
})

const draftSchema = z.strictObject({
  report: reportDraftSchema.nullable(),
  mailbox: mailboxVisitSchema.nullable(),
})

export type Covering = z.infer<typeof coveringSchema>
export type ReportDraft = z.infer<typeof reportDraftSchema>
export type MailboxVisit = z.infer<typeof mailboxVisitSchema>
export type Draft = z.infer<typeof draftSchema>

declare const tokenBrand: unique symbol
/** The value of the one cookie: it names and opens the draft of this browser, and nothing else. */
export type DraftToken = string & { readonly [tokenBrand]: true }

/** Brands a cookie value, or null when it cannot be one of ours. */
export function readDraftToken(value: string | undefined): DraftToken | null {
  return value !== undefined && /^[\w-]{32}$/.test(value) ? (value as DraftToken) : null
}

/** The key of this browser's submission: a retry after a lost answer carries the same cookie. */
export function submissionKeyOf(token: DraftToken, act: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', token, '', `baken submission ${act}`, 32))
}

export type DraftStore = ReturnType<typeof createDraftStore>

type Storage = Pick<
  IntakeStorage,
  'getDraft' | 'putDraft' | 'dropDraft' | 'putDraftChunk' | 'getDraftChunk' | 'dropDraftFile'
>

export function createDraftStore(storage: Storage) {
  const read = async (token: DraftToken): Promise<{ draft: Draft; version: number } | null> => {
    const stored = await storage.getDraft(rowKey(token))
    if (!stored) return null
    return {
      draft: draftSchema.parse(JSON.parse(open(token, 'draft', stored.body).toString())),
      version: stored.version,
    }
  }

  /** Reads a stripped file back, piece by piece. Throws when one is missing. */
  async function* readFile(
    token: DraftToken,
    file: string,
    chunks: number,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    for (let chunk = 0; chunk < chunks; chunk++) {
      const piece = await storage.getDraftChunk(rowKey(token), file, chunk)
      if (!piece) throw new Error('a piece of a file in a draft is missing')
      yield open(token, `${file} ${chunk}`, piece)
    }
  }

  return {
    /** The draft of this browser, its hour beginning anew; null when there is none (any more). */
    async get(token: DraftToken | null): Promise<Draft | null> {
      return token ? ((await read(token))?.draft ?? null) : null
    },

    /** The same with what the storage needs to take the draft away together with storing its report. */
    async getForSending(token: DraftToken): Promise<{ draft: Draft; take: DraftToTake } | null> {
      const current = await read(token)
      return current && { draft: current.draft, take: { key: rowKey(token), version: current.version } }
    },

    /**
     * Begins an empty draft under a fresh token. A token is never used again after its draft went: the key of a
     * submission comes from it, and a second report under the same key would be taken for a repeat.
     */
    async begin(): Promise<DraftToken> {
      const token = randomBytes(COOKIE_BYTES).toString('base64url') as DraftToken
      const empty: Draft = { report: null, mailbox: null }
      await storage.putDraft(rowKey(token), 0, seal(token, 'draft', Buffer.from(JSON.stringify(empty))))
      return token
    },

    /**
     * Changes the draft; `change` may run again when another tab was faster, so that neither loses anything. Null
     * when the draft went away.
     */
    async change(token: DraftToken, change: (draft: Draft) => Draft): Promise<Draft | null> {
      for (let attempt = 0; attempt < TRIES; attempt++) {
        const current = await read(token)
        if (!current) return null
        const draft = change(current.draft)
        const body = seal(token, 'draft', Buffer.from(JSON.stringify(draft)))
        if (await storage.putDraft(rowKey(token), current.version, body)) return draft
      }
      throw new Error('a draft changed too often at the same time')
    },

    /** Forgets the draft and its files. */
    async drop(token: DraftToken): Promise<void> {
      await storage.dropDraft(rowKey(token))
    },

    /**
     * Stores a stripped file in encrypted pieces and returns how many; null when the draft went away, because its
     * owner left while the file was on its way.
     */
    async putFile(token: DraftToken, file: string, bytes: Uint8Array): Promise<number | null> {
      let chunk = 0
      for (; chunk * CHUNK_BYTES < bytes.length; chunk++) {
        const piece = bytes.subarray(chunk * CHUNK_BYTES, (chunk + 1) * CHUNK_BYTES)
        const sealed = seal(token, `${file} ${chunk}`, piece)
        if (!(await storage.putDraftChunk(rowKey(token), file, chunk, sealed))) return null
      }
      return chunk
    },

    readFile,

    /** A small stripped file as a whole. Throws when a piece is missing. */
    async getFile(token: DraftToken, file: string, chunks: number): Promise<Uint8Array> {
      const pieces: Uint8Array[] = []
      for await (const piece of readFile(token, file, chunks)) pieces.push(piece)
      return Buffer.concat(pieces)
    },

    async dropFile(token: DraftToken, file: string): Promise<void> {
      await storage.dropDraftFile(rowKey(token), file)
    },
  }
}

function rowKey(token: DraftToken): Uint8Array {
  return createHash('sha256').update(token).digest()
}

function contentKey(token: DraftToken): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', token, '', 'baken draft content', 32))
}

// The place of a piece is authenticated with it, so that pieces cannot be exchanged in the database.
function seal(token: DraftToken, place: string, plain: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', contentKey(token), nonce).setAAD(Buffer.from(place))
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

function open(token: DraftToken, place: string, sealed: Uint8Array): Buffer {
  const nonce = sealed.subarray(0, NONCE_BYTES)
  const decipher = createDecipheriv('aes-256-gcm', contentKey(token), nonce).setAAD(Buffer.from(place))
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES))
  const plain = decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES))
  // Throws when a bit was changed; GCM keeps nothing back, so this adds no bytes, and no second copy that stays.
  decipher.final()
  return plain
}
