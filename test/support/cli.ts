// Runs the built command line as a process of its own, as an operator does.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Teardown } from './database.js'

const ENTRY = fileURLToPath(new URL('../../server/cli/baken.js', import.meta.url))
/** What of the test's own environment would change what a command does. */
const OWN_SETTINGS =
  /^(DATABASE_URL(_FILE)?|DATA_DIR|P(UBLIC|ARTNER)_\w+|PEPPER_FILE|DPIA_SIGNED|PG\w+|HOST|PORT)$/

export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  readonly bytes: Buffer
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly input?: Uint8Array | string
  readonly cwd?: string
}

/** Runs `baken` with these words and gives its exit code and everything it wrote. */
export async function baken(
  words: readonly string[],
  { env = {}, input = '', cwd }: RunOptions = {},
): Promise<Ran> {
  const inherited = Object.entries(process.env).filter(([name]) => !OWN_SETTINGS.test(name))
  const child = spawn(process.execPath, [ENTRY, ...words], {
    env: { ...Object.fromEntries(inherited), DATA_DIR: join(tmpdir(), 'baken-no-such-folder'), ...env },
    ...(cwd !== undefined && { cwd }),
  })
  const stdout: Buffer[] = []
  const stderr: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
  // A command that refuses its command line does not read what is sent to it.
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  const bytes = Buffer.concat(stdout)
  return { code, bytes, stdout: bytes.toString('utf8'), stderr: Buffer.concat(stderr).toString('utf8') }
}

/** The same with --json; `json` is what stood on standard output. */
export async function bakenJson(words: readonly string[], options: RunOptions = {}) {
  const ran = await baken([...words, '--json'], options)
  return { ...ran, json: JSON.parse(ran.stdout) as unknown }
}

/** A folder of the test's own, removed when it ends. */
export function ownFolder(t: Teardown): string {
  const folder = mkdtempSync(join(tmpdir(), 'baken-cli-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
