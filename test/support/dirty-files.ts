/**
 * Files as reporters have them: full of what a camera, an editor or an office wrote into them unseen. They are all
 * made here, never copied from anywhere, and each hidden place holds a canary word to search for afterwards.
 */
export { type Bomb, bombs, hungryPng, polyglotPhoto } from './dirty-bombs.js'
export { dirtyAvif, dirtyGif, dirtyHeic, dirtyTiff } from './dirty-more-pictures.js'
export { dirtyPdf, filledFormPdf, lockedPdf, longPdf, PDF_PAPER, slowPdf } from './dirty-pdf.js'
export {
  CANARY,
  type Colour,
  type DirtyOptions,
  dirtyPhoto,
  dirtyPng,
  dirtyWebp,
  jpegWith,
  pngChunk,
  pngWith,
  QUADRANTS,
  riffChunk,
  riffFile,
  segment,
  uprightPixels,
} from './dirty-pictures.js'
export { findCanary, quadrantColours, readTags, readTagsOf, strangeTags } from './dirty-search.js'
