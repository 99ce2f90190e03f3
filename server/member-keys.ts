// Makes a member's keys outside a browser, with the derivation of views/browser/keys.ts: for the demonstration desk
// and for tests. A real desk's keys are made in its members' browsers.

import { createHmac, hkdfSync, randomBytes, randomInt, scryptSync } from 'node:crypto'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import { Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import {
  AUTHENTICATION_LABEL,
  normalisePassphrase,
  PASSPHRASE_SCRYPT,
  PASSPHRASE_WORDS,
  WRAPPING_LABEL,
  WRAPPING_WORK_FACTOR,
} from './report/key-derivation.js'
import { VOUCH_LABEL, vouchedText } from './report/new-key.js'

const SALT_BYTES = 16

export interface DerivedKeys {
  /** sent to sign in; 32 bytes */
  readonly authentication: Uint8Array
  /** unlocks the member's identity; 32 bytes, never sent */
  readonly wrapping: Uint8Array
}

/** The two values a passphrase gives; about a tenth of a second. */
export function deriveKeys(passphrase: string, salt: Uint8Array): DerivedKeys {
  const { N, r, p, dkLen } = PASSPHRASE_SCRYPT
  const stretched = scryptSync(normalisePassphrase(passphrase), salt, dkLen, {
    N,
    r,
    p,
    maxmem: 64 * 1024 * 1024,
  })
  const expand = (label: string) => new Uint8Array(hkdfSync('sha256', stretched, new Uint8Array(), label, 32))
  return { authentication: expand(AUTHENTICATION_LABEL), wrapping: expand(WRAPPING_LABEL) }
}

/** Six random words, 66 bits. */
export function makePassphrase(): string {
  return Array.from({ length: PASSPHRASE_WORDS }, () => wordlist[randomInt(wordlist.length)]).join(' ')
}

export interface MemberKeys {
  readonly salt: Uint8Array
  readonly authentication: Uint8Array
  readonly recipient: string
  readonly wrappedIdentity: Uint8Array
}

/** A fresh member identity, wrapped under the passphrase. */
export async function makeMemberKeys(passphrase: string): Promise<MemberKeys> {
  const salt = new Uint8Array(randomBytes(SALT_BYTES))
  const { authentication, wrapping } = deriveKeys(passphrase, salt)
  const identity = await generateX25519Identity()
  const encrypter = new Encrypter()
  encrypter.setPassphrase(Buffer.from(wrapping).toString('base64'))
  encrypter.setScryptWorkFactor(WRAPPING_WORK_FACTOR)
  return {
    salt,
    authentication,
    recipient: await identityToRecipient(identity),
    wrappedIdentity: await encrypter.encrypt(identity),
  }
}

export interface DeskKeys {
  readonly identity: string
  readonly recipient: string
  readonly recoveryIdentity: string
  readonly recoveryRecipient: string
}

/** A fresh desk key and its recovery key. */
export async function makeDeskKeys(): Promise<DeskKeys> {
  const identity = await generateX25519Identity()
  const recoveryIdentity = await generateX25519Identity()
  return {
    identity,
    recipient: await identityToRecipient(identity),
    recoveryIdentity,
    recoveryRecipient: await identityToRecipient(recoveryIdentity),
  }
}

/** The desk's identity, sealed to one member. */
export async function sealShare(deskIdentity: string, memberRecipient: string): Promise<Uint8Array> {
  const encrypter = new Encrypter()
  encrypter.addRecipient(memberRecipient)
  return encrypter.encrypt(deskIdentity)
}

/** The word of somebody who has the desk's key that the recipient is that of the member of this name; 32 bytes. */
export function makeVouch(deskIdentity: string, name: string, recipient: string): Uint8Array {
  const key = new Uint8Array(hkdfSync('sha256', deskIdentity, new Uint8Array(), VOUCH_LABEL, 32))
  return createHmac('sha256', key).update(vouchedText(name, recipient)).digest()
}
