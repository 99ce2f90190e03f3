// Tells what kinds of hidden data a document holds, as hidden.ts does for pictures, and as little depends on it.
import { constants, inflateSync } from 'node:zlib'
import type { HiddenData } from '../report/hidden-data.js'
import { addMatches, inOrder, type Patterns, XMP_NAMES, xmpIn } from './hidden.js'

/** Names in the objects of a PDF (ISO 32000). */
const PDF_NAMES: Patterns = [
  [/\/Author\b/, 'author'],
  [/\/(CreationDate|ModDate)\b/, 'time'],
  [/\/(Producer|Creator)\b/, 'program'],
  [/\/(Title|Subject|Keywords)\b/, 'words'],
  [/\/EmbeddedFiles?\b/, 'attachments'],
  [/\/Annots\b/, 'notes'],
  [/\/(JavaScript|JS)\b/, 'scripts'],
]
/** Streams that hold objects or XMP; pages and pictures tell nothing by their names. */
const TELLING = /\/Type\s*\/(ObjStm|Metadata)\b/
const DEFLATED = /\/(FlateDecode|Fl)\b/
/** A dictionary that is longer than this does not stand before the streams looked for. */
const MAX_DICTIONARY_LETTERS = 1024
const MAX_STREAMS = 400
const MAX_STREAM_BYTES = 4 * 1024 * 1024
/** All streams of a document together: then what was found so far is told. */
const MAX_UNPACKED_BYTES = 32 * 1024 * 1024
const MAX_MILLISECONDS = 500

/** What a document holds. */
export function hiddenInDocument(original: Uint8Array): HiddenData[] {
  const bytes = Buffer.from(original.buffer, original.byteOffset, original.length)
  const text = bytes.toString('latin1')
  // Whatever is written in a document can be copied out of it; in the pictures of its pages it cannot.
  const found = new Set<HiddenData>(['text'])
  addMatches(found, text, PDF_NAMES)
  addMatches(found, xmpIn(bytes), XMP_NAMES)
  for (const unpacked of unpackedStreams(text, bytes)) {
    addMatches(found, unpacked.toString('latin1'), PDF_NAMES)
    addMatches(found, xmpIn(unpacked), XMP_NAMES)
  }
  if (text.split('%%EOF').length > 2) found.add('versions')
  return inOrder(found)
}

/** The telling streams, unpacked, within the limits above. One that is damaged or too large is left out. */
function* unpackedStreams(text: string, bytes: Buffer): Generator<Buffer> {
  const start = performance.now()
  let [streams, unpackedBytes] = [0, 0]
  const keyword = /\bstream\r?\n/g
  while (performance.now() - start < MAX_MILLISECONDS && keyword.exec(text) !== null) {
    const at = keyword.lastIndex
    const before = text.slice(Math.max(0, at - MAX_DICTIONARY_LETTERS), at)
    const dictionary = before.slice(before.lastIndexOf(' obj') + 1)
    if (!TELLING.test(dictionary) || !DEFLATED.test(dictionary)) continue
    const unpacked = inflate(bytes.subarray(at, at + MAX_STREAM_BYTES))
    streams++
    unpackedBytes += unpacked?.length ?? MAX_STREAM_BYTES
    if (unpacked) yield unpacked
    if (streams >= MAX_STREAMS || unpackedBytes >= MAX_UNPACKED_BYTES) return
  }
}

function inflate(packed: Buffer): Buffer | undefined {
  try {
    // Ends where its own format says so, and gives what is there when the stream was cut off.
    return inflateSync(packed, {
      maxOutputLength: MAX_STREAM_BYTES,
      finishFlush: constants.Z_SYNC_FLUSH,
    })
  } catch {
    return undefined
  }
}
