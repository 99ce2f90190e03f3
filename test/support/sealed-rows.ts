// Everything sealed to the desk as it lies in the database, for tests that seal it anew.
import { Decrypter } from 'age-encryption'
import type { Queryable } from '../../server/storage/connect.js'

export interface SealedRow {
  readonly place: string
  readonly id: string
  readonly kind: string
  readonly sealed: Buffer
}

/** Every part of reports in these states, and everything in mailboxes, put together again. */
export async function sealedRows(
  owner: Queryable,
  states: readonly string[] = ['waiting', 'claimed', 'assessed'],
): Promise<SealedRow[]> {
  const { rows } = await owner.query<SealedRow>(
    `select 'report_part' as place, p.id, p.kind, string_agg(p.sealed, '' order by p.chunk) as sealed
       from report_part p join queue_item q on q.report = p.report where q.state = any ($1) group by p.id, p.kind
     union all select 'question', id, 'question', sealed from question
     union all select 'answer', id, 'answer', sealed from answer
     union all select 'addition', id, kind, string_agg(sealed, '' order by chunk) from addition group by id, kind
     order by 1, 2`,
    [states],
  )
  return rows
}

/** What lies in a sealed row, in hexadecimal; null when this key does not open it. */
export async function openedBy(identity: string, { sealed }: SealedRow): Promise<string | null> {
  const decrypter = new Decrypter()
  decrypter.addIdentity(identity)
  return decrypter.decrypt(sealed).then(
    (plain) => Buffer.from(plain).toString('hex'),
    () => null,
  )
}
