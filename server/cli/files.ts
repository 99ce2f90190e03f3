import { open, readFile } from 'node:fs/promises'
import { errorCode } from '../storage/data-folder.js'
import { CommandProblem } from './command.js'

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it is not there',
  EISDIR: 'it is a folder',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'part of its path is no folder',
}

/** The sentence for a file that cannot be used. */
export function fileProblem(act: 'read' | 'written', path: string, error: unknown): CommandProblem {
  const code = errorCode(error)
  const name = path === '-' ? 'standard input' : path
  return new CommandProblem(`${name} cannot be ${act}: ${REASONS[code] ?? code}`)
}

/** A file's bytes; `-` is standard input. Throws CommandProblem. */
export async function readInput(path: string): Promise<Uint8Array> {
  try {
    if (path !== '-') return new Uint8Array(await readFile(path))
    const chunks: Buffer[] = []
    for await (const chunk of process.stdin) chunks.push(chunk)
    return new Uint8Array(Buffer.concat(chunks))
  } catch (error) {
    throw fileProblem('read', path, error)
  }
}

/** Makes a file with mode 0600, flushed to disk. Throws CommandProblem, also when there is one already. */
export async function writeNew(path: string, content: string | Uint8Array): Promise<void> {
  if (!(await tryWriteNew(path, content)))
    throw new CommandProblem(`${path} is there already: it stays as it is`)
}

/** Like writeNew, but false when there is a file of that name. */
export async function tryWriteNew(path: string, content: string | Uint8Array): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o600)
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    return true
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false
    throw fileProblem('written', path, error)
  }
}
