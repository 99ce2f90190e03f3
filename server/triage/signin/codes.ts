// Codes of an app (TOTP, RFC 6238). Their secret lies sealed under a key that comes from the member's words: whoever
// takes the database gets no codes, and a code is looked at only by somebody who showed the words.
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import { CODE_DIGITS, CODE_SECONDS } from '../../report/second-factor.js'

const LABEL = 'baken code secret sealing key'
const IV_BYTES = 12
const TAG_BYTES = 16
const KEY_BYTES = 32
/** A clock may be half a minute off. */
const DRIFT_STEPS = 1

/** Seals the secret of a member's codes: nonce, tag, then AES-256-GCM, bound to the member. */
export function sealCodeSecret(secret: Uint8Array, authentication: Uint8Array, member: string): Uint8Array {
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', sealingKey(authentication), iv).setAAD(Buffer.from(member))
  const sealed = Buffer.concat([cipher.update(secret), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), sealed])
}

/** The secret of a member's codes. Throws when the words, or the member, are others. */
export function openCodeSecret(sealed: Uint8Array, authentication: Uint8Array, member: string): Uint8Array {
  const bytes = Buffer.from(sealed)
  const decipher = createDecipheriv('aes-256-gcm', sealingKey(authentication), bytes.subarray(0, IV_BYTES), {
    authTagLength: TAG_BYTES,
  })
    .setAAD(Buffer.from(member))
    .setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
  return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()])
}

/**
 * The step (half minutes since 1970) that a code belongs to: this one, or the one before or after. Null for any other
 * code. Whether it was used before is not known here.
 */
export function stepOfCode(secret: Uint8Array, code: string, now: Date): number | null {
  const totp = new TOTP({
    secret: new Secret({ buffer: new Uint8Array(secret).buffer }),
    algorithm: 'SHA1',
    digits: CODE_DIGITS,
    period: CODE_SECONDS,
  })
  const timestamp = now.getTime()
  const delta = totp.validate({ token: code, timestamp, window: DRIFT_STEPS })
  return delta === null ? null : Math.floor(timestamp / 1000 / CODE_SECONDS) + delta
}

function sealingKey(authentication: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', authentication, new Uint8Array(), LABEL, KEY_BYTES))
}
