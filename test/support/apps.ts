// Both apps as they run, in this process, on a fresh database: real sealing, real stripping, real PostgreSQL.

import { randomBytes } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { type HelpWatch, watchHelp } from '../../server/help/watch.js'
import { createIntakeApp } from '../../server/intake/app.js'
import { loadSite } from '../../server/intake/site.js'
import { createLog } from '../../server/log.js'
import type { DeskHours } from '../../server/report/desk-hours.js'
import {
  createSanitiser,
  DEFAULT_LIMITS,
  type Sanitiser,
  type SanitisingLimits,
} from '../../server/sanitising/index.js'
import { createSealer } from '../../server/sealing/index.js'
import type { ConnectOptions } from '../../server/storage/connect.js'
import { type IntakeStorage, openIntakeStorage } from '../../server/storage/intake/index.js'
import { openTriageStorage, type TriageStorage } from '../../server/storage/triage/index.js'
import { createTriageApp } from '../../server/triage/app.js'
import { freshDatabase, type Teardown, type TestDatabase } from './database.js'
import { createTestDesk, type TestDesk } from './desk.js'

export interface TestApps {
  readonly database: TestDatabase
  readonly desk: TestDesk
  readonly intake: FastifyInstance
  readonly triage: FastifyInstance
  /** brings what was changed in the help directory to the public pages, as it does once a minute */
  lookAtHelp: HelpWatch['look']
  readonly intakeStorage: IntakeStorage
  readonly triageStorage: TriageStorage
  readonly pepper: Uint8Array
  /** every line that was logged */
  readonly log: string[]
  /** makes everything that arrived visible to the desk */
  release(): Promise<void>
}

export interface AppOptions {
  readonly deskHours?: DeskHours | null
  /** false: no desk takes reports */
  readonly liveDesk?: boolean
  /** the same for every kind */
  readonly maxFileBytes?: number
  readonly fileLimits?: Partial<SanitisingLimits>
  readonly perMinute?: number | null
  readonly isFull?: () => Promise<boolean>
  readonly demonstration?: boolean
  /** whether the site is reached over https */
  readonly secure?: boolean
  readonly onionAddress?: string
  readonly origin?: string
  /** the address of the partner app, for which passkeys are made */
  readonly partnerOrigin?: string
  readonly securityContact?: string
  readonly sanitiser?: Sanitiser
  readonly clock?: () => Date
  readonly quickExitUrl?: string
  /** stands between the public app and its storage, to let something fail there */
  readonly through?: (storage: IntakeStorage) => IntakeStorage
  readonly connect?: Partial<ConnectOptions>
}

/** Starts both apps; they are closed when the test ends. Use `inject`, or `listen` for a real port. */
export async function startApps(t: Teardown, options: AppOptions = {}): Promise<TestApps> {
  const database = await freshDatabase(t)
  const desk = await createTestDesk(database.owner)
  if (options.liveDesk === false) await database.owner.query('update desk set closed = true')
  const log: string[] = []
  const write = (line: string) => log.push(line)
  const intakeStorage = openIntakeStorage({ target: database.intakeUrl, ...options.connect })
  const triageStorage = openTriageStorage({ target: database.triageUrl })
  const sealer = createSealer(2)
  const most = options.maxFileBytes
  const fileLimits = {
    ...DEFAULT_LIMITS,
    ...(most && { maxInputBytes: most, maxSoundBytes: most, maxVideoBytes: most }),
    ...options.fileLimits,
  }
  const sanitiser = options.sanitiser ?? createSanitiser(fileLimits)
  const pepper = new Uint8Array(randomBytes(32))
  const settings = {
    siteName: 'Baken',
    defaultLanguage: 'nl',
    demonstration: options.demonstration ?? false,
    ...(options.clock && { clock: options.clock }),
  }
  const site = loadSite({
    ...settings,
    onionAddress: options.onionAddress ?? null,
    ...(options.origin !== undefined && { origin: options.origin }),
  })
  const help = watchHelp(site.directory, intakeStorage, () => undefined)
  const intake = await createIntakeApp({
    site,
    storage: options.through?.(intakeStorage) ?? intakeStorage,
    sealer,
    sanitiser,
    log: createLog({ withTime: false, write }),
    pepper,
    secure: options.secure ?? false,
    quickExitUrl: options.quickExitUrl ?? 'https://weather.example/',
    fileLimits,
    perMinute: options.perMinute ?? null,
    deskHours: options.deskHours ?? null,
    securityContact: options.securityContact ?? null,
    ...(options.isFull && { isFull: options.isFull }),
    ...(options.clock && { clock: options.clock }),
  })
  const triage = await createTriageApp({
    storage: triageStorage,
    log: createLog({ withTime: true, write }),
    settings: { ...settings, ...(options.partnerOrigin !== undefined && { origin: options.partnerOrigin }) },
    secure: options.secure ?? false,
    ...(options.clock && { clock: options.clock }),
  })
  t.teardown(async () => {
    help.stop()
    await Promise.all([intake.close(), triage.close(), sanitiser.close(), sealer.close()])
    await Promise.all([intakeStorage.close(), triageStorage.close()])
  })
  return {
    database,
    desk,
    intake,
    triage,
    lookAtHelp: help.look,
    intakeStorage,
    triageStorage,
    pepper,
    log,
    release: () => triageStorage.releaseArrivals(true),
  }
}
