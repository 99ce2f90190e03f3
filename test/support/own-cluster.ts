// A cluster of the system's PostgreSQL for one test alone: it may be crashed, starved and started again without
// harm to the one that the other tests share.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { descendantsOf, killHard, until } from './baken-process.js'
import type { Teardown } from './database.js'
import { isRoot, runs } from './embedded-holder.js'
import { freePort } from './free-port.js'

const DEBIAN = '/usr/lib/postgresql'

export interface OwnCluster {
  /** postgres:// address of the owner's database */
  readonly url: string
  readonly port: number
  readonly data: string
  postmaster(): number
  /** kill -9 of the server and all its children at once, as when the machine falls */
  crash(): Promise<void>
  start(): Promise<void>
  stop(): Promise<void>
}

export interface ClusterOptions {
  /** settings of the server besides the defaults, such as fsync */
  readonly settings?: Readonly<Record<string, string>>
  /** a shell line before the server, in a mount namespace of its own; $DATA is the data folder (root only) */
  readonly prepare?: string
}

/** Makes and starts a cluster; it is gone when the test ends. */
export async function startOwnCluster(
  t: Teardown,
  { settings = {}, prepare }: ClusterOptions = {},
): Promise<OwnCluster> {
  const programs = systemPrograms()
  const user = isRoot ? serverUser() : undefined
  const home = mkdtempSync(join(tmpdir(), 'bk-pg-'))
  const data = join(home, 'data')
  const password = randomBytes(16).toString('hex')
  const passwordFile = join(home, 'password')
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (user !== undefined) for (const path of [home, passwordFile]) chownSync(path, user.uid, user.gid)
  const port = await freePort()
  const url = `postgres://owner:${password}@127.0.0.1:${port}/postgres`
  const initdb = ['-D', data, '-U', 'owner', '--pwfile', passwordFile, '--auth=scram-sha-256', '--no-sync']
  const made = spawnSync(join(programs, 'initdb'), [...initdb, '-E', 'UTF8', '--locale=C.UTF-8'], {
    ...user,
    cwd: home,
  })
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`)

  let server: ChildProcess | undefined
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    if (server?.exitCode !== null || server.signalCode !== null) return
    const ended = once(server, 'exit')
    server.kill(signal)
    await ended
  }
  const start = async (): Promise<void> => {
    const all = { port, listen_addresses: '127.0.0.1', unix_socket_directories: home, ...settings }
    const options = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    const command = [join(programs, 'postgres'), '-D', data, ...options]
    const [file = '', ...args] =
      prepare === undefined || user === undefined ? command : inNamespace(prepare, command, user)
    const launch = () =>
      spawn(file, args, {
        ...(prepare === undefined ? user : {}),
        cwd: home,
        env: { PATH: process.env.PATH, DATA: data },
        stdio: 'ignore',
        detached: true,
      })
    server = launch()
    await until('the cluster answers', async () => {
      // After a crash the memory of the old server may still be in use for a moment: the new one gives up at once.
      if (server?.exitCode !== null) server = launch()
      return answers(url)
    })
  }
  const crash = async (): Promise<void> => {
    const pid = server?.pid ?? 0
    const all = [pid, ...descendantsOf(pid)].filter(runs)
    for (const one of all) killHard(one)
    while (all.some(runs)) await wait(5)
  }
  t.teardown(async () => {
    await crash()
    rmSync(home, { recursive: true, force: true })
  })
  await start()
  return { url, port, data, postmaster: () => server?.pid ?? 0, crash, start, stop: () => stop('SIGINT') }
}

function inNamespace(prepare: string, command: string[], { uid, gid }: Ids): string[] {
  const asUser = ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', ...command]
  return ['unshare', '-m', 'sh', '-c', `set -e; ${prepare}; exec "$@"`, 'sh', ...asUser]
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query('select 1')
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}

function systemPrograms(): string {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).map(Number) : []
  return join(DEBIAN, String(Math.max(...versions)), 'bin')
}

interface Ids {
  readonly uid: number
  readonly gid: number
}

function serverUser(): Ids {
  const id = (flag: string) => Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout.trim())
  return { uid: id('-u'), gid: id('-g') }
}
