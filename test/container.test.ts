// No container engine runs here, so the files are read and judged; container-start.test.ts runs their steps.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { copiesOf, find, keysAt, listAt, readDockerfile, readYaml } from './support/container-files.js'

const root = fileURLToPath(new URL('../../', import.meta.url))
const stages = readDockerfile(join(root, 'Dockerfile'))
const [build = [], final = []] = stages
const compose = readYaml(join(root, 'compose.yaml'))
const APPS = ['migrate', 'intake', 'triage']
const SERVICES = ['postgres', ...APPS]

const only = (name: string): string[] => final.filter((one) => one.name === name).map(({ text }) => text)

/** The source of a built file below dist/. */
function sourceOf(script: string): string {
  return join(root, script.replace(/^dist\//, '').replace(/\.js$/, '.ts'))
}

t.test('both stages stand on one pinned version of a small image', async (t) => {
  t.equal(stages.length, 2)
  const bases = stages.map(([from]) => from?.text.split(' ')[0])
  t.equal(new Set(bases).size, 1)
  t.match(bases[0], /^node:\d+-bookworm-slim$/)
})

t.test(
  'nothing is added from elsewhere, and the one package is what makes sound and video anew',
  async (t) => {
    const all = stages.flat()
    t.notOk(all.some(({ name }) => name === 'ADD'))
    t.notMatch(all.map(({ text }) => text).join('\n'), /\b(curl|wget|sudo)\b|:latest/)
    const installing = all.filter(({ text }) => /\bapt\b|apt-get/.test(text))
    t.same(
      installing.map(({ text }) => /install .*/.exec(text)?.[0].split('&&')[0]?.trim()),
      ['install -y --no-install-recommends ffmpeg'],
    )
  },
)

t.test('the image runs as a user with a fixed number who owns nothing but /data and /waiting', async (t) => {
  t.same(only('USER'), ['10001:10001'])
  t.match(only('RUN').join(), /useradd --uid 10001 --gid 10001 /)
  t.ok(final.findIndex(({ name }) => name === 'USER') > final.findLastIndex(({ name }) => name === 'RUN'))
  for (const { flags } of copiesOf(final)) t.ok(flags.includes('--chown=root:root'))
})

t.test('command and health check start programs, not shells', async (t) => {
  const [command = ''] = only('CMD')
  t.same(JSON.parse(command), ['node', 'dist/server/intake/main.js'])
  const [health = ''] = only('HEALTHCHECK')
  const words = JSON.parse(health.slice(health.indexOf('[')))
  t.same(words.slice(0, 2), ['node', '-e'])
  t.match(words[2], /\/healthz/)
  t.same(only('STOPSIGNAL'), ['SIGTERM'])
})

t.test('no secret stands in the image', async (t) => {
  const names = stages.flat().filter(({ name }) => name === 'ENV' || name === 'ARG')
  t.notMatch(names.map(({ text }) => text).join(' '), /DATABASE_URL|PASSWORD|PEPPER|SECRET|TOKEN/)
  t.match(only('ENV').join(), /NODE_ENV=production/)
})

t.test('what is copied exists, and the ignore file lets it and little else through', async (t) => {
  const admitted = readFileSync(join(root, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
  t.equal(admitted[0], '*')
  const open = admitted.slice(1).map((line) => line.slice(1))
  const fromContext = [...copiesOf(build), ...copiesOf(final).filter(({ flags }) => flags.length === 1)]
  const copied = fromContext.flatMap(({ sources }) => sources)
  for (const source of copied) {
    t.ok(existsSync(join(root, source)), `${source} exists`)
    t.ok(open.includes(source), `${source} is let through`)
  }
  t.same(
    open.filter((path) => !copied.includes(path)),
    [],
    'nothing is let through that is not copied',
  )
})

t.test('the steps of the build are those of CI', async (t) => {
  const steps = build.filter(({ name }) => name === 'RUN').map(({ text }) => text)
  const [install = '', compile = ''] = steps
  t.match(readFileSync(join(root, '.ci', 'run'), 'utf8'), new RegExp(`^${install}$`, 'm'))
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  t.equal(compile, scripts.build)
  t.match(steps[2], /^npm prune --omit=dev/)
})

t.test('compose: every service is shut in', async (t) => {
  t.same(keysAt(compose, 'services'), SERVICES)
  for (const service of SERVICES) {
    t.equal(find(compose, 'services', service, 'read_only'), 'true', service)
    t.same(listAt(compose, 'services', service, 'cap_drop'), ['ALL'])
    t.same(listAt(compose, 'services', service, 'security_opt'), ['no-new-privileges:true'])
    t.equal(find(compose, 'services', service, 'ulimits', 'core'), '0')
  }
  for (const app of APPS) {
    t.notOk(keysAt(compose, 'services', app).includes('cap_add'), app)
    const volumes = app === 'intake' ? ['waiting:/waiting'] : []
    const has = keysAt(compose, 'services', app).includes('volumes')
    t.same(has ? listAt(compose, 'services', app, 'volumes') : [], volumes, app)
    t.notOk(keysAt(compose, 'services', app).includes('user'), `${app} keeps the user of the image`)
  }
})

t.test('compose: the public app reaches the database and nothing else', async (t) => {
  const networks = (service: string) => listAt(compose, 'services', service, 'networks')
  const shared = (one: string, other: string) =>
    networks(one).filter((name) => networks(other).includes(name))
  t.same(shared('intake', 'triage'), [])
  t.same(shared('intake', 'migrate'), [])
  t.same(shared('intake', 'postgres'), ['data-intake'])
  t.same(shared('triage', 'postgres'), ['data-triage'])
  for (const network of networks('postgres')) {
    t.equal(find(compose, 'networks', network, 'internal'), 'true', `${network} leads nowhere else`)
  }
  for (const network of ['front-intake', 'front-triage']) {
    t.same(keysAt(compose, 'networks', network, 'driver_opts'), [
      'com.docker.network.bridge.enable_ip_masquerade',
    ])
  }
})

t.test('compose: ports are open to this machine alone, and the database has none', async (t) => {
  for (const service of SERVICES) {
    if (!keysAt(compose, 'services', service).includes('ports')) continue
    for (const port of listAt(compose, 'services', service, 'ports')) t.match(port, /^127\.0\.0\.1:\d+:\d+$/)
  }
  t.notOk(keysAt(compose, 'services', 'postgres').includes('ports'))
})

t.test('compose: no line of the public app or the database is kept, and nothing is swapped', async (t) => {
  t.equal(find(compose, 'services', 'intake', 'logging', 'driver'), 'none')
  t.equal(find(compose, 'services', 'postgres', 'logging', 'driver'), 'none')
  for (const app of ['intake', 'triage']) {
    const limit = (name: string) => find(compose, 'services', app, name)
    t.equal(limit('memswap_limit'), limit('mem_limit'))
  }
})

t.test('compose: every password comes from a file, and each process gets its own alone', async (t) => {
  const secrets = (service: string) => listAt(compose, 'services', service, 'secrets')
  t.same(secrets('intake'), ['address.intake', 'pepper'])
  t.same(secrets('triage'), ['address.triage'])
  t.same(secrets('migrate'), ['owner-address'])
  t.same([...SERVICES.flatMap(secrets)].sort(), keysAt(compose, 'secrets').sort())
  for (const app of ['intake', 'triage']) {
    t.equal(find(compose, 'services', app, 'environment', 'DATABASE_URL_FILE'), `/run/secrets/address.${app}`)
    t.notOk(keysAt(compose, 'services', app, 'environment').includes('DATABASE_URL'))
    t.match(find(compose, 'services', app, 'environment', 'DPIA_SIGNED'), /^\$\{DPIA_SIGNED:\?/)
  }
})

t.test(
  'compose: each command names a program that the build makes, after the database was migrated',
  async (t) => {
    for (const app of APPS) {
      const [program, script = ''] = listAt(compose, 'services', app, 'command')
      t.equal(program, 'node')
      t.ok(existsSync(sourceOf(script)), `${script} has a source`)
      t.ok(existsSync(join(root, script)), `${script} is built`)
    }
    for (const app of ['intake', 'triage']) {
      const condition = find(compose, 'services', app, 'depends_on', 'migrate', 'condition')
      t.equal(condition, 'service_completed_successfully')
    }
    t.equal(find(compose, 'services', 'migrate', 'depends_on', 'postgres', 'condition'), 'service_healthy')
  },
)

t.test('compose: images have a version', async (t) => {
  for (const service of SERVICES)
    t.match(find(compose, 'services', service, 'image'), /:\d+[\w.-]*$/, service)
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  for (const app of APPS) t.equal(find(compose, 'services', app, 'image'), `baken:${version}`)
})
