// Opening, on a machine of the holder of the key. The one file outside the browser that opens reports.
import { Decrypter } from 'age-encryption'
import { type PartLabel, unpackPart } from '../report/envelope.js'
import type { SealedFile } from './sealed-files.js'

export interface OpenedPart {
  readonly label: PartLabel
  readonly body: Uint8Array
}

export interface UnopenedPart {
  readonly name: string
  /** the rest of a sentence that begins with the name */
  readonly why: string
}

export interface Opened {
  readonly parts: readonly OpenedPart[]
  readonly failed: readonly UnopenedPart[]
}

/** Opens what these identities open; what they do not is told one by one. */
export async function openParts(
  identities: readonly string[],
  files: readonly SealedFile[],
): Promise<Opened> {
  const decrypter = new Decrypter()
  for (const identity of identities) decrypter.addIdentity(identity)
  const parts: OpenedPart[] = []
  const failed: UnopenedPart[] = []
  for (const { name, sealed } of files) {
    const opened = sealed === null ? 'is not an age file' : await openOne(decrypter, sealed)
    if (typeof opened === 'string') failed.push({ name, why: opened })
    else parts.push(opened)
  }
  return { parts, failed }
}

async function openOne(decrypter: Decrypter, sealed: Uint8Array): Promise<OpenedPart | string> {
  let packed: Uint8Array
  try {
    packed = await decrypter.decrypt(sealed)
  } catch (error) {
    const isOther = error instanceof Error && error.message.startsWith('no identity matched')
    return isOther ? 'was not sealed to this identity' : 'is damaged or cut short'
  }
  try {
    return unpackPart(packed)
  } catch {
    return 'opens, but is not a part of a report'
  }
}
