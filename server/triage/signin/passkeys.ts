// Passkeys (WebAuthn). A device signs a question that is asked once, for the address of this app, after its owner showed
// it who they are. What else it gives (a secret, where it can) never comes here.
import { randomBytes } from 'node:crypto'
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server'
import { z } from 'zod'
import type { ChallengePurpose, FoundMember, Passkey } from '../../storage/triage/index.js'
import { hashToken, type TriageParts } from '../access.js'

const CHALLENGE_BYTES = 32
const TIMEOUT_MS = 300_000
/** EdDSA, ES256, RS256. */
const ALGORITHMS = [-8, -7, -257]

/** It brings readers of certificates along, and most processes of a test never see a passkey. */
const library = () => import('@simplewebauthn/server')

const encoded = (most: number) =>
  z
    .string()
    .max(most)
    .regex(/^[\w-]+$/)
const shared = {
  id: encoded(2000),
  rawId: encoded(2000),
  type: z.literal('public-key'),
  authenticatorAttachment: z.string().max(40).optional(),
}

/** What a browser sends after asking a device; what an extension gave is not among it. */
export const assertionSchema = z.strictObject({
  ...shared,
  response: z.strictObject({
    authenticatorData: encoded(8000),
    clientDataJSON: encoded(8000),
    signature: encoded(8000),
    userHandle: encoded(200).optional(),
  }),
})
export const attestationSchema = z.strictObject({
  ...shared,
  response: z.strictObject({
    attestationObject: encoded(40_000),
    clientDataJSON: encoded(8000),
    transports: z
      .array(z.string().regex(/^[a-z-]{1,20}$/))
      .max(10)
      .optional(),
  }),
})

export type Assertion = z.infer<typeof assertionSchema>
export type Attestation = z.infer<typeof attestationSchema>

/** For whom a question is asked; no member before somebody is signed in. */
export interface Asked {
  readonly purpose: ChallengePurpose
  readonly member: string | null
}

/** A question for any passkey of this site. */
export async function askPasskey(
  { storage, relyingParty }: TriageParts,
  asked: Asked,
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const challenge = randomBytes(CHALLENGE_BYTES)
  await storage.addChallenge({ hash: hashToken(challenge.toString('base64url')), ...asked })
  return {
    challenge: challenge.toString('base64url'),
    rpId: relyingParty().id,
    timeout: TIMEOUT_MS,
    userVerification: 'required',
    allowCredentials: [],
  }
}

/**
 * The passkey that answered, when all of it is right: the question was asked for this and not answered before, the
 * address and the signature are right, the device knew its owner, it is a member's, and its counter went on. Null for
 * every other answer, without telling which; a counter that went back is written down.
 */
export async function checkAssertion(
  { storage, relyingParty }: TriageParts,
  assertion: Assertion,
  asked: Asked,
): Promise<Passkey | null> {
  const challenge = challengeOf(assertion.response.clientDataJSON)
  if (challenge === null) return null
  if (!(await storage.takeChallenge({ hash: hashToken(challenge), ...asked }))) return null
  const passkey = await storage.findPasskey(Buffer.from(assertion.id, 'base64url'))
  if (!passkey || !belongsTo(passkey, assertion, asked)) return null
  const counter = await verify(relyingParty(), assertion, challenge, passkey)
  if (counter === null) return null
  if (await storage.countPasskeyUse(passkey.id, counter)) return passkey
  await storage.addAuditLine({ act: 'member.passkey-refused', member: passkey.member })
  return null
}

function belongsTo(passkey: Passkey, { response }: Assertion, { member }: Asked): boolean {
  if (member !== null && member !== passkey.member) return false
  return response.userHandle === undefined || response.userHandle === userHandle(passkey.member)
}

async function verify(
  party: { id: string; origin: string },
  assertion: Assertion,
  challenge: string,
  passkey: Passkey,
): Promise<number | null> {
  const { verifyAuthenticationResponse } = await library()
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: { ...assertion, clientExtensionResults: {} } as AuthenticationResponseJSON,
      expectedChallenge: challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: true,
      credential: {
        id: assertion.id,
        publicKey: new Uint8Array(passkey.publicKey),
        // Compared in the database, where of two answers at once only one counts.
        counter: 0,
      },
    })
    return verified ? authenticationInfo.newCounter : null
  } catch {
    return null
  }
}

/** What a device is asked to make a passkey with: kept on it, opened by its owner only. */
export async function askForNewPasskey(
  { storage, relyingParty }: TriageParts,
  { member, desk }: FoundMember,
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const challenge = randomBytes(CHALLENGE_BYTES).toString('base64url')
  await storage.addChallenge({ hash: hashToken(challenge), purpose: 'add', member: member.id })
  const known = await storage.listCredentials(member.id)
  return {
    challenge,
    rp: { id: relyingParty().id, name: desk.name },
    user: { id: userHandle(member.id), name: member.name, displayName: member.name },
    pubKeyCredParams: ALGORITHMS.map((alg) => ({ alg, type: 'public-key' })),
    timeout: TIMEOUT_MS,
    attestation: 'none',
    excludeCredentials: known.map((credential) => ({
      id: Buffer.from(credential).toString('base64url'),
      type: 'public-key',
    })),
    authenticatorSelection: {
      residentKey: 'required',
      requireResidentKey: true,
      userVerification: 'required',
    },
  }
}

export interface MadePasskey {
  readonly credential: Uint8Array
  readonly publicKey: Uint8Array
  readonly counter: number
  readonly transports: readonly string[]
}

/** The passkey that a device made for this member, or null when anything about it is not right. */
export async function checkNewPasskey(
  { storage, relyingParty }: TriageParts,
  attestation: Attestation,
  member: string,
): Promise<MadePasskey | null> {
  const challenge = challengeOf(attestation.response.clientDataJSON)
  if (challenge === null) return null
  if (!(await storage.takeChallenge({ hash: hashToken(challenge), purpose: 'add', member }))) return null
  const { verifyRegistrationResponse } = await library()
  const party = relyingParty()
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: { ...attestation, clientExtensionResults: {} } as RegistrationResponseJSON,
      expectedChallenge: challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: true,
      supportedAlgorithmIDs: ALGORITHMS,
    })
    if (!verified) return null
    const { credential } = registrationInfo
    return {
      credential: Buffer.from(credential.id, 'base64url'),
      publicKey: credential.publicKey,
      counter: credential.counter,
      transports: attestation.response.transports ?? [],
    }
  } catch {
    return null
  }
}

/** The member's random id in bytes: a device shows no name of it to other sites. */
function userHandle(member: string): string {
  return Buffer.from(member.replaceAll('-', ''), 'hex').toString('base64url')
}

/** The question that the browser says it passed on; whether it was asked is looked up. */
function challengeOf(clientDataJson: string): string | null {
  try {
    const data: unknown = JSON.parse(Buffer.from(clientDataJson, 'base64url').toString('utf8'))
    const parsed = z.looseObject({ challenge: z.string().max(200) }).safeParse(data)
    return parsed.success ? parsed.data.challenge : null
  } catch {
    return null
  }
}
