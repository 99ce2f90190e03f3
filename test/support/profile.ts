// A browser with a profile folder, as people have one, and the search of all that is left in it.
import { mkdtemp, readlink, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
import { type BrowserContext, chromium } from 'playwright-core'
import { chromiumOptions, PHONE } from './browser.js'
import type { Teardown } from './database.js'
import { listFiles } from './watch-files.js'
import { type Place, readFiles } from './whole-database.js'

/** Chromium writes its session to disk at most this long after something happened. */
export const SESSION_WRITTEN_MS = 3_500
const CACHE_ENTRY = Buffer.from('305c72a71b6dfbfc', 'hex')
const CACHE_HEADER = 24

export interface Profile {
  readonly context: BrowserContext
  /** ends the browser as its button does */
  close(): Promise<void>
  /** ends it as a battery does */
  kill(): Promise<void>
  /** every file of the folder, and what is packed in the entries of its cache */
  places(): Place[]
}

export async function openProfile(t: Teardown, javaScriptEnabled: boolean): Promise<Profile> {
  const folder = await mkdtemp(join(tmpdir(), 'baken-profile-'))
  t.teardown(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
  const context = await chromium.launchPersistentContext(folder, {
    ...chromiumOptions([], { keepsPages: true }),
    javaScriptEnabled,
    viewport: PHONE,
  })
  t.teardown(() => context.close())
  const closed = new Promise<void>((resolve) => context.once('close', () => resolve()))
  return {
    context,
    close: () => context.close(),
    kill: async () => {
      const lock = await readlink(join(folder, 'SingletonLock'))
      process.kill(Number(lock.split('-').at(-1)), 'SIGKILL')
      await closed
    },
    places: () => {
      const places = [...readFiles(listFiles(folder).map(({ path }) => path))]
      return [...places, ...places.flatMap(({ name, bytes }) => unpackCacheEntry(name, bytes))].map(
        ({ name, bytes }) => ({ name: name.slice(folder.length + 1), bytes }),
      )
    },
  }
}

/** The cache keeps a page as it came over the line; zlib and gzip are found anywhere, brotli has no mark. */
function unpackCacheEntry(name: string, bytes: Buffer): Place[] {
  if (!bytes.subarray(0, CACHE_ENTRY.length).equals(CACHE_ENTRY)) return []
  const body = bytes.subarray(CACHE_HEADER + bytes.readUInt32LE(12))
  try {
    return [{ name: `${name} unpacked`, bytes: brotliDecompressSync(body) }]
  } catch {
    return []
  }
}
