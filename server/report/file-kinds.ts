/** The kinds of file that can be made anew. */
export const FILE_KINDS = ['jpeg', 'png', 'webp', 'gif', 'tiff', 'heic', 'avif', 'pdf'] as const
export type FileKind = (typeof FILE_KINDS)[number]

/** The media types of files that were made anew: nothing else is sealed as a file, and nothing else is shown. */
export const MADE_TYPES = [
  'image/jpeg',
  'image/png',
  'image/webp',
  'application/pdf',
  'audio/webm',
  'video/webm',
] as const
export type MadeType = (typeof MADE_TYPES)[number]

/** How a made file's name ends when somebody saves it. */
export const FILE_ENDINGS: Readonly<Record<MadeType, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'application/pdf': 'pdf',
  'audio/webm': 'weba',
  'video/webm': 'webm',
}

export function isMadeType(type: string): type is MadeType {
  return (MADE_TYPES as readonly string[]).includes(type)
}
