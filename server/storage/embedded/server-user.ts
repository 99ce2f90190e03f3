// As whom the database server runs. PostgreSQL refuses root, so a Baken started by root hands server and folder to
// an unprivileged user; everybody else runs the server as themselves. Whether that user can reach a place is tried
// out as that user: modes alone do not tell (access lists, read-only or network file systems).
import { execFile } from 'node:child_process'
import { chmod, chown, lchown, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DataFolderProblem, errorCode } from '../data-folder.js'

const CANDIDATES = ['postgres', '_postgres', 'nobody']

export interface ServerUser {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

/**
 * The user for the server; undefined means "as ourselves". A cluster that exists keeps its owner, so that one data
 * folder serves an ordinary user and root in turn. Throws DataFolderProblem `no-user`.
 */
export async function chooseServerUser(cluster: string | undefined): Promise<ServerUser | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const users = parsePasswd(await readFile('/etc/passwd', 'utf8').catch(() => ''))
  const owner = cluster === undefined ? 0 : (await stat(cluster)).uid
  const chosen =
    users.find(({ uid }) => owner !== 0 && uid === owner) ??
    CANDIDATES.map((wanted) => users.find(({ name }) => name === wanted)).find((user) => user !== undefined)
  if (chosen === undefined) {
    throw new DataFolderProblem(
      'no-user',
      'PostgreSQL refuses to run as root and this system has neither a user "postgres" nor a user "nobody": start Baken as an ordinary user.',
    )
  }
  if (!(await succeeds(chosen, '/bin/sh', ['-c', 'exit 0']))) {
    throw new DataFolderProblem(
      'no-user',
      `PostgreSQL refuses to run as root and this system does not allow root to act as the user "${chosen.name}": start Baken as an ordinary user.`,
    )
  }
  return chosen
}

function parsePasswd(text: string): ServerUser[] {
  return text
    .split('\n')
    .map((line) => line.split(':'))
    .filter((fields) => fields.length >= 4 && Number(fields[2]) > 0)
    .map((fields) => ({ name: fields[0] ?? '', uid: Number(fields[2]), gid: Number(fields[3]) }))
}

/** What spawn needs to act as the user. Node drops root's extra groups together with its uid. */
export function actingAs(user: ServerUser | undefined): { uid?: number; gid?: number } {
  return user === undefined ? {} : { uid: user.uid, gid: user.gid }
}

/** A small environment: what the caller's shell holds (PGOPTIONS, LD_PRELOAD, secrets) is not the server's business. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  const kept = ['PATH', 'SystemRoot', 'TEMP', 'TMP'].flatMap((name) => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return { ...Object.fromEntries(kept), LC_ALL: 'C', TZ: 'UTC' }
}

/** Runs a program to its end as that user. A program that cannot be started has status -1. */
export function run(
  user: ServerUser | undefined,
  program: string,
  args: readonly string[],
): Promise<{ status: number; stdout: string; stderr: string }> {
  const options = { ...actingAs(user), cwd: '/', env: serverEnvironment(), windowsHide: true }
  return new Promise((resolve) => {
    const answer = (error: Error | null, stdout: string, stderr: string) =>
      resolve({ status: error === null ? 0 : statusOf(error), stdout, stderr })
    try {
      execFile(program, args, options, answer)
    } catch (error) {
      // Being refused the other user's rights is thrown at once.
      answer(error instanceof Error ? error : new Error('not started'), '', '')
    }
  })
}

function statusOf(error: Error): number {
  return 'code' in error && typeof error.code === 'number' ? error.code : -1
}

/** Whether the user finds `test <kind> path` true: x to enter, w to write, r to read. Tried out, not computed. */
export async function mayAs(
  user: ServerUser | undefined,
  kind: 'r' | 'w' | 'x',
  path: string,
): Promise<boolean> {
  if (process.platform === 'win32') return true
  return succeeds(user, '/bin/sh', ['-c', `test -${kind} "$1"`, 'sh', path])
}

async function succeeds(
  user: ServerUser | undefined,
  program: string,
  args: readonly string[],
): Promise<boolean> {
  return (await run(user, program, args)).status === 0
}

/**
 * Lets the user pass through a folder of ours without being able to list it or to change it: only folders that
 * root owns and keeps to itself are opened, and only by their group.
 */
export async function letThrough(user: ServerUser | undefined, folder: string): Promise<void> {
  if (user === undefined || (await mayAs(user, 'x', folder)) || !(await mayAs(user, 'x', dirname(folder))))
    return
  const { uid, mode } = await stat(folder)
  if (uid !== 0 || (mode & 0o077) !== 0) return
  await chown(folder, 0, user.gid)
  await chmod(folder, 0o710)
}

/** Makes an empty folder (mode 0700) of the user, or answers false when the user could not work in it. */
export async function makeFolderFor(user: ServerUser | undefined, folder: string): Promise<boolean> {
  await mkdir(folder, { mode: 0o700 })
  try {
    if (user !== undefined) await chown(folder, user.uid, user.gid)
    if ((await mayAs(user, 'x', folder)) && (await mayAs(user, 'w', folder))) return true
  } catch (error) {
    if (!['EPERM', 'EACCES', 'EINVAL'].includes(errorCode(error))) throw error
  }
  await rm(folder, { recursive: true, force: true })
  return false
}

/** Gives a whole folder to the user when it belongs to root or nobody known, as after a restored backup. */
export async function handOver(user: ServerUser | undefined, folder: string): Promise<void> {
  if (user === undefined || (await stat(folder)).uid === user.uid) return
  for (const entry of await readdir(folder, { recursive: true }))
    await lchown(join(folder, entry), user.uid, user.gid)
  await lchown(folder, user.uid, user.gid)
}
