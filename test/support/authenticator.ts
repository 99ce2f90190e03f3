// A device with a passkey, in software: it signs what it is asked, also wrongly where a test says so.
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'

const USER_PRESENT = 1
const USER_VERIFIED = 4
const HAS_KEY = 64

export interface Asking {
  readonly challenge: string
}

/** Where an answer differs from an honest one. */
export interface Lies {
  readonly origin?: string
  readonly rpId?: string
  readonly userVerified?: boolean
  readonly counter?: number
  readonly challenge?: string
  readonly userHandle?: string
  readonly type?: string
  /** one bit of the signature is another */
  readonly badSignature?: boolean
}

export interface Authenticator {
  /** the answer to being asked for a new passkey */
  make(options: Asking & { user: { id: string } }, lies?: Lies): object
  /** the answer to being asked to sign; each one counts */
  answer(options: Asking, lies?: Lies): object
}

const encode = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')
const sha256 = (bytes: Uint8Array | string): Buffer => createHash('sha256').update(bytes).digest()

/** A device at a page of `origin`, which is on the host `rpId`. */
export function createAuthenticator(origin = 'http://localhost', rpId = 'localhost'): Authenticator {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  const credential = randomBytes(32)
  let counter = 0
  let owner = encode(randomBytes(16))

  const clientData = (type: string, challenge: string, lies: Lies) =>
    Buffer.from(
      JSON.stringify({
        type: lies.type ?? type,
        challenge: lies.challenge ?? challenge,
        origin: lies.origin ?? origin,
        crossOrigin: false,
      }),
    )
  const about = (flags: number, lies: Lies) => {
    const count = Buffer.alloc(4)
    count.writeUInt32BE(lies.counter ?? counter)
    const seen = lies.userVerified === false ? 0 : USER_VERIFIED
    return Buffer.concat([sha256(lies.rpId ?? rpId), Buffer.from([flags | USER_PRESENT | seen]), count])
  }
  const named = { id: encode(credential), rawId: encode(credential), type: 'public-key' }

  return {
    make(options, lies = {}) {
      owner = options.user.id
      const key = Buffer.concat([
        Buffer.from('a5010203262001215820', 'hex'),
        Buffer.from(x, 'base64url'),
        Buffer.from('225820', 'hex'),
        Buffer.from(y, 'base64url'),
      ])
      const data = Buffer.concat([
        about(HAS_KEY, lies),
        Buffer.alloc(16),
        Buffer.from([0, credential.length]),
        credential,
        key,
      ])
      // CBOR: { fmt: "none", attStmt: {}, authData }
      const attestation = Buffer.concat([
        Buffer.from('a363666d74646e6f6e656761747453746d74a068617574684461746158', 'hex'),
        Buffer.from([data.length]),
        data,
      ])
      return {
        ...named,
        response: {
          attestationObject: encode(attestation),
          clientDataJSON: encode(clientData('webauthn.create', options.challenge, lies)),
          transports: ['internal'],
        },
      }
    },
    answer(options, lies = {}) {
      counter += 1
      const data = about(0, lies)
      const client = clientData('webauthn.get', options.challenge, lies)
      const signature = sign('sha256', Buffer.concat([data, sha256(client)]), privateKey)
      if (lies.badSignature) signature[signature.length - 1] = (signature.at(-1) ?? 0) ^ 1
      return {
        ...named,
        response: {
          authenticatorData: encode(data),
          clientDataJSON: encode(client),
          signature: encode(signature),
          userHandle: lies.userHandle ?? owner,
        },
      }
    },
  }
}
