import type { MadeType } from '../../server/report/file-kinds.js'
import type { Sanitiser, StrippedFile } from '../../server/sanitising/index.js'

/**
 * Stands in for stripping where a test is about what comes after it: takes every file as it is, when `ready` says so,
 * for one that was made anew.
 */
export function takingAnything(
  ready: () => Promise<unknown> = async () => undefined,
  typeOf: (original: Uint8Array) => MadeType = () => 'image/png',
): Sanitiser {
  const sanitise: Sanitiser['sanitise'] = async (original) => {
    await ready()
    const pieces: Uint8Array[] = []
    for await (const piece of original instanceof Uint8Array ? [original] : original.pieces())
      pieces.push(piece)
    const bytes = new Uint8Array(Buffer.concat(pieces))
    const made = {
      type: typeOf(bytes),
      bytes,
      width: 1,
      height: 1,
      pages: 1,
      seconds: 0,
      preview: new Uint8Array(),
      hidden: [],
    }
    return { kind: 'stripped', ...made } as unknown as StrippedFile
  }
  const refuse = async () => ({ kind: 'refused', reason: 'unknown-kind' }) as const
  return { sanitise, cover: refuse, show: refuse, close: async () => undefined }
}
