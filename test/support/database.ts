// A fresh migrated database for a test, on the cluster that the test run started (embedded or the system's), or on
// an embedded one of its own when a single test file is run by hand.
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import root from 'tap'
import { connect, type Pool } from '../../server/storage/connect.js'
import { startEmbedded } from '../../server/storage/embedded/index.js'
import { renewLoginRoles } from '../../server/storage/login-roles.js'
import { migrate } from '../../server/storage/migrate.js'
import { toUrl, withDatabase, withRole } from './url.js'

export interface Teardown {
  teardown(handler: () => unknown): void
}

export interface TestDatabase {
  /** postgres:// address of the owner */
  readonly ownerUrl: string
  readonly owner: Pool
  readonly intakeUrl: string
  readonly triageUrl: string
}

let ownCluster: Promise<string> | null = null

/** Which PostgreSQL the tests run on, for messages. */
export const databaseKind = process.env.BAKEN_TEST_DATABASE ?? 'embedded'

/** The address of a cluster's owner, whose database serves only to make others. */
export function clusterUrl(): Promise<string> {
  const given = process.env.BAKEN_TEST_DATABASE_URL
  if (given) return Promise.resolve(given)
  if (!ownCluster) {
    ownCluster = startOwnCluster()
  }
  return ownCluster
}

async function startOwnCluster(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'baken-test-'))
  const embedded = await startEmbedded(folder)
  root.teardown(async () => {
    await embedded.stop()
    await rm(folder, { recursive: true, force: true })
  })
  return toUrl(embedded.owner)
}

/** An empty database, dropped when the test ends. */
export async function emptyDatabase(t: Teardown): Promise<{ ownerUrl: string; owner: Pool }> {
  const cluster = await clusterUrl()
  const name = `baken_test_${randomBytes(6).toString('hex')}`
  const admin = connect({ target: cluster, connections: 1 })
  await admin.query(`create database ${name} template template0 encoding 'UTF8'`)
  await admin.end()
  const ownerUrl = withDatabase(cluster, name)
  const owner = connect({ target: ownerUrl, connections: 4 })
  t.teardown(async () => {
    await owner.end()
    const again = connect({ target: cluster, connections: 1 })
    await again.query(`drop database if exists ${name} with (force)`)
    await again.end()
  })
  return { ownerUrl, owner }
}

/** A migrated database with its two login roles. */
export async function freshDatabase(t: Teardown): Promise<TestDatabase> {
  const { ownerUrl, owner } = await emptyDatabase(t)
  await migrate(owner)
  const roles = await renewLoginRoles(owner)
  return {
    ownerUrl,
    owner,
    intakeUrl: withRole(ownerUrl, roles.intake),
    triageUrl: withRole(ownerUrl, roles.triage),
  }
}
