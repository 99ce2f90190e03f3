import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { z } from 'zod'
import { readIntakeConfig } from '../server/intake/config.js'
import { readSettings } from '../server/settings.js'
import { readTriageConfig } from '../server/triage/config.js'

const ADDRESS = 'postgres://baken_intake:secret@db.example/baken'

async function secretFile(
  scope: { teardown(handler: () => unknown): void },
  content: string,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'baken-settings-'))
  scope.teardown(() => rm(folder, { recursive: true, force: true }))
  const file = join(folder, 'database-url')
  await writeFile(file, content, { mode: 0o600 })
  return file
}

t.test('the address of the database may stand in a file', async (t) => {
  const DATABASE_URL_FILE = await secretFile(t, `${ADDRESS}\n`)
  t.equal(readIntakeConfig({ DATABASE_URL_FILE }).DATABASE_URL, ADDRESS)
  t.equal(readTriageConfig({ DATABASE_URL_FILE }).DATABASE_URL, ADDRESS)
})

t.test('a file that cannot be read stops the start, and never means a demonstration', async (t) => {
  const optional = { DATABASE_URL: z.string().optional() }
  t.throws(() => readSettings(optional, { DATABASE_URL_FILE: '/nowhere/at/all' }), {
    message: 'these settings are not right:\n  DATABASE_URL_FILE: cannot be read (ENOENT)',
  })
})

t.test(
  'an address and a file at once are refused, together with everything else that is wrong',
  async (t) => {
    const DATABASE_URL_FILE = await secretFile(t, ADDRESS)
    t.throws(() => readIntakeConfig({ DATABASE_URL_FILE, DATABASE_URL: ADDRESS, PORT: '70000' }), {
      message: /DATABASE_URL_FILE: give it or DATABASE_URL, not both\n {2}PORT: /,
    })
  },
)

t.test('what stands in the file is never told', async (t) => {
  const DATABASE_URL_FILE = await secretFile(t, 'mysql://CANARY:CANARY@db.example/')
  try {
    readIntakeConfig({ DATABASE_URL_FILE })
    t.fail('it should be refused')
  } catch (error) {
    t.match(String(error), /DATABASE_URL/)
    t.notMatch(String(error), /CANARY/)
  }
})

t.test('every setting that is wrong is told, each by name, and the value of none', async (t) => {
  const wrong = {
    DATABASE_URL: 'mysql://CANARY@db/x',
    PORT: 'CANARY',
    PUBLIC_ORIGIN: 'http://CANARY.example',
    QUICK_EXIT_URL: 'http://CANARY.example/',
    MAX_FILE_MEGABYTES: '0',
    REQUESTS_PER_MINUTE: '1.5',
    CLOSED_FORMATS: 'jpeg,CANARY',
    SITE_NAME: 'x'.repeat(41),
    DPIA_SIGNED: 'yes, CANARY',
  }
  try {
    readIntakeConfig(wrong)
    t.fail('it should be refused')
  } catch (error) {
    for (const name of Object.keys(wrong)) t.match(String(error), new RegExp(`^  ${name}: .`, 'm'))
    t.notMatch(String(error), 'CANARY')
  }
})

t.test('an empty value counts as none, and what is not set is the safe choice', async (t) => {
  const settings = readIntakeConfig({ DATABASE_URL: ADDRESS, HOST: '', PORT: '', PUBLIC_ORIGIN: '' })
  t.match(settings, {
    HOST: '127.0.0.1',
    PORT: 8080,
    PUBLIC_ORIGIN: 'http://127.0.0.1',
    MAX_FILE_MEGABYTES: 25,
  })
  t.match(readTriageConfig({ DATABASE_URL: ADDRESS }), { HOST: '127.0.0.1', RELEASE_MINUTES: 120 })
})

t.test('kinds of file can be closed by their names', async (t) => {
  t.same(readIntakeConfig({ DATABASE_URL: ADDRESS, CLOSED_FORMATS: 'HEIC, tiff' }).CLOSED_FORMATS, [
    'tiff',
    'heic',
  ])
})

t.test('reports wait for at most two hours, whatever is set', async (t) => {
  for (const RELEASE_MINUTES of ['121', '-1', '1.5', 'Infinity', 'never']) {
    t.throws(() => readTriageConfig({ DATABASE_URL: ADDRESS, RELEASE_MINUTES }), RELEASE_MINUTES)
  }
})

t.test('plain http is for loopback and onion addresses, and an origin is nothing but that', async (t) => {
  const isTaken = (PUBLIC_ORIGIN: string): boolean => {
    try {
      return Boolean(readIntakeConfig({ DATABASE_URL: ADDRESS, PUBLIC_ORIGIN, DPIA_SIGNED: '2026-11-23' }))
    } catch {
      return false
    }
  }
  const onion = `http://${'a'.repeat(56)}.onion`
  for (const origin of [
    'https://reports.example',
    'http://127.0.0.1:8080',
    'http://[::1]',
    'http://localhost',
    onion,
  ]) {
    t.ok(isTaken(origin), origin)
  }
  for (const origin of [
    'http://reports.example',
    'http://127.0.0.1.example',
    'http://localhost.example',
    'http://onion',
    'http://x.onion.example',
    'https://reports.example/path',
    'https://user@reports.example',
    'https://reports.example?x',
    'ftp://reports.example',
    'reports.example',
  ]) {
    t.notOk(isTaken(origin), origin)
  }
})

t.test('a site that others can reach starts only with a signed assessment', async (t) => {
  for (const reachable of [
    { HOST: '0.0.0.0' },
    { HOST: '::' },
    { PUBLIC_ORIGIN: 'https://reports.example' },
  ]) {
    t.throws(() => readIntakeConfig({ DATABASE_URL: ADDRESS, ...reachable }), {
      message: /DPIA_SIGNED is not set/,
    })
    t.ok(readIntakeConfig({ DATABASE_URL: ADDRESS, DPIA_SIGNED: '2026-11-23', ...reachable }))
  }
})
