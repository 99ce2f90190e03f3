/** The sound of the matrix: the first half is one tone, the second another, in Hz; backwards or at another speed it differs. */
export const TONES = [500, 1300] as const
/** Of each half. */
export const HALF_SECONDS = 0.5
