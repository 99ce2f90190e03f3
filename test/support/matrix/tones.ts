// The sound of the matrix: the first half is one tone, the second another; backwards or at another speed it differs.

/** Of each half, in Hz. */
export const TONES = [500, 1300] as const
export const SAMPLES_PER_SECOND = 48_000
/** Short, because the test makes anew a hundred of these. */
export const SECONDS = 0.4
const HALF_SAMPLES = (SAMPLES_PER_SECOND * SECONDS) / 2
const LOUDNESS = 12_000

/** All of it as bare samples: 16 bits, low byte first, mono. */
export function samples(): Buffer {
  const bytes = Buffer.alloc(HALF_SAMPLES * TONES.length * 2)
  for (const [half, tone] of TONES.entries())
    for (let i = 0; i < HALF_SAMPLES; i++) {
      const wave = Math.sin((2 * Math.PI * tone * i) / SAMPLES_PER_SECOND)
      bytes.writeInt16LE(Math.round(LOUDNESS * wave), (half * HALF_SAMPLES + i) * 2)
    }
  return bytes
}
