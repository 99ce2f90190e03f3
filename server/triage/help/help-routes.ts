// The help directory in the partner app: every member of the desk may keep it right, and each change leaves a line.
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { listAreaNames, unknownAreas } from '../../help/areas.js'
import { mergeHelp } from '../../help/directory.js'
import {
  type Area,
  type Coordinator,
  coordinatorSchema,
  EMERGENCY,
  type HelpEntry,
  helpEntrySchema,
  helpIdSchema,
} from '../../help/entry.js'
import { loadShipped, type Shipped } from '../../help/shipped.js'
import { loadTexts } from '../../i18n/index.js'
import { Problem } from '../../problem.js'
import type { AuditAct, HelpChangeOf, TriageStorage } from '../../storage/triage/index.js'
import { bodyOf, route, type TriageParts } from '../access.js'

const LARGEST_BODY_BYTES = 128 * 1024
const seen = z.int().min(0)
/** whether the member believes that the row is new */
const add = z.boolean()
const kind = z.enum(['entry', 'coordinator'])
const saveSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('entry'), row: helpEntrySchema, seen, add }),
  z.strictObject({ kind: z.literal('coordinator'), row: coordinatorSchema, seen, add }),
])
const verifySchema = z.strictObject({ kind, id: helpIdSchema, seen })
const retireSchema = z.strictObject({ kind, id: helpIdSchema, seen, retired: z.boolean() })

type Kind = z.infer<typeof kind>
type Row = HelpEntry | Coordinator

interface Listed {
  readonly kind: Kind
  readonly row: Row
  readonly retired: boolean
  /** 0 for a shipped row that nobody changed */
  readonly revision: number
  /** whether a release brings this row */
  readonly isShipped: boolean
}

export function registerHelp(app: FastifyInstance, parts: TriageParts): void {
  const { storage } = parts
  const shipped = rememberOne(() => loadShipped(loadTexts()))
  const areas = rememberOne(() => listAreaNames())

  const find = async (given: { kind: Kind; id: string }): Promise<Listed> => {
    const rows = await listRows(shipped(), storage)
    const row = rows.find((one) => one.kind === given.kind && one.row.id === given.id)
    if (!row) throw new Problem('not-found')
    return row
  }
  const store = async (
    act: AuditAct & `help.${string}`,
    member: string,
    change: HelpChangeOf,
  ): Promise<void> => {
    if (!(await storage.storeHelp({ act, member }, change))) throw new Problem('conflict')
  }

  route(app, parts, 'GET /help', async () => ({ rows: await listRows(shipped(), storage), areas: areas() }))

  route(
    app,
    parts,
    'POST /help/save',
    async ({ member }, request, reply) => {
      const given = bodyOf(request, saveSchema)
      if (unknownAreas(given.row.area as Area, areas()).length > 0) throw new Problem('bad-request')
      const rows = await listRows(shipped(), storage)
      const known = rows.find((one) => one.kind === given.kind && one.row.id === given.row.id)
      // Whoever adds a row under an id that is taken would overwrite what they never saw.
      if ((known?.revision ?? 0) !== given.seen || given.add !== (known === undefined))
        throw new Problem('conflict')
      const change = { row: given.row, retired: known?.retired ?? false, seen: given.seen }
      const act = known ? 'help.changed' : 'help.added'
      await store(act, member.id, { kind: given.kind, change } as HelpChangeOf)
      return reply.code(204).send()
    },
    { bodyLimit: LARGEST_BODY_BYTES },
  )

  route(app, parts, 'POST /help/verify', async ({ member }, request, reply) => {
    const given = bodyOf(request, verifySchema)
    const { row, retired } = await find(given)
    const today = new Date().toISOString().slice(0, 10)
    const change = { row: { ...row, verified_on: today }, retired, seen: given.seen }
    await store('help.verified', member.id, { kind: given.kind, change } as HelpChangeOf)
    return reply.code(204).send()
  })

  route(app, parts, 'POST /help/retire', async ({ member }, request, reply) => {
    const given = bodyOf(request, retireSchema)
    if (given.kind === 'entry' && given.id === EMERGENCY.id) throw new Problem('not-allowed')
    const { row } = await find(given)
    const change = { row, retired: given.retired, seen: given.seen }
    const act = given.retired ? 'help.retired' : 'help.restored'
    await store(act, member.id, { kind: given.kind, change } as HelpChangeOf)
    return reply.code(204).send()
  })
}

/** Everything in the directory, retired and not published rows too. */
async function listRows(shipped: Shipped, storage: Pick<TriageStorage, 'readHelp'>): Promise<Listed[]> {
  const stored = await storage.readHelp()
  const merged = mergeHelp(shipped, {
    version: stored.version,
    entries: stored.entries.map((one) => ({ ...one, retired: false })),
    coordinators: stored.coordinators.map((one) => ({ ...one, retired: false })),
  })
  const list = (kind: Kind, rows: readonly Row[], from: readonly Row[], changes: typeof stored.entries) =>
    rows.map((row): Listed => {
      const change = changes.find(({ id }) => id === row.id)
      return {
        kind,
        row,
        retired: change?.retired ?? false,
        revision: change?.revision ?? 0,
        isShipped: from.some(({ id }) => id === row.id),
      }
    })
  return [
    ...list('entry', merged.entries, shipped.entries, stored.entries),
    ...list('coordinator', merged.coordinators, shipped.coordinators, stored.coordinators),
  ]
}

function rememberOne<T>(make: () => T): () => T {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}
