// Making a new key of the desk. It is made here, sealed to the members whose recipients are vouched for, and proposed; it
// goes live when the operator accepts it after hearing its words.
import { identityToRecipient } from 'age-encryption'
import { wordsStandFor } from '../../server/report/new-key.js'
import { api, type KeyAnswer, Problem, type Session, toBase64 } from './api.js'
import type { Desk } from './context.js'
import { checkWords, type KeyPair, makeVouch, newKeyPair, sealEarlierKeys, sealShare } from './keys.js'

type KeyMember = KeyAnswer['members'][number]

/** Who gets a new key at once, and who waits until somebody compared words with them. */
export interface Receivers {
  readonly get: readonly KeyMember[]
  readonly wait: readonly KeyMember[]
}

/**
 * Divides the members of the desk. With the live key those get the new one whose recipient it vouches for; without it
 * (after the recovery sheet) nobody but the member who makes it.
 */
export function divideMembers(
  { members }: Pick<KeyAnswer, 'members'>,
  self: string,
  liveKey: string | null,
): Receivers {
  const isVouched = ({ id, name, recipient, vouch }: KeyMember): boolean =>
    id === self ||
    (liveKey !== null && vouch !== null && vouch === toBase64(makeVouch(liveKey, name, recipient)))
  return { get: members.filter(isVouched), wait: members.filter((member) => !isVouched(member)) }
}

export interface KeyToMake {
  readonly session: Session
  /** identity of the member who makes it */
  readonly member: string
  /** everything that opens what came so far, newest first */
  readonly earlier: readonly string[]
  /** the recovery recipient that goes with it, of the sheet in the safe or of a new one */
  readonly recoveryRecipient: string
  readonly receivers: Receivers
}

/**
 * Makes a key and proposes it, and reads it back: what the operator will accept is what was made. Throws Problem
 * `conflict` when another proposal waits, or when the desk has another key by now.
 */
export async function proposeNewKey(desk: Desk, making: KeyToMake): Promise<void> {
  const { session, member, earlier, recoveryRecipient, receivers } = making
  const made: KeyPair = await newKeyPair()
  const own = await identityToRecipient(member)
  const shares = await Promise.all(
    receivers.get.map(async ({ id, name, recipient }) => {
      // For oneself never what the server says.
      const to = id === session.member.id ? own : recipient
      const sealed = toBase64(await sealShare(made.identity, to))
      return { member: id, sealed, vouch: toBase64(makeVouch(made.identity, name, to)) }
    }),
  )
  const recipients = { recipient: made.recipient, recoveryRecipient }
  const proposal = {
    id: crypto.randomUUID(),
    replaces: session.desk.key,
    ...recipients,
    earlier: toBase64(await sealEarlierKeys(earlier, recipients)),
    shares,
  }
  await api.proposeKey(proposal)
  const { proposal: stored } = await api.key(desk.signal)
  const isSame =
    stored?.id === proposal.id &&
    stored.recipient === proposal.recipient &&
    stored.recoveryRecipient === proposal.recoveryRecipient &&
    stored.earlier === proposal.earlier &&
    shares.every((share) =>
      stored.shares.some((one) => one.member === share.member && one.sealed === share.sealed),
    )
  if (!isSame) {
    await api.withdrawKey(proposal.id).catch(() => undefined)
    throw new Problem('key-mismatch')
  }
  desk.memory.proposed = { id: proposal.id, ...recipients }
}

/** The words that the operator has to hear: of the key that was made here, whatever the server says. */
export function wordsOfProposal(proposed: {
  readonly recipient: string
  readonly recoveryRecipient: string
}): string {
  return checkWords(wordsStandFor(proposed))
}

const PREFIX = 'AGESECRETKEY1'

/** A key as somebody types it from a sheet: groups, spaces, hyphens and small letters. Null when it is none. */
export async function readTypedIdentity(
  typed: string,
): Promise<{ identity: string; recipient: string } | null> {
  const signs = typed.replace(/[^0-9a-z]/gi, '').toUpperCase()
  if (!signs.startsWith(PREFIX)) return null
  const identity = `AGE-SECRET-KEY-1${signs.slice(PREFIX.length)}`
  try {
    return { identity, recipient: await identityToRecipient(identity) }
  } catch {
    return null
  }
}
