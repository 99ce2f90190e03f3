// The default start: both apps in one process. Without DATABASE_URL a demonstration on an embedded PostgreSQL.
import { z } from 'zod'
import { prepareDemonstration } from './demonstration.js'
import { startIntake } from './intake/start.js'
import { createLog } from './log.js'
import { runProcess } from './processes.js'
import {
  intakeSettings,
  isLoopbackHost,
  readSettings,
  refuseLimitOnOnion,
  requireSignature,
  SettingsProblem,
  sharedSettings,
  triageSettings,
} from './settings.js'
import { connect, refuseUnsafeServer } from './storage/connect.js'
import { openDataFolder } from './storage/data-folder.js'
import { startEmbedded } from './storage/embedded/index.js'
import { holdDatabase } from './storage/hold-database.js'
import { asRole, renewLoginRoles } from './storage/login-roles.js'
import { migrate } from './storage/migrate.js'
import { vacuumArrivals } from './storage/owner.js'
import { startTriage } from './triage/start.js'

const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

const log = createLog({ withTime: false })

await runProcess(log, async (atEnd) => {
  const settings = readSettings(
    {
      ...sharedSettings,
      ...intakeSettings,
      ...triageSettings,
      DATABASE_URL: z
        .string()
        .regex(/^postgres(ql)?:\/\//, 'must begin with postgres://')
        .optional(),
    },
    process.env,
  )
  const demonstration = settings.DATABASE_URL === undefined
  if (demonstration && !isLoopbackHost(settings.HOST)) {
    throw new SettingsProblem(
      'a demonstration listens on this machine only: set DATABASE_URL for a real site, or leave HOST out',
    )
  }
  if (!demonstration) {
    requireSignature(settings, settings.PUBLIC_ORIGIN)
    requireSignature(settings, settings.PARTNER_ORIGIN)
    refuseLimitOnOnion(settings)
  }
  const dataDir = await openDataFolder(settings.DATA_DIR)
  const embedded = settings.DATABASE_URL === undefined ? await startEmbedded(dataDir, { tell: say }) : null
  if (embedded) atEnd(embedded.stop)
  const ownerTarget = settings.DATABASE_URL ?? embedded?.owner ?? ''
  const owner = connect({ target: ownerTarget, connections: 3 })
  atEnd(() => owner.end())
  await refuseUnsafeServer(owner)
  const held = await holdDatabase(owner)
  if (!held) throw new SettingsProblem('another Baken runs on this database already')
  atEnd(async () => held.release())
  await migrate(owner)
  const roles = await renewLoginRoles(owner)
  const deskFile = demonstration ? await prepareDemonstration(owner, dataDir) : null

  const shared = { log, demonstration }
  const own = { ...settings, DATA_DIR: dataDir }
  const apps: { close(): Promise<void> }[] = []
  atEnd(() => Promise.all(apps.map((app) => app.close())))
  const intake = await startIntake(own, {
    ...shared,
    target: asRole(ownerTarget, roles.intake),
    embeddedIn: embedded && dataDir,
  })
  apps.push(intake)
  const triage = await startTriage(
    { ...own, RELEASE_MINUTES: demonstration ? 0 : settings.RELEASE_MINUTES },
    { ...shared, target: asRole(ownerTarget, roles.triage), vacuum: () => vacuumArrivals(held) },
  )
  apps.push(triage)

  for (const notice of embedded?.notices ?? []) say(notice)
  say(`Public site:  ${intake.address}/`)
  say(`Partner app:  ${triage.address}/`)
  if (deskFile) {
    say(
      `For passkeys open it as http://localhost:${new URL(triage.address).port}/: they work for names only.`,
    )
    say(`To sign in to the partner app: names and passphrase stand in ${deskFile}`)
    say(
      'This is a demonstration: do not report anything real. Both apps run in one process with both database',
    )
    say('roles, so this process is not write-only.')
  } else {
    say(
      'Both apps run in one process with both database roles: for a real site run them apart (docs/operating.md).',
    )
  }
  say('Ctrl+C ends it.')
})
