/** Kinds of sound and video, by their container: MP4 stands for M4A, M4V, MOV and 3GP too, WebM for MKV, AAC for bare ADTS. */
export const MEDIA_KINDS = ['mp3', 'aac', 'ogg', 'flac', 'wav', 'amr', 'mp4', 'webm'] as const
export type MediaKind = (typeof MEDIA_KINDS)[number]

/** The kinds of file that can be made anew. */
export const FILE_KINDS = [
  'jpeg',
  'png',
  'webp',
  'gif',
  'tiff',
  'heic',
  'avif',
  'pdf',
  ...MEDIA_KINDS,
] as const
export type FileKind = (typeof FILE_KINDS)[number]
/** Those whose pixels are opened by Baken's own worker. */
export type StillKind = Exclude<FileKind, MediaKind>

export function isMediaKind(kind: FileKind): kind is MediaKind {
  return (MEDIA_KINDS as readonly FileKind[]).includes(kind)
}

/** How sound and pictures may be coded within these containers; each can be closed like a kind. */
export const CODECS = [
  ...(['h264', 'hevc', 'vp8', 'vp9', 'av1', 'mpeg4', 'h263', 'mjpeg'] as const),
  ...(['aac-sound', 'mp3-sound', 'opus', 'vorbis', 'flac-sound', 'amr-sound', 'alac', 'pcm'] as const),
] as const
export type Codec = (typeof CODECS)[number]

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
