// What of a report tells that another one says nearly the same. It lies in the sealed header, so that only a browser
// of the desk can compare; docs/decisions/0021 says what it gives away to whom.
import * as z from 'zod'

/** How many samples of a text there are, each a hexadecimal digit. */
export const SAMPLES = 64
/** So many equal samples mean that two texts have about three quarters of all their pieces in common. */
export const LEAST_EQUAL_SAMPLES = 49

export const alikeSchema = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('words'), sketch: z.string().regex(/^[\da-f]{64}$/) }),
  /** too few words to compare: a sixteen-bit hash of all answers, which means something only when many have it */
  z.strictObject({ by: z.literal('answers'), sketch: z.string().regex(/^[\da-f]{4}$/) }),
])
export type Alike = z.infer<typeof alikeSchema>

/** Whether two sketches are of nearly the same words. */
export function areAlike(one: string, other: string): boolean {
  let different = 0
  for (let i = 0; i < SAMPLES; i++) {
    if (one.charCodeAt(i) !== other.charCodeAt(i) && ++different > SAMPLES - LEAST_EQUAL_SAMPLES) return false
  }
  return true
}
