/** The longest side of the small picture that shows a reporter what goes along, in pixels. */
export const PREVIEW_SIDE = 320

/** What one file may cost. Beyond any of these the file is refused and the rest of the report goes on. */
export type SanitisingLimits = {
  /** Size of the file as it comes in, in bytes (default 25 MiB). */
  readonly maxInputBytes: number
  /** Width times height of a picture as it comes in (default 120 million; large telephones make 108 and 200). */
  readonly maxPixels: number
  /**
   * Longest side of a picture or page as it goes out, in pixels (default 2560). Photographs come down to this:
   * averaging blunts the sensor's own noise pattern, by which a picture could be matched to a telephone.
   */
  readonly maxOutputSide: number
  /** Pages of a document (default 40). */
  readonly maxPages: number
  /** Dots per inch at which a page is drawn (default 150: print of 8 points stays readable). */
  readonly pdfDpi: number
  /** Size of the new file, in bytes (default 40 MiB). */
  readonly maxOutputBytes: number
  /** Time from the start of the work on one file until its end, in milliseconds (default 30,000); waiting for a turn is not counted. */
  readonly timeoutMs: number
  /** Resident memory of the process that works on one file, in bytes (default 1 GiB). */
  readonly maxMemoryBytes: number
  /** Processor time for one file, in whole seconds, all threads together (default 30; needs prlimit). */
  readonly cpuSeconds: number
  /** Files worked on at the same time (default 2); further ones wait their turn. */
  readonly concurrency: number
}

const MEBIBYTE = 1024 * 1024

export const DEFAULT_LIMITS: SanitisingLimits = {
  maxInputBytes: 25 * MEBIBYTE,
  maxPixels: 120_000_000,
  maxOutputSide: 2560,
  maxPages: 40,
  pdfDpi: 150,
  maxOutputBytes: 40 * MEBIBYTE,
  timeoutMs: 30_000,
  maxMemoryBytes: 1024 * MEBIBYTE,
  cpuSeconds: 30,
  concurrency: 2,
}
