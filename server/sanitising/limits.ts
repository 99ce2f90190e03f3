/** The longest side of the small picture that shows a reporter what goes along, in pixels. */
export const PREVIEW_SIDE = 320
/** The picture of which a reporter covers parts, in pixels: no wider and no higher than this. */
export const VIEW_WIDTH = 640
export const VIEW_HEIGHT = 1600

/** What one file may cost. Beyond any of these the file is refused and the rest of the report goes on. */
export type SanitisingLimits = {
  /** Size of a picture or document as it comes in, in bytes (default 25 MiB). */
  readonly maxInputBytes: number
  /** Size of sound as it comes in, in bytes (default 50 MiB). */
  readonly maxSoundBytes: number
  /** Size of a video as it comes in, in bytes (default 200 MiB). */
  readonly maxVideoBytes: number
  /** Length of sound, in seconds (default two hours). */
  readonly maxSoundSeconds: number
  /** Length of a video, in seconds (default five minutes: more cannot be made anew while somebody waits). */
  readonly maxVideoSeconds: number
  /** Width times height of the pictures of a video as it comes in (default 9.5 million, more than 4K). */
  readonly maxVideoPixels: number
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
  /** Size of the new file, in bytes (default 40 MiB; 64 MiB for sound and video). */
  readonly maxOutputBytes: number
  readonly maxMediaOutputBytes: number
  /** Time from the start of the work on one file until its end, in milliseconds (default 30,000); waiting for a turn is not counted. */
  readonly timeoutMs: number
  /** Resident memory of the process that works on one file, in bytes (default 1 GiB). */
  readonly maxMemoryBytes: number
  /** Processor time for one file, in whole seconds, all threads together (default 30; needs prlimit). */
  readonly cpuSeconds: number
  /**
   * Time for the work on sound or a video, in milliseconds (default 240,000: browsers give up an answer after five
   * minutes), and processor time of each process, in whole seconds (default 240).
   */
  readonly mediaTimeoutMs: number
  readonly mediaCpuSeconds: number
  /**
   * Files worked on at the same time, sound and video apart from the others (default 2 and 2): a photograph does not
   * wait behind two videos. Further ones wait their turn.
   */
  readonly concurrency: number
}

const MEBIBYTE = 1024 * 1024

/** The longest side of a video as it goes out, in pixels, and from how many seconds on it is the smaller one. */
export const VIDEO_SIDE = 1280
export const LONG_VIDEO_SIDE = 854
export const LONG_VIDEO_SECONDS = 120
export const VIDEO_FRAMES_PER_SECOND = 30

export const DEFAULT_LIMITS: SanitisingLimits = {
  maxInputBytes: 25 * MEBIBYTE,
  maxSoundBytes: 50 * MEBIBYTE,
  maxVideoBytes: 200 * MEBIBYTE,
  maxSoundSeconds: 7200,
  maxVideoSeconds: 300,
  maxVideoPixels: 9_500_000,
  maxPixels: 120_000_000,
  maxOutputSide: 2560,
  maxPages: 40,
  pdfDpi: 150,
  maxOutputBytes: 40 * MEBIBYTE,
  maxMediaOutputBytes: 64 * MEBIBYTE,
  timeoutMs: 30_000,
  maxMemoryBytes: 1024 * MEBIBYTE,
  cpuSeconds: 30,
  mediaTimeoutMs: 240_000,
  mediaCpuSeconds: 240,
  concurrency: 2,
}

/** Sizes in megabytes, lengths in minutes and hours. */
export type LimitsInWords = {
  readonly megabytes: number
  readonly sound: number
  readonly video: number
  readonly minutes: number
  readonly hours: number
}

/** The numbers in the texts about files. */
export function tellLimits(
  limits: Pick<
    SanitisingLimits,
    'maxInputBytes' | 'maxSoundBytes' | 'maxVideoBytes' | 'maxSoundSeconds' | 'maxVideoSeconds'
  >,
): LimitsInWords {
  return {
    megabytes: limits.maxInputBytes / MEBIBYTE,
    sound: limits.maxSoundBytes / MEBIBYTE,
    video: limits.maxVideoBytes / MEBIBYTE,
    minutes: Math.floor(limits.maxVideoSeconds / 60),
    hours: Math.floor(limits.maxSoundSeconds / 3600),
  }
}
