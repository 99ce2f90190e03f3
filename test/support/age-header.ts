// Opens the header of an age file with Node's own cryptography, by the specification (age-encryption.org/v1): another
// judge than the library that sealed it, and fast enough to try thousands of keys.
import {
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  hkdfSync,
  type KeyObject,
} from 'node:crypto'

const PRIVATE_PREFIX = Buffer.from('302e020100300506032b656e04220420', 'hex')
const PUBLIC_PREFIX = Buffer.from('302a300506032b656e032100', 'hex')
const LABEL = 'age-encryption.org/v1/X25519'
const KEY_BYTES = 32

export interface Stanza {
  readonly kind: string
  readonly share: Buffer
  readonly body: Buffer
}

export interface Identity {
  readonly key: KeyObject
  readonly recipient: Buffer
}

/** The recipients of an age file. */
export function stanzasOf(file: Uint8Array): Stanza[] {
  const header = Buffer.from(file).toString('latin1').split('\n---')[0] ?? ''
  return [...header.matchAll(/^-> (\S+)(?: (\S+))?.*\n([^-]*)/gm)].map(
    ([, kind = '', share = '', body = '']) => ({
      kind,
      share: Buffer.from(share, 'base64'),
      body: Buffer.from(body.replaceAll('\n', ''), 'base64'),
    }),
  )
}

/** 32 bytes as an X25519 identity. */
export function asIdentity(secret: Uint8Array): Identity {
  const key = createPrivateKey({ key: Buffer.concat([PRIVATE_PREFIX, secret]), format: 'der', type: 'pkcs8' })
  return { key, recipient: createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-KEY_BYTES) }
}

/** Whether this identity gives the key of the file. */
export function opensStanza({ kind, share, body }: Stanza, { key, recipient }: Identity): boolean {
  if (kind !== 'X25519' || share.length !== KEY_BYTES) return false
  const publicKey = createPublicKey({
    key: Buffer.concat([PUBLIC_PREFIX, share]),
    format: 'der',
    type: 'spki',
  })
  const shared = diffieHellman({ privateKey: key, publicKey })
  const wrapping = new Uint8Array(
    hkdfSync('sha256', shared, Buffer.concat([share, recipient]), LABEL, KEY_BYTES),
  )
  const decipher = createDecipheriv('chacha20-poly1305', wrapping, Buffer.alloc(12), { authTagLength: 16 })
  decipher.setAuthTag(body.subarray(-16))
  decipher.update(body.subarray(0, -16))
  try {
    decipher.final()
    return true
  } catch {
    return false
  }
}
