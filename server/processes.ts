// Starting the two apps from settings; main.ts runs both in one process, intake/main.ts and triage/main.ts one each.

import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { describeFailure, type Log } from './log.js'
import { SettingsProblem } from './settings.js'

const PEPPER_BYTES = 32

/**
 * The pepper of the codes, kept outside the database; made at the first start, mode 0600. Every intake process of
 * one site needs the same one: losing it makes every code worthless.
 */
export async function readPepper(file: string | undefined, dataDir: string): Promise<Uint8Array> {
  const path = file ?? join(dataDir, 'pepper')
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await writeFile(path, randomBytes(PEPPER_BYTES), { mode: 0o600, flag: 'wx' }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST')
        throw new SettingsProblem(`the pepper file cannot be written (${error.code})`)
    },
  )
  const pepper = await readFile(path)
  if (pepper.length < PEPPER_BYTES) throw new SettingsProblem('the pepper file is shorter than 32 bytes')
  return new Uint8Array(pepper)
}

/** Listens and gives the address people can open. Throws one sentence when the port is taken. */
export async function listen(app: FastifyInstance, host: string, port: number): Promise<string> {
  try {
    return await app.listen({ host, port })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE')
      throw new SettingsProblem(
        `port ${port} on ${host} is taken by another program: set PORT or PARTNER_PORT`,
      )
    if (code === 'EACCES')
      throw new SettingsProblem(`this user may not listen on port ${port}: use one above 1023`)
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new SettingsProblem(`HOST ${host} is not an address of this machine`)
    throw error
  }
}

/**
 * Stops in order at SIGINT or SIGTERM: each step of `closing` after the other, however often the signal comes.
 * Uncaught failures are told by code alone and end the process: nobody was promised anything yet.
 */
export function stopInOrder(log: Log, closing: readonly (() => Promise<unknown>)[]): void {
  let stopping = false
  const stop = async (exitCode: number): Promise<void> => {
    if (stopping) return
    stopping = true
    for (const step of closing) {
      await step().catch((error: unknown) => log.event('app.failed', describeFailure(error)))
    }
    process.exit(exitCode)
  }
  process.on('SIGINT', () => void stop(0))
  process.on('SIGTERM', () => void stop(0))
  const fail = (error: unknown): void => {
    log.event('app.failed', describeFailure(error))
    void stop(1)
  }
  process.on('uncaughtException', fail)
  process.on('unhandledRejection', fail)
}

/** Runs a start; a problem of settings or folders ends in one sentence, anything else in its code. */
export async function startOrExplain(start: () => Promise<void>): Promise<void> {
  // Nothing readable may be written by the system either: no diagnostic report with the heap's texts.
  if (process.report) process.report.reportOnFatalError = false
  try {
    await start()
  } catch (error) {
    process.stderr.write(`Baken does not start: ${explain(error)}\n`)
    process.exit(1)
  }
}

function explain(error: unknown): string {
  if (error instanceof SettingsProblem || (error instanceof Error && error.name === 'DataFolderProblem'))
    return error.message
  const { code, where } = describeFailure(error)
  const sentence = error instanceof Error ? error.message : 'unknown failure'
  return `${sentence} (${code}, ${where})`
}
