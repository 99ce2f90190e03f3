// Tells what kinds of hidden data a file holds, so that its reporter can be told what is gone. Nothing depends on it:
// the new file has none of it, found or not. Runs in the worker, where a hostile file may lead it astray.
import exifReader from 'exif-reader'
import type { Metadata } from 'sharp'
import type { StillKind } from '../report/file-kinds.js'
import { HIDDEN_DATA, type HiddenData } from '../report/hidden-data.js'

export type Patterns = readonly (readonly [RegExp, HiddenData])[]

/** Names of EXIF fields (CIPA DC-008) as exif-reader gives them. */
const EXIF_FIELDS: Patterns = [
  [/^GPS/, 'place'],
  [/^(Make|Model|MakerNote|.*SerialNumber|Lens|UniqueCameraModel|HostComputer)/, 'device'],
  [/^DateTime|^OffsetTime/, 'time'],
  [/^(Artist|Copyright|CameraOwnerName|XPAuthor|Photographer)/, 'author'],
  [/^(Software|ProcessingSoftware)/, 'program'],
  [/^(ImageDescription|UserComment|DocumentName|PageName|XP(Title|Comment|Keywords|Subject))/, 'words'],
]
/** Names in XMP packets (ISO 16684). */
export const XMP_NAMES: Patterns = [
  [/exif:GPS|Iptc4xmpCore:Location|photoshop:(City|State|Country)/, 'place'],
  [/tiff:(Make|Model)|SerialNumber|aux:Lens|exifEX:Lens/, 'device'],
  [/(Create|Modify|Metadata)Date|DateTime|DateCreated/, 'time'],
  [/dc:(creator|rights)|photoshop:(Credit|AuthorsPosition)|xmpRights:Owner/, 'author'],
  [/CreatorTool|softwareAgent|pdf:Producer/, 'program'],
  [/dc:(title|description|subject)|photoshop:Headline/, 'words'],
  [/xmpGImg:image/, 'preview'],
]
/** Datasets of IPTC-IIM 4.2, record 2. */
const IPTC_DATASETS: Readonly<Record<number, HiddenData>> = {
  5: 'words',
  25: 'words',
  55: 'time',
  60: 'time',
  65: 'program',
  80: 'author',
  90: 'place',
  92: 'place',
  95: 'place',
  101: 'place',
  105: 'words',
  110: 'author',
  115: 'author',
  116: 'author',
  120: 'words',
}
/** How an EXIF block begins, in either order of bytes; a TIFF is one from its first byte. */
const EXIF_STARTS = ['II*\0', 'MM\0*']
const GIF_COMMENT = '\x21\xfe'
/** Its length and name. */
const PNG_TIME = '\0\0\0\x07tIME'
/** What segments of a JPEG begin with: its comment by the marker, the others by marker and name. */
const JPEG_SEGMENTS: readonly (readonly [string, HiddenData])[] = [
  ['\xfe', 'words'],
  ['\xe0JFXX\0', 'preview'],
  ['\xe2MPF\0', 'frames'],
]
const START_OF_PICTURE = 0xda

/** What a picture holds. `head` is what its reader tells of it; of HEIC it tells the profile alone. */
export function hiddenInPicture(
  kind: StillKind,
  original: Uint8Array,
  head: Pick<Metadata, 'exif' | 'xmp' | 'iptc' | 'icc' | 'comments' | 'pages'>,
): HiddenData[] {
  const bytes = Buffer.from(original.buffer, original.byteOffset, original.length)
  const found = new Set<HiddenData>()
  const exif = head.exif ?? (kind === 'heic' || kind === 'tiff' ? exifIn(bytes) : null)
  if (exif) addExif(found, exif)
  addMatches(found, head.xmp?.toString('latin1') ?? xmpIn(bytes), XMP_NAMES)
  if (head.iptc) addIptc(found, head.iptc)
  if (head.icc) found.add('profile')
  for (const { keyword } of head.comments ?? [])
    found.add(/author|artist/i.test(keyword) ? 'author' : 'words')
  if (kind === 'gif' && bytes.includes(GIF_COMMENT, 0, 'latin1')) found.add('words')
  if (kind === 'png' && bytes.includes(PNG_TIME, 0, 'latin1')) found.add('time')
  if (kind === 'jpeg') addSegments(found, bytes)
  if ((head.pages ?? 1) > 1) found.add('frames')
  return inOrder(found)
}

function addExif(found: Set<HiddenData>, block: Buffer): void {
  try {
    const { Image, Photo, GPSInfo, Thumbnail } = exifReader(block)
    const names = [Image, Photo, GPSInfo].flatMap((fields) => Object.keys(fields ?? {}))
    for (const name of names) addMatches(found, name, EXIF_FIELDS)
    if (Thumbnail) found.add('preview')
  } catch {
    // Damaged as it is, it was something.
    found.add('device')
  }
}

/** What stands in the segments before the picture. */
function addSegments(found: Set<HiddenData>, bytes: Buffer): void {
  for (let at = 2; at + 4 <= bytes.length && bytes[at] === 0xff && bytes[at + 1] !== START_OF_PICTURE; ) {
    const head = bytes.toString('latin1', at + 1, at + 2) + bytes.toString('latin1', at + 4, at + 9)
    for (const [start, kind] of JPEG_SEGMENTS) if (head.startsWith(start)) found.add(kind)
    at += 2 + bytes.readUInt16BE(at + 2)
  }
}

function exifIn(bytes: Buffer): Buffer | null {
  const starts = EXIF_STARTS.map((start) => bytes.indexOf(start, 0, 'latin1')).filter((at) => at >= 0)
  return starts.length > 0 ? bytes.subarray(Math.min(...starts)) : null
}

function addIptc(found: Set<HiddenData>, block: Buffer): void {
  for (
    let at = block.indexOf('\x1c\x02', 0, 'latin1');
    at >= 0;
    at = block.indexOf('\x1c\x02', at + 2, 'latin1')
  ) {
    const kind = IPTC_DATASETS[block[at + 2] ?? 0]
    if (kind) found.add(kind)
  }
}

export function xmpIn(bytes: Buffer): string {
  const start = bytes.indexOf('<x:xmpmeta')
  const end = bytes.indexOf('</x:xmpmeta>', Math.max(0, start))
  return start >= 0 && end > start ? bytes.toString('latin1', start, end) : ''
}

export function addMatches(found: Set<HiddenData>, text: string, patterns: Patterns): void {
  for (const [pattern, kind] of patterns) if (pattern.test(text)) found.add(kind)
}

export function inOrder(found: ReadonlySet<HiddenData>): HiddenData[] {
  return HIDDEN_DATA.filter((kind) => found.has(kind))
}
