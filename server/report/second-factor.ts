// What browser and server must agree on about passkeys and codes of an app.

/** HKDF label of the key that a passkey's own secret gives; it unlocks the member's identity in the browser. */
export const PASSKEY_WRAPPING_LABEL = 'baken member identity passkey wrapping key'
/**
 * What a passkey is asked to derive its secret from. The same for everybody: who signs in by passkey alone gives no name
 * to look another value up by, and each passkey makes another secret of it.
 */
export const PASSKEY_SECRET_INPUT = 'baken member identity passkey secret 1'

export const CODE_DIGITS = 6
export const CODE_SECONDS = 30
/** 160 bits, as RFC 4226 asks. */
export const CODE_SECRET_BYTES = 20

/** Words of one's own: at least so many signs. */
export const OWN_WORDS_LEAST_SIGNS = 12
/**
 * And so many guesses, as a power of ten. The library's best score begins at ten, which is meant for a door that counts
 * tries; whoever takes the database counts none.
 */
export const OWN_WORDS_LEAST_GUESSES = 14
