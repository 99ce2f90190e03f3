// Open work goes out to a key holder's browser, comes back sealed to the new key, is read back from here, and only then
// takes the place of what it was made of.
import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { Problem } from '../../problem.js'
import { SEALED_PLACES, type SealedPlace } from '../../report/new-key.js'
import type { SignedInMember } from '../../storage/triage/index.js'
import { base64, bodyOf, bytesSchema, idOf, route, type TriageParts } from '../access.js'
import { sendSealed } from '../send-sealed.js'

const REPORTS_AT_ONCE = 100
const PIECE_BYTES = 1024 * 1024
/** rows of 1 MiB: more than the largest file there may be */
const MOST_PIECES = 4096
const MOST_BODY_BYTES = 2 * PIECE_BYTES

const pieceSchema = z.strictObject({
  try: z.uuidv4(),
  chunk: z
    .int()
    .min(0)
    .max(MOST_PIECES - 1),
  sealed: bytesSchema(PIECE_BYTES),
})
const putSchema = z.strictObject({
  try: z.uuidv4(),
  hashes: z.array(bytesSchema(32, 32)).min(1).max(MOST_PIECES),
})
const afterSchema = z.object({ after: z.uuid().optional() })
const placeSchema = z.enum(SEALED_PLACES)

export function registerResealing(app: FastifyInstance, parts: TriageParts): void {
  const { storage } = parts

  // Showing who one is counts for the whole run: it may take longer than such a proof is fresh.
  route(app, parts, 'POST /key/reseal', async (member) => {
    // Who was not given the key seals nothing to it.
    if (!member.share) throw new Problem('not-allowed')
    const run = randomUUID()
    const { desk, session } = member
    const by = { desk: desk.id, member: member.member.id, session: session.id }
    const reports = await storage.beginReseal(by, run)
    if (reports === null) throw new Problem('conflict')
    return { run, reports }
  })

  /** The id of a run that goes on. Throws `not-allowed` for any other, also when the desk has another key by now. */
  const runOf = async ({ desk, session }: SignedInMember, request: FastifyRequest): Promise<string> => {
    const run = idOf(request)
    if (!(await storage.isResealing({ desk: desk.id, session: session.id }, run)))
      throw new Problem('not-allowed')
    return run
  }

  route(app, parts, 'GET /key/reseal/:id', async (member, request) => {
    await runOf(member, request)
    const query = afterSchema.safeParse(request.query)
    if (!query.success) throw new Problem('bad-request')
    const work = await storage.listResealWork(member.desk.id, {
      after: query.data.after ?? null,
      most: REPORTS_AT_ONCE,
    })
    return { reports: work.map((report) => ({ ...report, header: base64(report.header) })) }
  })

  route(app, parts, 'GET /key/reseal/:id/mailboxes/:mailbox', async (member, request) => {
    await runOf(member, request)
    const work = await storage.listMailboxWork(member.desk.id, idOf(request, 'mailbox'))
    if (!work) throw new Problem('not-found')
    return work
  })

  route(app, parts, 'GET /key/reseal/:id/:place/:part', async (member, request, reply) => {
    await runOf(member, request)
    const [place, part] = [placeOf(request), idOf(request, 'part')]
    const bytes = await storage.findSealedPart(member.desk.id, place, part)
    if (bytes === null) throw new Problem('not-found')
    return sendSealed(reply, bytes, storage.readSealedPart(place, { id: part, bytes }))
  })

  route(app, parts, 'POST /key/reseal/:id/:place/:part/fits', async (member, request, reply) => {
    await runOf(member, request)
    const noted = await storage.notePartFits(member.desk.id, placeOf(request), idOf(request, 'part'))
    if (!noted) throw new Problem('not-found')
    return reply.code(204).send()
  })

  route(
    app,
    parts,
    'POST /key/reseal/:id/:place/:part/pieces',
    async (member, request, reply) => {
      const run = await runOf(member, request)
      const piece = bodyOf(request, pieceSchema)
      const part = idOf(request, 'part')
      const bytes = await storage.findSealedPart(member.desk.id, placeOf(request), part)
      if (bytes === null) throw new Problem('not-found')
      // What would be longer than the part never takes its place: nobody fills the disk with it.
      if (piece.chunk * PIECE_BYTES >= bytes) throw new Problem('too-large')
      await storage.stagePiece({ run, attempt: piece.try, part }, piece.chunk, piece.sealed)
      return reply.code(204).send()
    },
    { bodyLimit: MOST_BODY_BYTES },
  )

  route(app, parts, 'GET /key/reseal/:id/:place/:part/tries/:try', async (member, request, reply) => {
    await runOf(member, request)
    const attempt = idOf(request, 'try')
    const bytes = await storage.findAttempt(idOf(request, 'part'), attempt)
    if (bytes === null) throw new Problem('not-found')
    return sendSealed(reply, bytes, storage.readAttempt({ attempt, bytes }))
  })

  route(
    app,
    parts,
    'POST /key/reseal/:id/:place/:part/put',
    async (member, request, reply) => {
      await runOf(member, request)
      const { try: attempt, hashes } = bodyOf(request, putSchema)
      const part = idOf(request, 'part')
      const put = await storage.putResealed(member.desk.id, placeOf(request), { part, attempt, hashes })
      if (!put) throw new Problem('conflict')
      return reply.code(204).send()
    },
    { bodyLimit: MOST_BODY_BYTES },
  )
}

function placeOf(request: FastifyRequest): SealedPlace {
  const parsed = placeSchema.safeParse((request.params as { place?: unknown }).place)
  if (!parsed.success) throw new Problem('not-found')
  return parsed.data
}
