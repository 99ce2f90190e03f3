// Tags that stand before and behind the sound of MP3 and of others that borrow them.
import { uint32, xmpPacket } from '../dirty-metadata.js'
import { CANARY, jpegWith, pngChunk, pngWith, segment } from '../dirty-pictures.js'
import { lying } from './picture.js'

const LATIN1 = '\0'
const JPEG = 'image/jpeg\0'

/** An ID3 tag of version 2.3 with one frame. */
export function id3v2(frame: string, content: string | Uint8Array): Buffer {
  const body = Buffer.from(content as Uint8Array)
  const whole = Buffer.concat([Buffer.from(frame), uint32(body.length), Uint8Array.of(0, 0), body])
  const size = Uint8Array.from([21, 14, 7, 0], (shift) => (whole.length >> shift) & 127)
  return Buffer.concat([Buffer.from('ID3\x03\0\0'), size, whole])
}

/** Frames that hold the canary, by what they are called. */
export const ID3_FRAMES = {
  artist: () => id3v2('TPE1', LATIN1 + CANARY),
  'words of one’s own (TXXX)': () => id3v2('TXXX', `${LATIN1}note\0${CANARY}`),
  comment: () => id3v2('COMM', `${LATIN1}nld\0${CANARY}`),
  'private data (PRIV)': () => id3v2('PRIV', `owner\0${CANARY}`),
  'file within (GEOB)': () => id3v2('GEOB', `${LATIN1}text/plain\0name.txt\0\0${CANARY}`),
  'XMP (PRIV)': () => id3v2('PRIV', Buffer.concat([Buffer.from('XMP\0'), xmpPacket(CANARY)])),
  'number of the file (UFID)': () => id3v2('UFID', `http://example.test\0${CANARY}`),
  link: () => id3v2('WXXX', `${LATIN1}\0https://example.test/${CANARY}`),
  lyrics: () => id3v2('USLT', `${LATIN1}nld\0${CANARY}`),
} as const

export async function id3Picture(): Promise<Buffer> {
  const small = await (await lying()).resize(30, 40).jpeg().toBuffer()
  const picture = jpegWith([segment(0xfe, CANARY)], small)
  return id3v2('APIC', Buffer.concat([Buffer.from(`${LATIN1}${JPEG}\x03\0`), picture]))
}

export async function id3PngPicture(): Promise<Buffer> {
  const small = await (await lying()).resize(30, 40).png().toBuffer()
  const picture = pngWith([pngChunk('tEXt', Buffer.from(`Author\0${CANARY}`))], small)
  return id3v2('APIC', Buffer.concat([Buffer.from(`${LATIN1}image/png\0\x03\0`), picture]))
}

/** The 128 bytes that end an MP3 of old. */
export function id3v1(): Buffer {
  const tag = Buffer.alloc(128)
  tag.write(`TAG${CANARY}`)
  tag.write(CANARY, 33)
  tag.write('2026', 93)
  return tag
}

/** A tag of APE, version 2, to stand at the end. */
export function apeV2(): Buffer {
  const le = (value: number) => uint32(value).reverse()
  const item = Buffer.concat([le(CANARY.length), le(0), Buffer.from(`Artist\0${CANARY}`)])
  const edge = (flags: number) =>
    Buffer.concat([
      Buffer.from('APETAGEX'),
      le(2000),
      le(item.length + 32),
      le(1),
      le(flags),
      Buffer.alloc(8),
    ])
  return Buffer.concat([edge(0xa0000000), item, edge(0x80000000)])
}

/** Lyrics3 of version 2, which needs an ID3v1 behind it. */
export function lyrics3(): Buffer {
  const field = (name: string, text: string) => `${name}${String(text.length).padStart(5, '0')}${text}`
  const body = `LYRICSBEGIN${field('IND', '00')}${field('AUT', CANARY)}`
  const plain = Buffer.alloc(128)
  plain.write('TAG')
  return Buffer.concat([Buffer.from(`${body}${String(body.length).padStart(6, '0')}LYRICS200`), plain])
}
