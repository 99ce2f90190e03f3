// What browser and command line must both know of a new key of the desk.

/** Where parts lie that may have to be sealed anew. */
export const SEALED_PLACES = ['report_part', 'question', 'answer', 'addition'] as const
export type SealedPlace = (typeof SEALED_PLACES)[number]

/** HKDF label of the key under which members vouch for each other's recipients; derived from the desk's identity. */
export const VOUCH_LABEL = 'baken vouch for the recipient of a member'

/**
 * What the check words of a proposed key stand for: both recipients, because reports are sealed to both. A recovery
 * recipient that somebody exchanged would read everything too.
 */
export function wordsStandFor(key: {
  readonly recipient: string
  readonly recoveryRecipient: string
}): string {
  return `${key.recipient} ${key.recoveryRecipient}`
}

/** What a vouch is computed over: the name that people see, and the recipient. */
export function vouchedText(name: string, recipient: string): string {
  return JSON.stringify([name, recipient])
}
