/**
 * The second look, at the new file, before it may leave this folder. It knows nothing of the libraries that made
 * the file and lists what may be there rather than what may not: an unknown thing is a finding.
 */
import { setImmediate as otherWork } from 'node:timers/promises'
import type { MadeType } from '../report/file-kinds.js'
import { type PicturePage, readPicturePdf } from '../report/picture-pdf.js'
import { DEFAULT_LIMITS, type SanitisingLimits } from './limits.js'
import { lookAtJpeg } from './verify-jpeg.js'
import { lookAtPng } from './verify-png.js'
import { lookAtWebm } from './verify-webm.js'
import { lookAtWebp } from './verify-webp.js'

/** Sizes in pixels; of a document, those of its first page. `what` names the rule that was broken, never the content. */
export type Look =
  | {
      readonly kind: 'clean'
      readonly width: number
      readonly height: number
      readonly pages: number
      readonly seconds?: number
    }
  | { readonly kind: 'finding'; readonly what: string }

type Bounds = Pick<SanitisingLimits, 'maxOutputSide' | 'maxPages' | 'maxSoundSeconds' | 'maxVideoSeconds'>

/** Looks at a new file of the given type. Any bytes may be given; never rejects. */
export async function verify(type: MadeType, bytes: Uint8Array, given: Partial<Bounds> = {}): Promise<Look> {
  const bounds: Bounds = { ...DEFAULT_LIMITS, ...given }
  const look = await lookAt(type, bytes, bounds)
  if (look.kind === 'finding') return look
  return fits(look, bounds) ? look : { kind: 'finding', what: 'too-large-a-side' }
}

async function lookAt(type: MadeType, bytes: Uint8Array, bounds: Bounds): Promise<Look> {
  switch (type) {
    case 'image/jpeg':
      return lookAtJpeg(bytes)
    case 'image/png':
      return lookAtPng(bytes, bounds.maxOutputSide)
    case 'image/webp':
      return lookAtWebp(bytes)
    case 'application/pdf':
      return lookAtPdf(bytes, bounds)
    case 'audio/webm':
    case 'video/webm':
      return lookAtWebm(bytes, type === 'video/webm' ? 'video' : 'sound', bounds)
  }
}

async function lookAtPdf(bytes: Uint8Array, bounds: Bounds): Promise<Look> {
  let pages: PicturePage[]
  try {
    // Refuses whatever its own writer would not have written byte for byte.
    pages = readPicturePdf(bytes)
  } catch {
    return { kind: 'finding', what: 'pdf-structure' }
  }
  const [first] = pages
  if (first === undefined || pages.length > bounds.maxPages) return { kind: 'finding', what: 'pdf-pages' }
  for (const page of pages) {
    const look = lookAtJpeg(page.jpeg)
    if (look.kind === 'finding') return look
    if (look.width !== page.widthPx || look.height !== page.heightPx || !fits(look, bounds)) {
      return { kind: 'finding', what: 'pdf-picture' }
    }
    await otherWork()
  }
  return { kind: 'clean', width: first.widthPx, height: first.heightPx, pages: pages.length }
}

function fits(size: { width: number; height: number }, { maxOutputSide }: Bounds): boolean {
  return size.width <= maxOutputSide && size.height <= maxOutputSide
}
