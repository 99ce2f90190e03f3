// A whole site for tests that kill it: the demonstration on its embedded PostgreSQL, or the two production processes
// on a cluster of the system's. Both can lose Node alone, or everything at once.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect, type Pool } from '../../server/storage/connect.js'
import { renewLoginRoles } from '../../server/storage/login-roles.js'
import { migrate } from '../../server/storage/migrate.js'
import {
  type Baken,
  descendantsOf,
  embeddedOwner,
  killHard,
  spawnBaken,
  startBaken,
  until,
  workFolder,
} from './baken-process.js'
import { databaseKind, type Teardown } from './database.js'
import { createTestDesk } from './desk.js'
import { childrenOf, runs } from './embedded-holder.js'
import { freePort } from './free-port.js'
import { startOwnCluster } from './own-cluster.js'
import { withRole } from './url.js'

export interface Site {
  /** the public app, the same address after every start */
  readonly url: string
  /** opens what was sealed to the desk */
  readonly identity: string
  readonly baken: () => Baken
  /** kill -9 of the process that takes reports, and of nothing else */
  killNode(): Promise<void>
  /** kill -9 of all processes, the database server and its children too */
  killEverything(): Promise<void>
  /** kill -9 of the database server and all its children, and of nothing else */
  killDatabase(): Promise<void>
  /** starts it again, where Baken does not do that by itself */
  startDatabase(): Promise<void>
  /** resolves when the site takes reports */
  start(): Promise<void>
  /** runs something as the owner of the database */
  asOwner<T>(work: (owner: Pool) => Promise<T>): Promise<T>
}

/** The site on the kind of database that this run of the tests is for. */
export function startSite(t: Teardown): Promise<Site> {
  return databaseKind === 'system' ? startOnSystem(t) : startOnEmbedded(t)
}

export async function startOnEmbedded(t: Teardown, settings: Record<string, string> = {}): Promise<Site> {
  const { folder, tmp } = workFolder(t)
  const dataDir = join(folder, 'data')
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  let baken: Baken
  const start = async (): Promise<void> => {
    baken = await startBaken(t, {
      settings: { DATA_DIR: dataDir, PORT: String(port), PARTNER_PORT: '0', TMPDIR: tmp, ...settings },
    })
    await untilReady(url)
  }
  await start()
  const file = readFileSync(join(dataDir, 'demonstration-desk.txt'), 'utf8')
  return {
    url,
    identity: /^(AGE-SECRET-KEY-1\S+)$/m.exec(file)?.[1] ?? '',
    baken: () => baken,
    start,
    killNode: async () => {
      await baken.stop('SIGKILL')
    },
    killEverything: () => baken.killEverything(),
    killDatabase: async () => {
      const postmaster = childrenOf(baken.pid).find((pid) => descendantsOf(pid).length > 3) ?? 0
      const all = [postmaster, ...descendantsOf(postmaster)]
      for (const pid of all) killHard(pid)
      await until('the server is gone', () => !all.some(runs))
    },
    startDatabase: async () => undefined,
    asOwner: (work) => asOwner(embeddedOwner(dataDir) ?? '', work),
  }
}

async function startOnSystem(t: Teardown): Promise<Site> {
  const { folder } = workFolder(t)
  const cluster = await startOwnCluster(t)
  const port = await freePort()
  const partnerPort = await freePort()
  const url = `http://127.0.0.1:${port}`
  const { roles, desk } = await asOwner(cluster.url, async (owner) => {
    await migrate(owner)
    return { roles: await renewLoginRoles(owner), desk: await createTestDesk(owner) }
  })
  let intake: Baken
  let triage: Baken | undefined
  const startNode = async (): Promise<void> => {
    intake = spawnBaken(t, {
      program: 'intake',
      settings: { DATABASE_URL: withRole(cluster.url, roles.intake), DATA_DIR: folder, PORT: String(port) },
    })
    // Its release goes on moving reports while others arrive.
    triage ??= spawnBaken(t, {
      program: 'triage',
      settings: {
        DATABASE_URL: withRole(cluster.url, roles.triage),
        PARTNER_PORT: String(partnerPort),
        RELEASE_MINUTES: '0',
      },
    })
    await untilReady(url)
    await untilReady(`http://127.0.0.1:${partnerPort}`)
  }
  await startNode()
  let crashed = false
  return {
    url,
    identity: desk.keys.identity,
    baken: () => intake,
    start: async () => {
      if (crashed) await cluster.start()
      crashed = false
      await startNode()
    },
    killNode: async () => {
      await intake.stop('SIGKILL')
    },
    killEverything: async () => {
      crashed = true
      await Promise.all([cluster.crash(), intake.killEverything(), triage?.killEverything()])
      triage = undefined
    },
    killDatabase: cluster.crash,
    startDatabase: cluster.start,
    asOwner: (work) => asOwner(cluster.url, work),
  }
}

async function asOwner<T>(
  target: Parameters<typeof connect>[0]['target'],
  work: (owner: Pool) => Promise<T>,
) {
  const owner = connect({ target, connections: 3 })
  try {
    return await work(owner)
  } finally {
    await owner.end()
  }
}

export function untilReady(url: string): Promise<void> {
  return until(`${url} is ready`, async () => {
    const answer = await fetch(`${url}/readyz`).catch(() => null)
    return answer?.status === 200
  })
}
