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
