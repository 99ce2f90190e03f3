/**
 * Refuses recipients that no report may be sealed to: none at all, something that is not an age recipient, or
 * X25519 and post-quantum ones in one file (the file would be only as strong as the weaker kind, silently).
 */
export function assertRecipients(recipients: readonly string[]): void {
  if (recipients.length === 0) throw new Error('no recipient to seal to')
  const kinds = new Set(recipients.map(kindOf))
  if (kinds.has('unknown')) throw new Error('not an age recipient')
  if (kinds.size > 1) throw new Error('X25519 and post-quantum recipients must not be mixed in one file')
}

function kindOf(recipient: string): 'x25519' | 'hybrid' | 'unknown' {
  if (/^age1[02-9ac-hj-np-z]{58}$/.test(recipient)) return 'x25519'
  if (/^age1pq1[02-9ac-hj-np-z]+$/.test(recipient)) return 'hybrid'
  return 'unknown'
}
