// The member's own key under what only a passkey's device gives.
import { Problem } from './api.js'
import { passkeyWrapping, unwrapIdentity } from './keys.js'

/**
 * The member's identity out of what a passkey unlocks. Null when the device gave no secret or nothing lies under it, or
 * when it does not open: then the words do.
 */
export async function identityOf(
  wrapped: Uint8Array | null,
  secret: Uint8Array | null,
): Promise<string | null> {
  if (wrapped === null || secret === null) return null
  try {
    return await unwrapIdentity(wrapped, passkeyWrapping(secret))
  } catch (error) {
    if (error instanceof Problem) return null
    throw error
  }
}
