// One passphrase gives two values that say nothing about each other: one proves who signs in, the other unlocks
// the member's key. Browser and command line derive them alike, so the constants stand here once.

/** scrypt at work factor 15 (32 MiB): a few seconds in a browser, and six generated words carry 66 bits. */
export const PASSPHRASE_SCRYPT = { N: 2 ** 15, r: 8, p: 1, dkLen: 64 } as const
/** HKDF labels: the authentication value is sent, the wrapping key never leaves the browser. */
export const AUTHENTICATION_LABEL = 'baken sign-in authentication value'
export const WRAPPING_LABEL = 'baken member identity wrapping key'
/** The wrapping key already went through scrypt, so age's own passphrase step can be cheap. */
export const WRAPPING_WORK_FACTOR = 10
export const PASSPHRASE_WORDS = 6

/** Words as somebody types them: case, spaces and hyphens between them do not matter. */
export function normalisePassphrase(typed: string): string {
  return typed
    .normalize('NFKC')
    .toLowerCase()
    .split(/[\s-]+/)
    .filter(Boolean)
    .join(' ')
}
