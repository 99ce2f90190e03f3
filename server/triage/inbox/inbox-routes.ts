// The queue of the desk: what is open in pages, the sealed headers apart, taking, keeping and handing back.
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { Problem } from '../../problem.js'
import type { QueuePlace, QueueRow } from '../../storage/triage/index.js'
import { base64, bodyOf, idOf, route, type TriageParts } from '../access.js'

const ROWS_IN_PAGE = 500
const ASSESSED_SHOWN = 200
const HEADERS_AT_ONCE = 200

const headersSchema = z.strictObject({ ids: z.array(z.uuid()).max(HEADERS_AT_ONCE) })
/** The place after which a page begins, as the page before told it. */
const placeSchema = z
  .string()
  .regex(/^[01]\.\d{4}-\d{2}-\d{2}\.(am|pm)\.[0-9a-f-]{36}$/)
  .transform((text) => {
    const [urgent, date, half, id = ''] = text.split('.')
    return { urgent: urgent === '1', halfDay: `${date} ${half}`, id }
  })
  .refine(({ id }) => z.uuid().safeParse(id).success)

export function registerInbox(app: FastifyInstance, parts: TriageParts): void {
  const { storage } = parts

  route(app, parts, 'GET /inbox', async ({ desk, member }, request) => {
    const who = { desk: desk.id, member: member.id }
    const rows = await storage.listOpen(who, { after: placeOf(request.query), limit: ROWS_IN_PAGE })
    const last = rows.length === ROWS_IN_PAGE ? rows.at(-1) : undefined
    return {
      items: rows.map((row) => itemOf(row, member.id)),
      next: last ? placeText(last) : null,
      targets: await storage.readTargets(desk.id),
      notices: await storage.listNotices(member.id),
    }
  })

  route(app, parts, 'GET /inbox/assessed', async ({ desk, member }) => {
    const rows = await storage.listAssessed({ desk: desk.id, member: member.id }, ASSESSED_SHOWN)
    return { items: rows.map((row) => itemOf(row, member.id)) }
  })

  route(app, parts, 'POST /inbox/headers', async ({ desk }, request) => {
    const { ids } = bodyOf(request, headersSchema)
    const rows = await storage.readHeaders(desk.id, ids)
    return { headers: rows.map(({ id, header }) => ({ id, header: base64(header) })) }
  })

  route(app, parts, 'POST /claim-next', async ({ desk, member }) => ({
    report: await storage.claimNext(desk.id, member.id),
  }))

  route(app, parts, 'POST /reports/:id/claim', async ({ desk, member }, request, reply) => {
    if (!(await storage.claim(desk.id, member.id, idOf(request)))) throw new Problem('conflict')
    return reply.code(204).send()
  })

  route(app, parts, 'POST /reports/:id/hand-back', async ({ member }, request, reply) => {
    if (!(await storage.handBack(member.id, idOf(request)))) throw new Problem('conflict')
    return reply.code(204).send()
  })

  route(app, parts, 'POST /reports/:id/renew', async ({ member }, request, reply) => {
    if (!(await storage.renewLease(member.id, idOf(request)))) throw new Problem('conflict')
    return reply.code(204).send()
  })
}

function itemOf({ member: owner, ...facts }: QueueRow, member: string) {
  return { ...facts, mine: owner === member }
}

function placeText({ urgent, halfDay, id }: QueuePlace): string {
  return `${urgent ? 1 : 0}.${halfDay.replace(' ', '.')}.${id}`
}

function placeOf(query: unknown): QueuePlace | null {
  const { after } = query as { after?: unknown }
  if (after === undefined) return null
  const parsed = placeSchema.safeParse(after)
  if (!parsed.success) throw new Problem('bad-request')
  return parsed.data
}
