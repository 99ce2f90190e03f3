// Everything about keys that a partner's browser does. The passphrase and what unlocks stay in this page; the
// command line derives the same values, so the constants come from server/report/key-derivation.ts.
import { hkdf } from '@noble/hashes/hkdf.js'
import { hmac } from '@noble/hashes/hmac.js'
import { scryptAsync } from '@noble/hashes/scrypt.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import {
  AUTHENTICATION_LABEL,
  normalisePassphrase,
  PASSPHRASE_SCRYPT,
  PASSPHRASE_WORDS,
  WRAPPING_LABEL,
  WRAPPING_WORK_FACTOR,
} from '../../server/report/key-derivation.js'
import { VOUCH_LABEL, vouchedText } from '../../server/report/new-key.js'
import { PASSKEY_WRAPPING_LABEL } from '../../server/report/second-factor.js'
import { Problem, toBase64 } from './api.js'
import { sealTo } from './reseal.js'

const KEY_BYTES = 32
const SALT_BYTES = 16
const WORD_BITS = 11
const CHECK_WORDS = 6

export interface DerivedKeys {
  /** sent to sign in; says nothing about the wrapping key */
  readonly authentication: Uint8Array
  /** unlocks the member's identity; never sent */
  readonly wrapping: Uint8Array
}

export interface KeyPair {
  readonly identity: string
  readonly recipient: string
}

/** The two values of a passphrase, as typed. Takes a second or so; the page stays usable meanwhile. */
export async function deriveKeys(typed: string, salt: Uint8Array): Promise<DerivedKeys> {
  const encode = (text: string) => new TextEncoder().encode(text)
  const secret = await scryptAsync(encode(normalisePassphrase(typed)), salt, PASSPHRASE_SCRYPT)
  const derive = (label: string) => hkdf(sha256, secret, new Uint8Array(0), encode(label), KEY_BYTES)
  const derived = { authentication: derive(AUTHENTICATION_LABEL), wrapping: derive(WRAPPING_LABEL) }
  secret.fill(0)
  return derived
}

/** The wrapping key that a passkey's own secret gives; the secret is wiped. */
export function passkeyWrapping(secret: Uint8Array): Uint8Array {
  const label = new TextEncoder().encode(PASSKEY_WRAPPING_LABEL)
  const wrapping = hkdf(sha256, secret, new Uint8Array(0), label, KEY_BYTES)
  secret.fill(0)
  return wrapping
}

export function newSalt(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(SALT_BYTES))
}

/** Six words, each equally likely: 65,536 is a multiple of the list's 2,048, so the remainder favours none. */
export function newPassphrase(): string {
  const numbers = crypto.getRandomValues(new Uint16Array(PASSPHRASE_WORDS))
  return Array.from(numbers, (number) => wordlist[number % wordlist.length]).join(' ')
}

export async function newKeyPair(): Promise<KeyPair> {
  const identity = await generateX25519Identity()
  return { identity, recipient: await identityToRecipient(identity) }
}

/** The member's identity as an age file that only the wrapping key opens. */
export function wrapIdentity(identity: string, wrapping: Uint8Array): Promise<Uint8Array> {
  const encrypter = new Encrypter()
  encrypter.setScryptWorkFactor(WRAPPING_WORK_FACTOR)
  encrypter.setPassphrase(toBase64(wrapping))
  return encrypter.encrypt(identity)
}

/** Throws Problem `wrong-passphrase` when the wrapping key is another one. */
export async function unwrapIdentity(wrapped: Uint8Array, wrapping: Uint8Array): Promise<string> {
  const decrypter = new Decrypter()
  decrypter.addPassphrase(toBase64(wrapping))
  try {
    return (await decrypter.decrypt(wrapped, 'text')).trim()
  } catch {
    throw new Problem('wrong-passphrase')
  }
}

/** The desk's identity, sealed to one member. */
export function sealShare(deskIdentity: string, recipient: string): Promise<Uint8Array> {
  const encrypter = new Encrypter()
  encrypter.addRecipient(recipient)
  return encrypter.encrypt(deskIdentity)
}

/**
 * The desk's identity out of a member's share. Throws Problem `key-mismatch` when it cannot be opened or belongs to
 * another recipient: what this browser seals to the desk must be readable with this very key.
 */
export async function openShare(
  share: Uint8Array,
  memberIdentity: string,
  deskRecipient: string,
): Promise<string> {
  try {
    const decrypter = new Decrypter()
    decrypter.addIdentity(memberIdentity)
    const identity = (await decrypter.decrypt(share, 'text')).trim()
    if ((await identityToRecipient(identity)) === deskRecipient) return identity
  } catch {
    // One answer for every way in which the share does not fit.
  }
  throw new Problem('key-mismatch')
}

/** The keys of a desk before the newest, sealed to that one and to its recovery key, as an identity file of age. */
export function sealEarlierKeys(
  earlier: readonly string[],
  newest: { readonly recipient: string; readonly recoveryRecipient: string },
): Promise<Uint8Array> {
  const file = earlier.map((identity) => `${identity}\n`).join('')
  return sealTo([newest.recipient, newest.recoveryRecipient], new TextEncoder().encode(file))
}

/** The identities in such a file. Throws Problem `key-mismatch` when this key does not open it. */
export async function openEarlierKeys(sealed: Uint8Array, identity: string): Promise<string[]> {
  try {
    const decrypter = new Decrypter()
    decrypter.addIdentity(identity)
    const lines = (await decrypter.decrypt(sealed, 'text')).split('\n').map((line) => line.trim())
    return lines.filter((line) => line.startsWith('AGE-SECRET-KEY-'))
  } catch {
    throw new Problem('key-mismatch')
  }
}

/**
 * The word of somebody with the desk's key that a recipient is that of the member of this name. Who puts another recipient
 * on the server cannot make it, so a new key is made only for members whose vouch is right.
 */
export function makeVouch(deskIdentity: string, name: string, recipient: string): Uint8Array {
  const encode = (text: string) => new TextEncoder().encode(text)
  const key = hkdf(sha256, encode(deskIdentity), new Uint8Array(0), encode(VOUCH_LABEL), KEY_BYTES)
  return hmac(sha256, key, encode(vouchedText(name, recipient)))
}

/**
 * Six words that stand for a text such as a member's recipient. Two people compare them by voice before the desk's key is
 * given, or before a new one goes live: a taken-over server could otherwise put a recipient of its own there.
 */
export function checkWords(recipient: string): string {
  const digest = sha256(new TextEncoder().encode(recipient))
  const bits = Array.from(digest, (byte) => byte.toString(2).padStart(8, '0')).join('')
  const numbers = Array.from({ length: CHECK_WORDS }, (_, i) =>
    Number.parseInt(bits.slice(i * WORD_BITS, (i + 1) * WORD_BITS), 2),
  )
  return numbers.map((number) => wordlist[number]).join(' ')
}
