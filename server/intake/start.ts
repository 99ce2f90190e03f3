// Starts the public app with everything it needs; what it opened is closed by `close`.
import { watchHelp } from '../help/watch.js'
import { describeFailure, type Log } from '../log.js'
import { closeApp, listen, readPepper } from '../processes.js'
import type { DeskHours } from '../report/desk-hours.js'
import { type Closed, createSanitiser, DEFAULT_LIMITS } from '../sanitising/index.js'
import { createSealer } from '../sealing/index.js'
import type { ConnectOptions } from '../storage/connect.js'
import { openIntakeStorage } from '../storage/intake/index.js'
import { createIntakeApp } from './app.js'
import { createFullness } from './fullness.js'
import { loadSite } from './site.js'

const MEGABYTE = 1024 * 1024
const SWEEP_EVERY_MS = 60_000

export interface IntakeSettings {
  readonly HOST: string
  readonly PORT: number
  readonly DATA_DIR: string
  readonly SITE_NAME: string
  readonly DEFAULT_LANGUAGE: string
  readonly PUBLIC_ORIGIN: string
  readonly QUICK_EXIT_URL: string
  readonly ONION_ADDRESS?: string | undefined
  readonly PEPPER_FILE?: string | undefined
  readonly SECURITY_CONTACT?: string | undefined
  readonly MAX_FILE_MEGABYTES: number
  readonly MAX_SOUND_MEGABYTES: number
  readonly MAX_VIDEO_MEGABYTES: number
  readonly CLOSED_FORMATS?: readonly Closed[] | undefined
  readonly MIN_FREE_MEGABYTES: number
  readonly MAX_DATABASE_MEGABYTES?: number | undefined
  readonly REQUESTS_PER_MINUTE?: number | undefined
  readonly DESK_HOURS?: DeskHours | undefined
}

/** Listens and returns the address, and how to stop. */
export async function startIntake(
  settings: IntakeSettings,
  {
    target,
    log,
    demonstration,
    embeddedIn = null,
  }: {
    target: ConnectOptions['target']
    log: Log
    demonstration: boolean
    /** the folder of the database when this process runs it */
    embeddedIn?: string | null
  },
): Promise<{ address: string; close: () => Promise<void> }> {
  const site = loadSite({
    siteName: settings.SITE_NAME,
    defaultLanguage: settings.DEFAULT_LANGUAGE,
    demonstration,
    onionAddress: settings.ONION_ADDRESS ?? null,
    // Without a slash at its end, however it was given.
    origin: new URL(settings.PUBLIC_ORIGIN).origin,
  })
  const pepper = await readPepper(settings.PEPPER_FILE, settings.DATA_DIR)
  const fileLimits = {
    ...DEFAULT_LIMITS,
    maxInputBytes: settings.MAX_FILE_MEGABYTES * MEGABYTE,
    maxSoundBytes: settings.MAX_SOUND_MEGABYTES * MEGABYTE,
    maxVideoBytes: settings.MAX_VIDEO_MEGABYTES * MEGABYTE,
  }
  const storage = openIntakeStorage({ target })
  const sealer = createSealer()
  const sanitiser = createSanitiser(fileLimits, settings.CLOSED_FORMATS)
  const app = await createIntakeApp({
    site,
    storage,
    sealer,
    sanitiser,
    log,
    pepper,
    secure: settings.PUBLIC_ORIGIN.startsWith('https:'),
    quickExitUrl: settings.QUICK_EXIT_URL,
    fileLimits,
    perMinute: settings.REQUESTS_PER_MINUTE ?? null,
    deskHours: settings.DESK_HOURS ?? null,
    securityContact: settings.SECURITY_CONTACT ?? null,
    isFull: createFullness({
      folder: embeddedIn,
      minFreeBytes: settings.MIN_FREE_MEGABYTES * MEGABYTE,
      maxDatabaseBytes: settings.MAX_DATABASE_MEGABYTES ? settings.MAX_DATABASE_MEGABYTES * MEGABYTE : null,
      databaseBytes: storage.databaseBytes,
    }),
  })
  const sweeping = setInterval(() => {
    storage.sweep().catch(() => undefined)
  }, SWEEP_EVERY_MS)
  const address = await listen(app, settings, 'PORT')
  // Not before: where the port is taken nobody would stop it.
  const help = watchHelp(site.directory, storage, (error) => log.event('help.failed', describeFailure(error)))
  return {
    address,
    close: async () => {
      clearInterval(sweeping)
      help.stop()
      await closeApp(app)
      await Promise.all([sanitiser.close(), sealer.close()])
      await storage.close()
    },
  }
}
