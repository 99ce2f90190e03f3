// Many reports at once, released and sealed as real ones are, without a form for each: for the desk's side of things.
import { randomUUID } from 'node:crypto'
import { packJson } from '../../server/report/envelope.js'
import type { ReportHeader } from '../../server/report/report.js'
import type { Queryable } from '../../server/storage/connect.js'
import type { TestDesk } from './desk.js'
import { sealTo } from './desk-client.js'

export interface ReportToMake {
  readonly header?: Partial<ReportHeader>
  readonly urgent?: boolean
  readonly halfDay?: string
  readonly files?: number
}

const HEADER: ReportHeader = {
  language: 'nl',
  vantage: 'citizen',
  municipality: null,
  forms: [],
  signs: 1,
  danger: null,
  minor: false,
  when: null,
  mailbox: null,
  alike: null,
}

/** Puts these reports, with nothing but their headers, where the release finds them; gives their ids. */
export async function makeReports(
  owner: Queryable,
  desk: TestDesk,
  reports: readonly ReportToMake[],
): Promise<string[]> {
  return Promise.all(
    reports.map(async ({ header, urgent = false, halfDay = '2026-11-23 pm', files = 0 }) => {
      const id = randomUUID()
      const sealed = await sealTo(
        [desk.keys.recipient],
        packJson({ kind: 'header', of: id }, { ...HEADER, ...header }),
      )
      await owner.query(`insert into arrival values ($1, $2, 'national', $3, $4, $5)`, [
        id,
        desk.id,
        urgent,
        halfDay,
        files,
      ])
      await owner.query(`insert into arrival_part values ($1, 0, $2, 'header', $3)`, [
        randomUUID(),
        id,
        sealed,
      ])
      return id
    }),
  )
}
