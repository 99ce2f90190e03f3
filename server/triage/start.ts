// Starts the partner app and the release of what arrived; what it opened is closed by `close`.
import type { Log } from '../log.js'
import { closeApp, listen } from '../processes.js'
import { startRelease } from '../queue/release.js'
import type { ConnectOptions } from '../storage/connect.js'
import { openTriageStorage } from '../storage/triage/index.js'
import { createTriageApp } from './app.js'

export interface TriageSettings {
  readonly HOST: string
  readonly PARTNER_PORT: number
  readonly PARTNER_ORIGIN: string
  readonly SITE_NAME: string
  readonly DEFAULT_LANGUAGE: string
  readonly RELEASE_MINUTES: number
}

export interface TriageEnvironment {
  readonly target: ConnectOptions['target']
  readonly log: Log
  readonly demonstration: boolean
  readonly vacuum?: () => Promise<void>
}

/** Listens and returns the address, and how to stop. */
export async function startTriage(
  settings: TriageSettings,
  { target, log, demonstration, vacuum }: TriageEnvironment,
): Promise<{ address: string; close: () => Promise<void> }> {
  const storage = openTriageStorage({ target })
  const app = await createTriageApp({
    storage,
    log,
    settings: {
      siteName: settings.SITE_NAME,
      defaultLanguage: settings.DEFAULT_LANGUAGE,
      demonstration,
      origin: settings.PARTNER_ORIGIN,
    },
    secure: settings.PARTNER_ORIGIN.startsWith('https:'),
  })
  const address = await listen(app, settings, 'PARTNER_PORT')
  const stopRelease = startRelease({
    storage,
    log,
    batchMinutes: settings.RELEASE_MINUTES,
    ...(vacuum && { vacuum }),
  })
  return {
    address,
    close: async () => {
      await Promise.all([stopRelease(), closeApp(app)])
      await storage.close()
    },
  }
}
