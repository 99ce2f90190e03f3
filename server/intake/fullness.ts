// The disk watermark: new reports meet a page with telephone numbers while there is still room for those being written.
import { statfs } from 'node:fs/promises'

export interface Watermarks {
  /** the folder of a database on this machine, and how much of its disk stays free */
  readonly folder: string | null
  readonly minFreeBytes: number
  /** how large the database may become; null when nobody said */
  readonly maxDatabaseBytes: number | null
  databaseBytes(): Promise<number>
}

/** Whether a watermark is reached. What cannot be read is not called full: a site without a database says so itself. */
export function createFullness({
  folder,
  minFreeBytes,
  maxDatabaseBytes,
  databaseBytes,
}: Watermarks): () => Promise<boolean> {
  const diskIsFull = async (): Promise<boolean> => {
    if (folder === null) return false
    const { bavail, bsize } = await statfs(folder)
    return bavail * bsize < minFreeBytes
  }
  const databaseIsFull = async (): Promise<boolean> =>
    maxDatabaseBytes !== null && (await databaseBytes()) > maxDatabaseBytes
  return async () => {
    const full = await Promise.all([diskIsFull(), databaseIsFull()].map((one) => one.catch(() => false)))
    return full.includes(true)
  }
}
