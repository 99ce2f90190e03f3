// Programs of Debian that read and write files by name, for tests that hold them in memory.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const FOLDER = '/tmp/baken-pictures-'

/** Runs `work` with a folder that is gone afterwards. */
export function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(FOLDER)
  try {
    return work(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Runs a program to its end. Throws with what it complained about when it did not succeed. */
export function run(command: string, words: readonly string[]): void {
  const { status, stderr, error } = spawnSync(command, words, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} did not succeed: ${stderr ?? error?.message}`)
}

/** A picture in HEIC (`heic`) or AVIF (`avif`), made by heif-enc of the given pictures. */
export function inHeif(
  kind: 'heic' | 'avif',
  pictures: readonly { readonly bytes: Uint8Array; readonly ending: 'jpg' | 'png' }[],
  ...words: readonly string[]
): Buffer {
  return inFolder((folder) => {
    const from = pictures.map(({ bytes, ending }, i) => {
      const path = join(folder, `${i}.${ending}`)
      writeFileSync(path, bytes)
      return path
    })
    const to = join(folder, `out.${kind}`)
    run('heif-enc', ['-q', '92', ...(kind === 'avif' ? ['-A'] : []), ...words, ...from, '-o', to])
    return readFileSync(to)
  })
}
