// Reads a file with age identities as `age -i` does, as somebody typed it from a recovery sheet (spaces, small
// letters), or in the layout of demonstration-desk.txt. No sentence of here quotes the file: it is the key.
import { identityToRecipient } from 'age-encryption'
import { CommandProblem } from './command.js'

const IDENTITY = /^AGE-SECRET-KEY-(PQ-)?1[0-9A-Z]+$/
/** `names: sam, noor` and other lines of the demonstration's file */
const LABEL = /^([a-z][a-z ]*):\s*/i

/** The identities of a file, for a Decrypter. Throws CommandProblem. */
export async function readIdentities(bytes: Uint8Array, name: string): Promise<string[]> {
  const text = Buffer.from(bytes).toString('utf8')
  if (/^(age-encryption\.org\/|-----BEGIN AGE)/.test(text.trimStart())) {
    throw new CommandProblem(`${name} is itself sealed: open it with age -d first`)
  }
  const identities: string[] = []
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const found = readLine(line)
    if (found === 'nothing') continue
    if (found === 'unknown' || !(await isValid(found.identity))) {
      throw new CommandProblem(`line ${index + 1} of ${name} is not an age identity: was it copied whole?`)
    }
    identities.push(found.identity)
  }
  if (identities.length === 0) throw new CommandProblem(`${name} holds no age identity (AGE-SECRET-KEY-1...)`)
  return identities
}

function readLine(line: string): 'nothing' | 'unknown' | { identity: string } {
  const trimmed = line.trim()
  if (trimmed === '' || trimmed.startsWith('#')) return 'nothing'
  const label = LABEL.exec(trimmed)
  const isOther = label !== null && !/identity$/i.test(label[1] ?? '')
  if (isOther) return 'nothing'
  const identity = trimmed
    .slice(label?.[0].length ?? 0)
    .replace(/\s/g, '')
    .toUpperCase()
  return IDENTITY.test(identity) ? { identity } : 'unknown'
}

/** Its check sum tells a mistake in typing. */
async function isValid(identity: string): Promise<boolean> {
  return identityToRecipient(identity).then(
    () => true,
    () => false,
  )
}
