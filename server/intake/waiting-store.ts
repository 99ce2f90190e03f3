// Where the part of a large file waits that memory has no room for: on the disk, encrypted, without a name.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { makeNamelessFile } from '../sanitising/index.js'

const BLOCK_BYTES = 1024 * 1024
const TAG_BYTES = 16
const NONCE_BYTES = 12

export interface WaitingStore {
  /** Takes the next bytes, and overwrites nothing but what it copied. */
  append(piece: Uint8Array): Promise<void>
  /** Everything that was appended, from the start. Throws when the disk gives back something else. */
  pieces(): AsyncGenerator<Uint8Array, void, undefined>
  /** Forgets the key; the file is gone with its last reader. */
  close(): Promise<void>
}

/**
 * Opens an empty one in the folder for temporary files (TMPDIR). The key never leaves this process, each block is
 * encrypted by itself (AES-256-GCM, its number as nonce), and the file has no name: after a crash nothing is there,
 * and nothing on the disk can be read. Throws what the system says where files cannot be without a name.
 */
export async function openWaitingStore(folder = tmpdir()): Promise<WaitingStore> {
  const file = await makeNamelessFile(folder)
  const key = randomBytes(32)
  let open: Buffer[] = []
  let openBytes = 0
  let blocks = 0

  const nonceOf = (block: number): Buffer => {
    const nonce = Buffer.alloc(NONCE_BYTES)
    nonce.writeUInt32BE(block)
    return nonce
  }
  const writeBlock = async (plain: Buffer): Promise<void> => {
    const cipher = createCipheriv('aes-256-gcm', key, nonceOf(blocks))
    const sealed = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()])
    plain.fill(0)
    const at = blocks++ * (BLOCK_BYTES + TAG_BYTES)
    await file.write(sealed, 0, sealed.length, at)
  }
  const readBlock = async (block: number): Promise<Buffer> => {
    const sealed = Buffer.alloc(BLOCK_BYTES + TAG_BYTES)
    const { bytesRead } = await file.read(sealed, 0, sealed.length, block * sealed.length)
    if (bytesRead !== sealed.length) throw new Error('a waiting file is cut short')
    const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(block))
    decipher.setAuthTag(sealed.subarray(BLOCK_BYTES))
    return Buffer.concat([decipher.update(sealed.subarray(0, BLOCK_BYTES)), decipher.final()])
  }

  return {
    async append(piece) {
      open.push(Buffer.from(piece))
      openBytes += piece.length
      if (openBytes < BLOCK_BYTES) return
      const whole = Buffer.concat(open)
      const rest = openBytes % BLOCK_BYTES
      const end = openBytes - rest
      open = rest > 0 ? [Buffer.from(whole.subarray(end))] : []
      openBytes = rest
      for (let at = 0; at < end; at += BLOCK_BYTES) await writeBlock(whole.subarray(at, at + BLOCK_BYTES))
    },
    async *pieces() {
      for (let block = 0; block < blocks; block++) yield await readBlock(block)
      if (openBytes > 0) yield Buffer.concat(open)
    },
    async close() {
      key.fill(0)
      open = []
      await file.close()
    },
  }
}
