// The production configuration: the public app and the partner app as processes of their own, each with its own role's
// password and its own folders, on a fresh database of the cluster that the test run started.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Baken, spawnBaken, workFolder } from './baken-process.js'
import { freshDatabase, type Teardown, type TestDatabase } from './database.js'
import { createTestDesk, type TestDesk } from './desk.js'
import { freePort } from './free-port.js'
import { untilReady } from './sites.js'

export interface TwoProcesses {
  readonly database: TestDatabase
  readonly desk: TestDesk
  readonly site: string
  readonly partnerSite: string
  readonly intake: Baken
  readonly triage: Baken
  /** the environment of the public app, besides PATH */
  readonly settings: Readonly<Record<string, string>>
  /** DATA_DIR, HOME and TMPDIR of both, and nothing else */
  readonly folder: string
  readonly temporary: string
  readonly pepperFile: string
}

/** Starts both and waits until they are ready. Batches are released at once when `releaseMinutes` is 0. */
export async function startTwoProcesses(
  t: Teardown,
  more: Record<string, string> = {},
  releaseMinutes = 0,
): Promise<TwoProcesses> {
  const database = await freshDatabase(t)
  const desk = await createTestDesk(database.owner)
  const { folder, tmp: temporary } = workFolder(t)
  const dataDir = join(folder, 'data')
  mkdirSync(dataDir)
  const port = await freePort()
  const partnerPort = await freePort()
  const shared = { HOST: '127.0.0.1', DATA_DIR: dataDir, TMPDIR: temporary, HOME: folder, ...more }
  const settings = { ...shared, DATABASE_URL: database.intakeUrl, PORT: String(port) }
  const intake = spawnBaken(t, { program: 'intake', settings })
  const triage = spawnBaken(t, {
    program: 'triage',
    settings: {
      ...shared,
      DATABASE_URL: database.triageUrl,
      PARTNER_PORT: String(partnerPort),
      RELEASE_MINUTES: String(releaseMinutes),
    },
  })
  const site = `http://127.0.0.1:${port}`
  const partnerSite = `http://127.0.0.1:${partnerPort}`
  await Promise.all([untilReady(site), untilReady(partnerSite)])
  const pepperFile = join(dataDir, 'pepper')
  return { database, desk, site, partnerSite, intake, triage, settings, folder, temporary, pepperFile }
}
