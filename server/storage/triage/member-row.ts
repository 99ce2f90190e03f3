// A member with what a browser needs to open its keys, as the database gives it.
import type { Role } from '../../report/roles.js'

export interface MemberKeys {
  readonly member: { id: string; name: string }
  readonly roles: readonly Role[]
  /** codes of languages; none is any */
  readonly readingLanguages: readonly string[]
  readonly desk: {
    id: string
    name: string
    /** id of the live key */
    key: string | null
    recipient: string | null
    recoveryRecipient: string | null
    /** the keys before the live one, sealed to it; null when there are none */
    earlier: Uint8Array | null
  }
  /** whether words alone let nobody in */
  readonly asksSecondFactor: boolean
  readonly wrappedIdentity: Uint8Array
  /** the desk's identity sealed to this member; null while nobody gave it */
  readonly share: Uint8Array | null
}

export const MEMBER_KEYS = `
select m.id, m.name, m.roles, m.reading_languages, m.salt, m.authentication_hash, m.wrapped_identity, k.sealed as share,
  d.id as desk_id, d.name as desk_name, d.recipient, d.recovery_recipient, d.asks_second_factor,
  w.id as key_id, w.earlier
from member m join desk d on d.id = m.desk left join desk_key_share k on k.member = m.id and k.desk = m.desk
left join desk_key w on w.desk = d.id and w.live
where not m.left_desk`

export interface MemberRow {
  id: string
  name: string
  roles: Role[]
  reading_languages: string[]
  salt: Uint8Array
  authentication_hash: Uint8Array
  wrapped_identity: Uint8Array
  share: Uint8Array | null
  desk_id: string
  desk_name: string
  recipient: string | null
  recovery_recipient: string | null
  key_id: string | null
  earlier: Uint8Array | null
  asks_second_factor: boolean
}

export type FoundMember = MemberKeys & { readonly salt: Uint8Array; readonly authenticationHash: Uint8Array }

/** A row of MEMBER_KEYS as it is used. */
export function toMember(row: MemberRow): FoundMember {
  return {
    member: { id: row.id, name: row.name },
    roles: row.roles,
    readingLanguages: row.reading_languages,
    desk: {
      id: row.desk_id,
      name: row.desk_name,
      key: row.key_id,
      recipient: row.recipient,
      recoveryRecipient: row.recovery_recipient,
      earlier: row.earlier,
    },
    asksSecondFactor: row.asks_second_factor,
    salt: row.salt,
    authenticationHash: row.authentication_hash,
    wrappedIdentity: row.wrapped_identity,
    share: row.share,
  }
}
