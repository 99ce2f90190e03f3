import type { Sanitiser, StrippedFile } from '../../server/sanitising/index.js'

/**
 * Stands in for stripping where a test is about what comes after it: takes every file as it is, when `ready` says so.
 */
export function takingAnything(ready: () => Promise<unknown> = async () => undefined): Sanitiser {
  const sanitise: Sanitiser['sanitise'] = async (original) => {
    await ready()
    const bytes = new Uint8Array(original)
    const made = {
      type: 'image/png',
      bytes,
      width: 1,
      height: 1,
      pages: 1,
      preview: new Uint8Array(),
      hidden: [],
    }
    return { kind: 'stripped', ...made } as unknown as StrippedFile
  }
  return { sanitise, close: async () => undefined }
}
