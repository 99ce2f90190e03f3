// Brings what the operator changed to the public pages. A page never asks the database: a number here goes up with
// every change, and it is looked at once a minute.
import type { HelpChanges, LiveDirectory } from './directory.js'

const LOOK_EVERY_MS = 60_000

export interface HelpSource {
  helpVersion(): Promise<number>
  readHelp(): Promise<HelpChanges>
}

export interface HelpWatch {
  /** Looks now; resolves to whether something new was read. Rejects when the database is away: what was read stays. */
  look(): Promise<boolean>
  /** Looks no more; what is under way fails in silence, because the database goes away at an end. */
  stop(): void
}

/**
 * Looks now and once a minute, telling `failed` of the first failure in a row. Pages are also made anew when a day
 * begins: a number may then have become stale, and a coordinator's term over.
 */
export function watchHelp(
  directory: LiveDirectory,
  source: HelpSource,
  failed: (error: unknown) => void,
  everyMs = LOOK_EVERY_MS,
): HelpWatch {
  const dayNow = () => directory.today().toISOString().slice(0, 10)
  let day = dayNow()
  let hasFailed = false
  let isStopped = false

  const look = async (): Promise<boolean> => {
    if (dayNow() !== day) {
      day = dayNow()
      directory.touch()
    }
    const isNew = (await source.helpVersion()) !== directory.version
    if (isNew) directory.replace(await source.readHelp())
    return isNew
  }
  const lookQuietly = (): void => {
    look().then(
      () => {
        hasFailed = false
      },
      (error: unknown) => {
        if (!hasFailed && !isStopped) failed(error)
        hasFailed = true
      },
    )
  }
  lookQuietly()
  const timer = setInterval(lookQuietly, everyMs)
  return {
    look,
    stop: () => {
      isStopped = true
      clearInterval(timer)
    },
  }
}
