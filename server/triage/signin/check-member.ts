// Whether somebody is the member they say: by words, and with what that member added to them.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { Problem } from '../../problem.js'
import { CODE_DIGITS } from '../../report/second-factor.js'
import type { Factors, FoundMember, Means } from '../../storage/triage/index.js'
import { bytesSchema, type TriageParts } from '../access.js'
import { openCodeSecret, stepOfCode } from './codes.js'
import { assertionSchema, checkAssertion } from './passkeys.js'

/** Ten tries for words and codes together in a quarter of an hour. */
const MOST_ATTEMPTS = 10

/** The shape of a code as an app shows it. */
export const codeSchema = z.string().regex(new RegExp(`^[0-9]{${CODE_DIGITS}}$`))

/** What somebody shows beside a name. */
export const shownSchema = {
  authentication: bytesSchema(32, 32),
  code: codeSchema.optional(),
  passkey: assertionSchema.optional(),
}

export interface Shown {
  readonly authentication: Uint8Array
  readonly code?: string | undefined
  readonly passkey?: z.infer<typeof assertionSchema> | undefined
}

export interface CheckedMember {
  readonly member: FoundMember
  readonly factors: Factors
  readonly means: Means
}

/** A number that stands for a name and tells nothing of it. */
export async function keyedName({ storage }: TriageParts, use: string, name: string): Promise<Buffer> {
  return createHmac('sha256', await storage.readSignInSecret())
    .update(`${use} ${name.toLowerCase()}`)
    .digest()
}

/**
 * The member of these words. Who added codes or a passkey must show one as well: only after right words the answer is
 * `code-needed` or `passkey-needed`, so nobody learns from it who has which. Throws `too-many-attempts`; `not-signed-in`
 * for wrong words, unknown names and passkeys that do not fit; `code-wrong` also for a code that was used before.
 */
export async function checkMember(parts: TriageParts, name: string, shown: Shown): Promise<CheckedMember> {
  const { member, forget } = await checkWords(parts, name, shown.authentication)
  const factors = await parts.storage.findFactors(member.member.id)
  const means = await checkSecondFactor(parts, member.member.id, factors, shown)
  await forget()
  return { member, factors, means }
}

/**
 * Somebody who is signed in shows the words once more, under which something will be sealed. Throws
 * `too-many-attempts`, or `not-allowed` for other words.
 */
export async function checkOwnWords(
  parts: TriageParts,
  name: string,
  authentication: Uint8Array,
): Promise<void> {
  const { forget } = await checkWords(parts, name, authentication).catch(staySignedIn)
  await forget()
}

/** The session stays: it is the words, or the passkey, that were wrong. */
export function staySignedIn(error: unknown): never {
  throw error instanceof Problem && error.code === 'not-signed-in' ? new Problem('not-allowed') : error
}

/** The member, and what forgets the tries when all of it was right. */
async function checkWords(
  parts: TriageParts,
  name: string,
  authentication: Uint8Array,
): Promise<{ member: FoundMember; forget(): Promise<void> }> {
  const { storage } = parts
  const nameHash = await keyedName(parts, 'attempts', name)
  // Counted before it is checked, so that many tries at once are counted too.
  if ((await storage.countAttempt(nameHash)) > MOST_ATTEMPTS) throw new Problem('too-many-attempts')
  const member = await storage.findMemberByName(name)
  if (!fits(authentication, member?.authenticationHash) || !member) throw new Problem('not-signed-in')
  return { member, forget: () => storage.forgetAttempts(nameHash) }
}

async function checkSecondFactor(
  parts: TriageParts,
  member: string,
  { code, passkeys }: Factors,
  shown: Shown,
): Promise<Means> {
  if (shown.passkey) {
    const passkey = await checkAssertion(parts, shown.passkey, { purpose: 'sign-in', member: null })
    if (passkey?.member !== member) throw new Problem('not-signed-in')
    return 'words_and_passkey'
  }
  if (code) {
    if (shown.code === undefined) throw new Problem('code-needed')
    const secret = openCodeSecret(code.sealedSecret, shown.authentication, member)
    const step = stepOfCode(secret, shown.code, parts.clock())
    secret.fill(0)
    if (step === null || !(await parts.storage.spendCode(member, step))) throw new Problem('code-wrong')
    return 'words_and_code'
  }
  if (passkeys > 0) throw new Problem('passkey-needed')
  return 'words'
}

/** Takes as long for an unknown name as for a wrong value. */
function fits(authentication: Uint8Array, expected: Uint8Array | undefined): boolean {
  const given = createHash('sha256').update(authentication).digest()
  return timingSafeEqual(given, expected ?? createHash('sha256').digest())
}
