// The code with which a reporter can come back. It is never stored: a memory-hard, peppered derivation of it finds
// the mailbox, and the same derivation gives the key the desk's questions are sealed to.

import { hkdfSync, type ScryptOptions, scrypt } from 'node:crypto'
import { bech32 } from '@scure/base'
import { identityToRecipient } from 'age-encryption'

declare const codeBrand: unique symbol
/** 24 digits: 22 random ones and two check digits. */
export type ReceiptCode = string & { readonly [codeBrand]: true }

declare const identityBrand: unique symbol
/** The age identity of one mailbox, derived from a code that was just typed. Opens questions, never reports. */
export type MailboxIdentity = string & { readonly [identityBrand]: true }

export interface MailboxKeys {
  /** finds the mailbox; 32 bytes */
  readonly lookup: Uint8Array
  readonly identity: MailboxIdentity
  readonly recipient: string
}

const RANDOM_DIGITS = 22
const SCRYPT: ScryptOptions = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 }

/** A fresh code. `random` gives that many random bytes. */
export function makeReceiptCode(random: (bytes: number) => Uint8Array): ReceiptCode {
  let digits = ''
  while (digits.length < RANDOM_DIGITS) {
    // Bytes from 250 up would make some digits likelier than others.
    for (const byte of random(RANDOM_DIGITS)) if (byte < 250) digits += byte % 10
  }
  digits = digits.slice(0, RANDOM_DIGITS)
  return (digits + checkDigits(digits)) as ReceiptCode
}

/**
 * Reads a code as somebody typed it: digits of any script, spaces, hyphens and dots between them. Null when it does
 * not have 24 digits or the check digits are wrong; that is told at once, as it says nothing of any mailbox.
 */
export function readReceiptCode(typed: string): ReceiptCode | null {
  let digits = ''
  for (const sign of typed.normalize('NFKC')) {
    const value = digitValue(sign)
    if (value !== null) digits += value
    else if (!/[\s\p{Pd}.,·_\p{Cf}]/u.test(sign)) return null
  }
  if (digits.length !== RANDOM_DIGITS + 2) return null
  return digits.slice(RANDOM_DIGITS) === checkDigits(digits.slice(0, RANDOM_DIGITS))
    ? (digits as ReceiptCode)
    : null
}

/** Six groups of four, as it is shown. */
export function groupReceiptCode(code: ReceiptCode): string[] {
  return code.match(/\d{4}/g) ?? []
}

/** Two check digits by ISO 7064 MOD 97-10: they catch every single wrong digit and every swap of two neighbours. */
function checkDigits(digits: string): string {
  const rest = BigInt(digits) * 100n
  return String(98n - (rest % 97n)).padStart(2, '0')
}

/** Unicode lays the ten digits of a script side by side, starting at a digit zero. */
function digitValue(sign: string): number | null {
  if (!/^\p{Nd}$/u.test(sign)) return null
  const point = sign.codePointAt(0) ?? 0
  let zero = point
  while (/^\p{Nd}$/u.test(String.fromCodePoint(zero - 1))) zero--
  // Some scripts' digits touch the next script's: tens follow each other from the first zero on.
  return (point - zero) % 10
}

/** Derives the keys of a code: 32 MiB of scrypt, so `turn` lets only a few run at once. */
export function createMailboxKeys(
  pepper: Uint8Array,
  turn: <T>(task: () => Promise<T>) => Promise<T>,
): (code: ReceiptCode) => Promise<MailboxKeys> {
  return (code) => turn(() => deriveKeys(code, pepper))
}

async function deriveKeys(code: ReceiptCode, pepper: Uint8Array): Promise<MailboxKeys> {
  const stretched = await new Promise<Buffer>((resolve, reject) =>
    scrypt(code, pepper, 32, SCRYPT, (error, key) => (error ? reject(error) : resolve(key))),
  )
  const derive = (label: string) => new Uint8Array(hkdfSync('sha256', stretched, pepper, label, 32))
  const identity = bech32
    .encodeFromBytes('AGE-SECRET-KEY-', derive('baken mailbox identity'))
    .toUpperCase() as MailboxIdentity
  return { lookup: derive('baken mailbox lookup'), identity, recipient: await identityToRecipient(identity) }
}
