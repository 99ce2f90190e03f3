// Passkeys in the browser. Some devices give a secret beside their signature (the PRF extension); it opens the member's
// key here and goes nowhere. This was only ever seen with a device in software: whatever a device does not give, the
// words do.
import {
  browserSupportsWebAuthn,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  startRegistration,
  WebAuthnAbortService,
} from '@simplewebauthn/browser'
import { PASSKEY_SECRET_INPUT } from '../../server/report/second-factor.js'
import { Problem } from './api.js'
import { passkeyHost, text } from './texts.js'

const CHALLENGE_BYTES = 32

export type AskedForPasskey = PublicKeyCredentialRequestOptionsJSON
export type AskedForNewPasskey = PublicKeyCredentialCreationOptionsJSON

/** What a device answered: `response` for the server, and its secret, which stays here; null where it gives none. */
export interface PasskeyAnswer {
  readonly response: object
  readonly secret: Uint8Array | null
}

/** Why passkeys do not work on this page, in a sentence; null when they do. */
export function whyNoPasskeys(): string | null {
  if (location.hostname !== passkeyHost) return text('passkey.other-address', { host: passkeyHost })
  return isSecureContext && browserSupportsWebAuthn() ? null : text('passkey.no-browser')
}

/**
 * Asks a device to sign. Throws Problem `passkey-stopped` when the member turned back or the device did not come, and
 * `passkey-failed` for whatever else a device does; the signal ends the asking.
 */
export async function usePasskey(options: AskedForPasskey, signal: AbortSignal): Promise<PasskeyAnswer> {
  const given = await ended(signal, () =>
    startAuthentication({ optionsJSON: { ...options, extensions: secretAsked() } }),
  )
  const { clientExtensionResults, ...response } = given
  return { response, secret: secretIn(clientExtensionResults) }
}

/**
 * Asks a device to make a passkey, and for its secret: some give it at once, some when they are asked again, some never.
 * Throws as `usePasskey` does, and `passkey-known` for a device that has one of this member already.
 */
export async function makePasskey(options: AskedForNewPasskey, signal: AbortSignal): Promise<PasskeyAnswer> {
  const given = await ended(signal, () =>
    startRegistration({ optionsJSON: { ...options, extensions: secretAsked() } }),
  )
  const {
    clientExtensionResults,
    response: { attestationObject, clientDataJSON, transports },
    ...named
  } = given
  const response = { ...named, response: { attestationObject, clientDataJSON, transports } }
  const secret = secretIn(clientExtensionResults)
  if (secret !== null || !mayHaveSecret(clientExtensionResults)) return { response, secret }
  const again = await usePasskey(
    {
      // Nobody checks this signature: only the secret is wanted.
      challenge: randomText(),
      rpId: options.rp.id ?? passkeyHost,
      userVerification: 'required',
      allowCredentials: [{ id: given.id, type: 'public-key' }],
    },
    signal,
  ).catch((error: unknown) => {
    // The passkey is made and works; then the words open the key.
    if (signal.aborted) throw error
    return null
  })
  return { response, secret: again?.secret ?? null }
}

/** The bytes are made here: on the way through JSON they would be lost. */
function secretAsked(): object {
  return { prf: { eval: { first: new TextEncoder().encode(PASSKEY_SECRET_INPUT) } } }
}

function secretIn(results: unknown): Uint8Array | null {
  const first = (results as AuthenticationExtensionsClientOutputs).prf?.results?.first
  if (!first) return null
  return ArrayBuffer.isView(first)
    ? new Uint8Array(first.buffer, first.byteOffset, first.byteLength).slice()
    : new Uint8Array(first).slice()
}

function mayHaveSecret(results: unknown): boolean {
  return (results as AuthenticationExtensionsClientOutputs).prf?.enabled === true
}

function randomText(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(CHALLENGE_BYTES))
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

async function ended<T>(signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
  signal.throwIfAborted()
  const stop = () => WebAuthnAbortService.cancelCeremony()
  signal.addEventListener('abort', stop)
  try {
    return await ask()
  } catch (error) {
    signal.throwIfAborted()
    throw new Problem(problemOf(error))
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

function problemOf(error: unknown): string {
  const name = error instanceof Error ? error.name : ''
  if (name === 'NotAllowedError' || name === 'AbortError') return 'passkey-stopped'
  return name === 'InvalidStateError' ? 'passkey-known' : 'passkey-failed'
}
