// What lies in the database, opened with the desk's key: only tests and the desk's browsers can.
import type { PartKind } from '../../server/report/envelope.js'
import type { SealedPart } from '../../server/report/report.js'
import type { Queryable } from '../../server/storage/connect.js'
import { openJson, type TestDesk } from './desk.js'

/** One section of every report that is stored, arrived or released. */
export async function openSections<T>(
  owner: Queryable,
  desk: TestDesk,
  kind: Exclude<SealedPart['kind'], 'file'>,
): Promise<T[]> {
  const { rows } = await owner.query<{ report: string; sealed: Uint8Array }>(
    `select report, sealed from arrival_part where kind = $1
     union all select report, sealed from report_part where kind = $1 order by report`,
    [kind],
  )
  return Promise.all(
    rows.map(
      ({ report, sealed }) => openJson(desk.keys.identity, sealed, { kind, of: report }) as Promise<T>,
    ),
  )
}

/** Every report that was released: its opened sections by kind, files left out. */
export async function openReports(owner: Queryable, desk: TestDesk): Promise<Record<string, unknown>[]> {
  const { rows } = await owner.query<{ report: string; kind: PartKind; sealed: Uint8Array }>(
    `select report, kind, sealed from report_part where kind <> 'file'`,
  )
  const reports = new Map<string, Record<string, unknown>>()
  for (const { report, kind, sealed } of rows) {
    const section = await openJson(desk.keys.identity, sealed, { kind, of: report })
    reports.set(report, { ...reports.get(report), [kind]: section })
  }
  return [...reports.values()]
}

/** How many rows a table has. */
export async function countRows(owner: Queryable, table: string): Promise<number> {
  const { rows } = await owner.query<{ count: number }>(`select count(*)::integer as count from ${table}`)
  return rows[0]?.count ?? -1
}
