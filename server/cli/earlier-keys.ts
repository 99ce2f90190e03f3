// A desk that made a new key keeps the ones before it sealed to it: who has the newest key or sheet opens older reports
// through them.
import { Decrypter } from 'age-encryption'
import { readIdentities } from './identities.js'

/** The identities, and every earlier one that they open, one after another. What does not open is left aside. */
export async function withEarlierKeys(
  identities: readonly string[],
  sealed: readonly Uint8Array[],
): Promise<string[]> {
  const known = new Set(identities)
  for (let before = 0; before < known.size; ) {
    before = known.size
    for (const list of sealed) for (const identity of await openList(known, list)) known.add(identity)
  }
  return [...known]
}

async function openList(identities: Iterable<string>, sealed: Uint8Array): Promise<string[]> {
  const decrypter = new Decrypter()
  for (const identity of identities) decrypter.addIdentity(identity)
  const opened = await decrypter.decrypt(sealed).catch(() => null)
  return opened ? readIdentities(opened, 'the list of earlier keys').catch(() => []) : []
}
