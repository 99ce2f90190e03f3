// The server process: settings on its command line, where no file and no ALTER SYSTEM overrules them; a session of
// its own, so that Ctrl-C reaches Node alone and Node closes in order; no log at all, because errors quote data.
import { type ChildProcess, spawn } from 'node:child_process'
import { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import type { Binaries } from './binaries.js'
import { actingAs, run, type ServerUser, serverEnvironment } from './server-user.js'

const FAST_STOP_MS = 20_000
const IMMEDIATE_STOP_MS = 5_000
const WORDS_BYTES = 16_384

const SETTINGS: Readonly<Record<string, string>> = {
  // Acknowledged means committed and flushed.
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  // One host, no replicas, small files; temporary ones cannot fill the disk.
  wal_level: 'minimal',
  max_wal_senders: '0',
  min_wal_size: '64MB',
  max_wal_size: '256MB',
  temp_file_limit: '1GB',
  // A small machine.
  max_connections: '100',
  shared_buffers: '64MB',
  huge_pages: 'off',
  io_method: 'sync',
  jit: 'off',
  timezone: 'UTC',
  // Nothing about a statement, its values or its sender is written or shown.
  logging_collector: 'off',
  log_destination: 'stderr',
  log_min_messages: 'fatal',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_statement: 'none',
  log_duration: 'off',
  log_min_duration_statement: '-1',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_connections: '',
  log_disconnections: 'off',
  log_checkpoints: 'off',
  log_autovacuum_min_duration: '-1',
  log_line_prefix: '',
  log_timezone: 'UTC',
  track_activities: 'off',
  track_activity_query_size: '100',
  compute_query_id: 'off',
  update_process_title: 'off',
  // Whoever may enter the socket's folder may connect, and only its owner may.
  unix_socket_permissions: '0700',
}

export interface Listening {
  /** folder of the socket; undefined means the loopback address */
  readonly socketFolder: string | undefined
  readonly port: number
}

export interface Postmaster {
  readonly pid: number
  /** undefined while it runs; then what it said last, without the lines of refused connections */
  ended(): string | undefined
  /** resolves once it has ended, for whatever reason */
  readonly gone: Promise<void>
  /** from now on nothing that the server says is kept */
  forgetWords(): void
  /** fast shutdown, after 20 s an immediate one; resolves when the process is gone */
  stop(): Promise<void>
}

/** Starts the server process. It is not ready for connections yet. */
export function startPostmaster(
  cluster: string,
  { binaries, user, listening }: { binaries: Binaries; user: ServerUser | undefined; listening: Listening },
): Postmaster {
  const args = ['-D', cluster, '-p', String(listening.port), ...settingsFor(listening)]
  const child = spawn(binaries.postgres, args, {
    ...actingAs(user),
    cwd: '/',
    env: serverEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  })
  const words = listen(child.stderr)
  let ended: string | undefined
  const gone = whenGone(child).then((failure) => {
    ended = failure ?? words.last()
  })
  // A Node that ends without stop() (an uncaught error) still takes its server along.
  const interrupt = () => child.kill('SIGINT')
  process.once('exit', interrupt)
  void gone.then(() => process.removeListener('exit', interrupt))
  // The server alone keeps no Node running.
  child.unref()

  return {
    pid: child.pid ?? 0,
    ended: () => ended,
    gone,
    forgetWords: words.forget,
    async stop() {
      child.ref()
      if (ended === undefined) await endInOrder(child, gone, () => stopOnWindows(cluster, binaries))
    },
  }
}

function settingsFor({ socketFolder }: Listening): string[] {
  const address =
    socketFolder === undefined
      ? { listen_addresses: '127.0.0.1', unix_socket_directories: '' }
      : { listen_addresses: '', unix_socket_directories: socketFolder }
  return Object.entries({ ...SETTINGS, ...address }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

/** Keeps what the server says while it starts, and drops everything afterwards. */
function listen(stream: Readable): { last(): string; forget(): void } {
  let text = ''
  let attentive = true
  stream.on('data', (chunk: Buffer) => {
    if (attentive && text.length < WORDS_BYTES) text += chunk.toString('utf8')
  })
  if (stream instanceof Socket) stream.unref()
  return {
    last() {
      const lines = text
        .split('\n')
        .filter((line) => line.trim() !== '' && !line.includes('the database system is'))
      return (lines.findLast((line) => line.startsWith('FATAL:')) ?? lines.at(-1) ?? '').replace(
        /^FATAL:\s+/,
        '',
      )
    },
    forget() {
      attentive = false
      text = ''
    },
  }
}

/** Resolves once the process is gone, with the reason when it never began. */
async function whenGone(child: ChildProcess): Promise<string | undefined> {
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const failure = await new Promise<string | undefined>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', () => resolve(undefined))
  })
  // Its last words come with `close`, which a surviving child of a killed server may hold back.
  if (failure === undefined) await Promise.race([closed, wait(100)])
  return failure
}

async function endInOrder(
  child: ChildProcess,
  gone: Promise<void>,
  onWindows: () => Promise<unknown>,
): Promise<void> {
  if (process.platform === 'win32') await onWindows()
  else child.kill('SIGINT')
  if (await within(FAST_STOP_MS, gone)) return
  child.kill('SIGQUIT')
  if (await within(IMMEDIATE_STOP_MS, gone)) return
  child.kill('SIGKILL')
  await gone
}

// Windows has no signals for this; killing the process would mean crash recovery at each start.
function stopOnWindows(cluster: string, { pgCtl }: Binaries): Promise<unknown> {
  return run(undefined, pgCtl, ['stop', '-D', cluster, '-m', 'fast', '-w'])
}

async function within(timeoutMs: number, gone: Promise<void>): Promise<boolean> {
  const timer = new AbortController()
  const late = wait(timeoutMs, false, { signal: timer.signal }).catch(() => false)
  const inTime = await Promise.race([gone.then(() => true), late])
  timer.abort()
  return inTime
}
