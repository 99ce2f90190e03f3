// The trail of what the people of the desk did, for the auditor: acts, names, times and ids, nothing of a report.
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { Problem } from '../../problem.js'
import { route, type TriageParts } from '../access.js'

const LINES = 100
const querySchema = z.strictObject({
  before: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
})

export function registerTrail(app: FastifyInstance, parts: TriageParts): void {
  route(app, parts, 'GET /trail', async ({ desk }, request) => {
    const parsed = querySchema.safeParse(request.query)
    if (!parsed.success) throw new Problem('bad-request')
    return {
      lines: await parts.storage.readTrail(desk.id, { before: parsed.data.before ?? null, most: LINES }),
    }
  })
}
