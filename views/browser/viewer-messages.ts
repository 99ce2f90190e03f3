// What the desk's page and its viewer say to each other. The viewer opens files of strangers in a frame without an
// origin, so its answers are read with the same mistrust as the files: known words and numbers within bounds, no text.

/** What goes into the frame. */
export type ToViewer =
  | {
      readonly show: Blob
      readonly type: string
      /** of what is shown, for those who hear it */
      readonly label: string
      readonly language: string
      readonly direction: string
    }
  | { readonly page: number; readonly label: string }
  | { readonly blurred: boolean }

/** What comes out of it. */
export type FromViewer =
  | { readonly kind: 'ready' }
  /** something is to be seen, so large by itself, in pixels */
  | { readonly kind: 'size'; readonly width: number; readonly height: number }
  | { readonly kind: 'pages'; readonly pages: number }
  /** a sound or video can be played, and lasts so many seconds: 0 when the file does not say */
  | { readonly kind: 'length'; readonly seconds: number }
  /** somebody pressed a key or a button in the frame */
  | { readonly kind: 'used' }
  | { readonly kind: 'failed' }

const MOST_PIXELS = 65_535
const MOST_PAGES = 10_000
const MOST_SECONDS = 7 * 24 * 3600

/** Null for anything but a message of the viewer within its bounds. */
export function readFromViewer(data: unknown): FromViewer | null {
  const { kind, width, height, pages, seconds } = (data ?? {}) as Record<string, unknown>
  switch (kind) {
    case 'ready':
    case 'used':
    case 'failed':
      return { kind }
    case 'size':
      return isWhole(width, 1, MOST_PIXELS) && isWhole(height, 1, MOST_PIXELS)
        ? { kind, width, height }
        : null
    case 'pages':
      return isWhole(pages, 1, MOST_PAGES) ? { kind, pages } : null
    case 'length':
      return typeof seconds === 'number' && seconds >= 0 && seconds <= MOST_SECONDS ? { kind, seconds } : null
    default:
      return null
  }
}

function isWhole(value: unknown, least: number, most: number): value is number {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most
}
