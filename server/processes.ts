// A process from its start to its end; main.ts runs both apps in one, intake/main.ts and triage/main.ts one each.

import { randomBytes } from 'node:crypto'
import { link, mkdir, open, readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { explain } from './explain.js'
import { describeFailure, type Log } from './log.js'
import { SettingsProblem } from './settings.js'

const PEPPER_BYTES = 32
/** Requests under way may finish for so long; what stops services waits ten seconds or more before it kills. */
const FINISH_WITHIN_MS = 5_000
const LOOK_FOR_IDLE_MS = 200
const END_WITHIN_MS = 60_000

/** Names a step that undoes what was just done. Steps run at the end, the last one first. */
export type AtEnd = (step: () => Promise<unknown>) => void

/**
 * Runs a process. A problem at the start is told in one sentence, and the exit code is 1. SIGINT, SIGTERM and SIGHUP
 * (the terminal went away) end it in order, however often they come and also in the middle of the start. An uncaught
 * failure is told by its code alone and ends it with 1: nobody was promised anything yet.
 */
export async function runProcess(log: Log, start: (atEnd: AtEnd) => Promise<void>): Promise<void> {
  // Nothing readable may be written by the system either: no diagnostic report with the heap's texts.
  if (process.report) process.report.reportOnFatalError = false
  // That nobody reads the console any more is no reason to end.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)

  const steps: (() => Promise<unknown>)[] = []
  let ending = false
  const end = async (exitCode: number): Promise<void> => {
    if (ending) return
    ending = true
    setTimeout(() => process.exit(1), END_WITHIN_MS).unref()
    // What is being started at this moment is undone as well.
    await starting.catch(() => undefined)
    for (const step of steps) {
      await step().catch((error: unknown) => log.event('app.failed', describeFailure(error)))
    }
    process.exit(exitCode)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end(0))
  const fail = (error: unknown): void => {
    log.event('app.failed', describeFailure(error))
    void end(1)
  }
  process.on('uncaughtException', fail)
  process.on('unhandledRejection', fail)

  const starting = start((step) => steps.unshift(step))
  try {
    await starting
  } catch (error) {
    if (!ending) process.stderr.write(`Baken does not start: ${explain(error)}.\n`)
    await end(1)
  }
}

/** Listens and gives the address people can open. Throws one sentence, with the setting, when it cannot. */
export async function listen(
  app: FastifyInstance,
  settings: { readonly HOST: string } & Readonly<Partial<Record<'PORT' | 'PARTNER_PORT', number>>>,
  name: 'PORT' | 'PARTNER_PORT',
): Promise<string> {
  const { HOST: host, [name]: port = 0 } = settings
  try {
    return await app.listen({ host, port })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE')
      throw new SettingsProblem(`port ${port} on ${host} is taken: set ${name} to another one`)
    if (code === 'EACCES')
      throw new SettingsProblem(`this user may not listen on port ${port}: set ${name} to one above 1023`)
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new SettingsProblem(`HOST ${host} is not an address of this machine`)
    throw error
  }
}

/** Takes no new connections, lets requests under way finish for some seconds, and hangs up on the others. */
export async function closeApp(app: FastifyInstance): Promise<void> {
  const idle = setInterval(() => app.server.closeIdleConnections(), LOOK_FOR_IDLE_MS)
  const late = setTimeout(() => app.server.closeAllConnections(), FINISH_WITHIN_MS)
  try {
    await app.close()
  } finally {
    clearInterval(idle)
    clearTimeout(late)
  }
}

/**
 * The pepper of the codes, kept outside the database; made at the first start, mode 0600. Every intake process of
 * one site needs the same one: losing it makes every code worthless.
 */
export async function readPepper(file: string | undefined, dataDir: string): Promise<Uint8Array> {
  const path = file ?? join(dataDir, 'pepper')
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const pepper = (await readIfThere(path)) ?? (await makePepper(path))
  if (pepper.length < PEPPER_BYTES) throw new SettingsProblem('the pepper file is shorter than 32 bytes')
  return new Uint8Array(pepper)
}

async function readIfThere(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return null
    throw new SettingsProblem(`the pepper file cannot be read (${code})`)
  }
}

/** Puts a new pepper there whole and flushed, or finds that another process was faster. */
async function makePepper(path: string): Promise<Buffer> {
  const draft = `${path}.new-${randomBytes(6).toString('hex')}`
  try {
    const file = await open(draft, 'wx', 0o600)
    try {
      await file.writeFile(randomBytes(PEPPER_BYTES))
      await file.sync()
    } finally {
      await file.close()
    }
    await link(draft, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
    return await readFile(path)
  } catch (error) {
    throw new SettingsProblem(`the pepper file cannot be written (${(error as NodeJS.ErrnoException).code})`)
  } finally {
    await rm(draft, { force: true })
  }
}
