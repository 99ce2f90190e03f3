// Addresses inside the Tor network, as tor writes them: a public key with a checksum, so that a typing error shows.
import { createHash } from 'node:crypto'
import { base32 } from '@scure/base'

const ADDRESS = /^http:\/\/([a-z2-7]{56})\.onion$/
const KEY_BYTES = 32
const CHECKSUM_BYTES = 2
const VERSION = 3

/** Whether this is `http://….onion` of version 3 with the right checksum (rend-spec-v3, section 6). */
export function isOnionAddress(text: string): boolean {
  const name = ADDRESS.exec(text)?.[1]
  if (!name) return false
  const bytes = Buffer.from(base32.decode(name.toUpperCase()))
  const key = bytes.subarray(0, KEY_BYTES)
  const [version] = bytes.subarray(KEY_BYTES + CHECKSUM_BYTES)
  if (version !== VERSION) return false
  const wanted = createHash('sha3-256')
    .update('.onion checksum')
    .update(key)
    .update(Buffer.of(VERSION))
    .digest()
  return bytes.subarray(KEY_BYTES, KEY_BYTES + CHECKSUM_BYTES).equals(wanted.subarray(0, CHECKSUM_BYTES))
}
