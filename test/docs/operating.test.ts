import { existsSync, readFileSync } from 'node:fs'
import t from 'tap'
import { judgeServerLog } from '../../server/cli/check-server-log.js'
import { readIntakeConfig } from '../../server/intake/config.js'
import { intakeSettings, sharedSettings, triageSettings } from '../../server/settings.js'
import { baken } from '../support/cli.js'

const ONION = '2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid'
const ROOT = new URL('../../../', import.meta.url)
const text = readFileSync(new URL('docs/operating.md', ROOT), 'utf8')

t.test('every command of the page exists, with the options it is given there', async (t) => {
  const { stdout } = await baken(['--help'])
  const names = [...stdout.matchAll(/^ {2}([\w-]+(?: \w+)?) {2}/gm)].map((match) => match[1] ?? '')
  const used = [
    ...text
      .replaceAll('\n', ' ')
      .matchAll(/`baken ([\w-]+(?: \w+)?)([^`]*)`|^baken ([\w-]+(?: \w+)?)(.*)$/gm),
  ]
  t.ok(used.length > 10)
  for (const [, inline, inlineRest, alone, aloneRest] of used) {
    const words = inline ?? alone ?? ''
    const name = names.find((known) => words === known || words.split(' ')[0] === known)
    t.ok(name, `baken ${words}`)
    const help = (await baken([...(name ?? '').split(' '), '--help'])).stdout
    for (const [option] of (inlineRest ?? aloneRest ?? '').matchAll(/--[a-z-]+/g))
      t.match(help, option, words)
  }
})

t.test('the settings of PostgreSQL on the page are those that baken doctor asks for', async (t) => {
  const block = /```ini\n(log_statement[^`]+)```/.exec(text)?.[1] ?? ''
  const settings = [...block.matchAll(/^(\w+) = '?(.*?)'?$/gm)].map(
    ([, name = '', value = '']) => [name, value] as const,
  )
  t.ok(settings.length > 10)
  t.same(
    judgeServerLog(new Map(settings)).map(({ level }) => level),
    ['ok'],
  )
})

t.test('the settings of the processes on the page are those that exist', async (t) => {
  const known = [...Object.keys({ ...sharedSettings, ...intakeSettings, ...triageSettings }), 'DATABASE_URL']
  const named = [...text.matchAll(/`([A-Z]+(?:_[A-Z]+)*)`/g)].map((match) => match[1] ?? '')
  for (const name of new Set(named)) {
    t.ok(known.includes(name) || known.includes(name.replace(/_FILE$/, '')), name)
  }
  for (const name of known) t.match(text, `\`${name}`, `${name} is explained`)
})

t.test('tor leads to a public app of its own, which would start with the settings on the page', async (t) => {
  const section = text.split('## 14. An onion service')[1] ?? ''
  const unit = /```ini\n([^`]+)```/.exec(section)?.[1] ?? ''
  const torrc = /```\n(SocksPort[^`]+)```/.exec(section)?.[1] ?? ''
  const settings = Object.fromEntries(
    [...unit.matchAll(/([A-Z_]+)=(\S+)/g)]
      .map(([, name = '', value = '']) => [name, value.replace('YOUR-ADDRESS', ONION)])
      .filter(([name]) => name !== 'DATABASE_URL_FILE'),
  )
  const config = readIntakeConfig({
    ...settings,
    DATABASE_URL: 'postgres://baken_intake:secret@db.example/baken',
  })
  t.equal(config.PUBLIC_ORIGIN, config.ONION_ADDRESS)
  t.match(torrc, `HiddenServicePort 80 ${config.HOST}:${config.PORT}\n`)
  t.match(torrc, /^HiddenServicePoWDefensesEnabled 1$/m)
  t.notMatch(torrc, /HiddenServiceExportCircuitID|NonAnonymous/)
  const nginx = readFileSync(new URL('docs/nginx.conf', ROOT), 'utf8')
  t.notMatch(nginx, `:${config.PORT};`, 'nginx leads elsewhere')
})

t.test('the files that the page names are there', async (t) => {
  for (const path of ['docs/nginx.conf', 'server/intake/main.ts', 'server/triage/main.ts']) {
    t.ok(existsSync(new URL(path, ROOT)), path)
    t.match(text, path.replace(/^server(.*)\.ts$/, 'dist/server$1.js'))
  }
})
