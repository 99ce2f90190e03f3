/**
 * Files without a name. A program that must be able to jump back and forth in a file cannot read it from a pipe; this
 * one lies in no folder, so nobody else can open it, and is gone with the last process that holds it.
 */
import { constants } from 'node:fs'
import { type FileHandle, open, statfs } from 'node:fs/promises'

/** A folder in memory on every Linux; what lies there can be swapped out like any memory. */
const MEMORY_FOLDER = '/dev/shm'
/** Of Linux (open(2)): makes a file that has no name. Node has no name for it either. */
const O_TMPFILE = 0o20000000 | constants.O_DIRECTORY

/**
 * Makes an empty file in memory that a shut-in process of another user can be given. Throws what the system says where
 * there is no such memory.
 */
export async function makeMemoryFile(): Promise<FileHandle> {
  const file = await makeNamelessFile(MEMORY_FOLDER)
  await file.chmod(0o666)
  return file
}

/** Makes an empty file on the disk that `folder` lies on; the folder itself and its times are not touched. */
export async function makeNamelessFile(folder: string): Promise<FileHandle> {
  return open(folder, O_TMPFILE | constants.O_RDWR, 0o600)
}

/** How much fits in there, in bytes; 0 when no file can be made. */
export async function memoryFolderBytes(): Promise<number> {
  try {
    await (await makeMemoryFile()).close()
    const { blocks, bsize } = await statfs(MEMORY_FOLDER)
    return blocks * bsize
  } catch {
    return 0
  }
}
