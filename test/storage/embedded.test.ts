import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import t from 'tap'
import { findNativeFolder } from '../../server/storage/embedded/binaries.js'
import {
  DataFolderProblem,
  type EmbeddedOptions,
  startEmbedded,
} from '../../server/storage/embedded/index.js'
import { takeLock } from '../../server/storage/embedded/lock.js'
import {
  childrenOf,
  type Holder,
  type HolderOptions,
  holdEmbedded,
  isRoot,
  listProcesses,
  postmasterOf,
  runs,
  type Started,
} from '../support/embedded-holder.js'

// Everything of this file lies in one folder that every user may pass, sockets included, so that what stays is seen.
const work = realpathSync(mkdtempSync(join(tmpdir(), 'embedded-')))
const temporary = join(work, 't')
chmodSync(work, 0o755)
openFolder(temporary)
process.env.TMPDIR = temporary
const onlyRoot = isRoot ? {} : { skip: 'only root can act as another user' }
const embedded: EmbeddedOptions = { stateFolder: join(work, 'state') }
const holders: Holder[] = []
/** Used by tests that need a database and do it no harm: making one takes longer than the rest. */
const shared = newDataDir('shared')

t.teardown(async () => {
  for (const holder of holders) holder.process.kill('SIGKILL')
  rmSync(work, { recursive: true, force: true })
})

function openFolder(path: string): string {
  mkdirSync(path, { recursive: true })
  chmodSync(path, 0o777)
  return path
}

/** A data folder in a parent that every user may write in. */
function newDataDir(name: string): string {
  return join(openFolder(join(work, name)), 'data')
}

function hold(dataDir: string, options: HolderOptions = {}): Holder {
  const holder = holdEmbedded(dataDir, { embedded, ...options })
  holders.push(holder)
  return holder
}

async function started(holder: Holder): Promise<Started> {
  const result = await holder.result
  if (result.kind === 'refused') throw new Error(`${result.code}: ${result.message}`)
  return result
}

async function ask(owner: Started['owner'], sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(owner)
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

async function putRow({ owner }: Pick<Started, 'owner'>): Promise<void> {
  await ask(owner, 'drop table if exists kept')
  await ask(owner, 'create table kept as select 1 as n')
}

async function countRows({ owner }: Pick<Started, 'owner'>): Promise<unknown> {
  return (await ask(owner, 'select count(*)::int as n from kept'))[0]?.n
}

/** Starts once, puts a row and stops. */
async function makeDatabase(dataDir: string): Promise<string> {
  const database = await startEmbedded(dataDir, embedded)
  await putRow(database)
  await database.stop()
  return database.folder
}

async function refusalOf(dataDir: string, options: EmbeddedOptions = {}): Promise<DataFolderProblem> {
  try {
    const database = await startEmbedded(dataDir, { ...embedded, ...options })
    await database.stop()
  } catch (error) {
    if (error instanceof DataFolderProblem) return error
    throw error
  }
  throw new Error('it started')
}

async function untilGone(pid: number): Promise<void> {
  while (runs(pid)) await wait(10)
}

function killHard(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // A child that served a closed connection may have ended by itself.
  }
}

const mode = (path: string) => statSync(path).mode & 0o777

t.test('a second start finds the rows of the first', async (t) => {
  const first = await startEmbedded(shared, embedded)
  await putRow(first)
  await first.stop()
  const second = await startEmbedded(shared, embedded)
  t.equal(await countRows(second), 1)
  t.same(second.notices, [])
  t.equal(second.folder, join(shared, 'postgres'))
  t.equal(second.owner.password, first.owner.password, 'the password stays')
  await Promise.all([second.stop(), second.stop()])
  t.notOk(existsSync(second.owner.host), 'the socket folder is gone')
  t.same(
    readdirSync(shared).sort(),
    ['postgres', 'postgres-owner-password'],
    'lock, drafts and temporary files are gone',
  )
})

t.test('files and sockets are closed to everybody else, and there is no TCP', async (t) => {
  const database = await startEmbedded(shared, embedded)
  t.equal(mode(join(shared, 'postgres-owner-password')), 0o600)
  t.equal(mode(join(shared, 'baken.lock')), 0o600)
  t.equal(mode(join(shared, 'postgres')), 0o700)
  t.equal(mode(shared), isRoot ? 0o710 : 0o700, "root lets the server's user pass, nobody lists")
  t.equal(mode(database.owner.host), 0o700)
  t.equal(statSync(database.owner.host).uid, statSync(database.folder).uid)
  t.ok(database.owner.host.length < 100)
  t.match(database.owner.password, /^[\w-]{43}$/)
  const server = postmasterOf(database.folder)
  const open = isRoot || process.platform === 'linux' ? readdirSync(`/proc/${server}/fd`) : []
  const sockets = open.map((fd) => /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${server}/fd/${fd}`))?.[1])
  const tcp = ['tcp', 'tcp6'].flatMap((name) => readTcp(`/proc/net/${name}`))
  t.same(
    sockets.filter((inode) => inode !== undefined && tcp.includes(inode)),
    [],
  )
  await database.stop()
})

function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}

function readTcp(path: string): string[] {
  if (!existsSync(path)) return []
  return readFileSync(path, 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/)[9] ?? '')
}

t.test('the settings are in force and cannot be overruled from inside', async (t) => {
  const first = await startEmbedded(shared, embedded)
  await ask(first.owner, `alter system set log_statement = 'all'`)
  await ask(first.owner, 'alter system set fsync = off')
  await first.stop()
  const { owner, stop } = await startEmbedded(shared, embedded)
  const wanted = {
    fsync: 'on',
    full_page_writes: 'on',
    synchronous_commit: 'on',
    data_checksums: 'on',
    listen_addresses: '',
    unix_socket_permissions: '0700',
    logging_collector: 'off',
    log_statement: 'none',
    log_min_messages: 'fatal',
    log_min_error_statement: 'panic',
    log_parameter_max_length_on_error: '0',
    log_connections: '',
    log_line_prefix: '',
    track_activities: 'off',
    track_activity_query_size: '100B',
    password_encryption: 'scram-sha-256',
    server_encoding: 'UTF8',
    jit: 'off',
    max_wal_senders: '0',
    max_wal_size: '256MB',
  }
  for (const [name, value] of Object.entries(wanted))
    t.same((await ask(owner, `show ${name}`))[0], { [name]: value })
  t.match(await ask(owner, `select upper('é') as up, current_user as who, current_database() as db`), [
    { up: 'É', who: 'baken_owner', db: 'baken' },
  ])
  await t.rejects(ask({ ...owner, password: 'guess' }, 'select 1'), { code: '28P01' })
  await stop()
})

t.test('a folder in use is refused with the number of the process', async (t) => {
  const database = await startEmbedded(shared, embedded)
  const refusal = await refusalOf(shared)
  t.equal(refusal.code, 'in-use')
  t.match(refusal.message, new RegExp(`process ${process.pid}\\b`))
  t.same(await ask(database.owner, 'select 1 as n'), [{ n: 1 }], 'the first goes on undisturbed')
  await database.stop()
})

t.test('two processes at once, over a new folder and over a dead lock: one wins', async (t) => {
  const dataDir = newDataDir('race')
  for (const round of ['new', 'dead lock']) {
    const pair = [hold(dataDir), hold(dataDir)]
    const results = await Promise.all(pair.map((holder) => holder.result))
    t.same(
      results.map((result) => (result.kind === 'refused' ? result.code : result.kind)).sort(),
      ['in-use', 'started'],
      round,
    )
    await Promise.all(pair.map((holder) => holder.kill()))
  }
  await (await startEmbedded(dataDir, embedded)).stop()
})

t.test('many claims on a dead lock, a torn lock and a dead guard: one wins', async (t) => {
  const dead = {
    pid: 2 ** 22 + 1,
    started: null,
    token: '00000000000000aa',
    postmaster: null,
    socketFolder: null,
  }
  const text = JSON.stringify(dead)
  for (const [name, lock] of Object.entries({ dead: text, torn: '', half: text.slice(0, 30) })) {
    const folder = openFolder(join(work, `lock-${name}`))
    writeFileSync(join(folder, 'baken.lock'), lock)
    writeFileSync(
      join(folder, `baken.lock.${dead.token}`),
      JSON.stringify({ ...dead, token: '00000000000000bb' }),
    )
    const claims = await Promise.allSettled(Array.from({ length: 24 }, () => takeLock(folder)))
    const won = claims.filter((claim) => claim.status === 'fulfilled')
    const lost = claims.flatMap((claim) => (claim.status === 'rejected' ? [claim.reason.code] : []))
    t.equal(won.length, 1, name)
    t.same([...new Set(lost)], ['in-use'])
    await won[0]?.value.release()
    t.same(readdirSync(folder), [])
  }
})

t.test(
  'a lock whose process number went to another process is free',
  { skip: !existsSync('/proc/self/stat') },
  async (t) => {
    const folder = openFolder(join(work, 'lock-reused'))
    const old = {
      pid: process.pid,
      started: 'earlier/1',
      token: '00000000000000aa',
      postmaster: null,
      socketFolder: null,
    }
    writeFileSync(join(folder, 'baken.lock'), JSON.stringify(old))
    const lock = await takeLock(folder)
    t.equal(lock.left?.token, old.token)
    await lock.release()
  },
)

t.test('after kill -9 of Baken the server it left is stopped and the rows are there', async (t) => {
  const holder = hold(shared)
  const before = await started(holder)
  await putRow(before)
  const server = postmasterOf(before.folder)
  await holder.kill()
  t.ok(runs(server), 'the server lives on')
  const after = await startEmbedded(shared, embedded)
  t.notOk(runs(server))
  t.equal(await countRows(after), 1)
  t.notOk(existsSync(before.owner.host), 'its socket folder is gone too')
  await after.stop()
})

t.test('after kill -9 of everything, or of all but the server children, the rows are there', async (t) => {
  for (const who of ['everything', 'all but children']) {
    const holder = hold(shared)
    const before = await started(holder)
    await (who === 'everything' ? putRow(before) : ask(before.owner, 'insert into kept values (2)'))
    const server = postmasterOf(before.folder)
    const children = who === 'everything' ? childrenOf(server) : []
    for (const pid of [server, ...children]) killHard(pid)
    await holder.kill()
    await untilGone(server)
  }
  const after = await startEmbedded(shared, embedded)
  t.equal(await countRows(after), 2)
  await after.stop()
})

t.test('a server number that went to another process: that process is left alone', async (t) => {
  const cluster = await makeDatabase(shared)
  const { uid, gid } = statSync(cluster)
  const other = spawn('sleep', ['60'], { stdio: 'ignore', uid, gid })
  writeFileSync(join(cluster, 'postmaster.pid'), `${other.pid}\n${cluster}\n0\n5432\n/tmp\n\n0 0\nready\n`)
  const database = await startEmbedded(shared, embedded)
  t.equal(await countRows(database), 1)
  t.ok(runs(other.pid ?? 0))
  await database.stop()
  other.kill('SIGKILL')
  await once(other, 'exit')
})

t.test('an interrupt from the terminal leaves the server to Node', async (t) => {
  const holder = hold(shared)
  const { folder } = await started(holder)
  const server = postmasterOf(folder)
  process.kill(-(holder.process.pid ?? Number.NaN), 'SIGINT')
  t.same(await holder.nextLine(), { kind: 'answered' })
  await holder.end()
  t.notOk(runs(server), 'stop() ends it')
})

t.test('a Node that ends without stop() takes its server along', async (t) => {
  const holder = hold(shared, { ending: 'exit' })
  const { folder, owner } = await started(holder)
  const server = postmasterOf(folder)
  await holder.end()
  await untilGone(server)
  t.notOk(existsSync(join(folder, 'postmaster.pid')), 'it shut down in order')
  await (await startEmbedded(shared, embedded)).stop()
  t.notOk(existsSync(owner.host), 'the next start clears up')
})

t.test('an interrupted making is made anew', async (t) => {
  const dataDir = newDataDir('half-made')
  const holder = hold(dataDir)
  while (!draftIsBegun(dataDir)) await wait(2)
  await holder.kill()
  const again = await startEmbedded(dataDir, embedded)
  await putRow(again)
  await again.stop()
  // The initdb that was left may have written a little longer; the next start clears that up.
  const last = await startEmbedded(dataDir, embedded)
  t.equal(await countRows(last), 1)
  await last.stop()
  t.same(readdirSync(dataDir).sort(), ['postgres', 'postgres-owner-password'])
})

/** Whether initdb is at work. */
function draftIsBegun(dataDir: string): boolean {
  const drafts = existsSync(dataDir)
    ? readdirSync(dataDir).filter((name) => name.startsWith('postgres.new-'))
    : []
  return drafts.some((name) => existsSync(join(dataDir, name, 'PG_VERSION')))
}

t.test('a folder that is no whole database is set aside, and that is said', async (t) => {
  const dataDir = newDataDir('no-database')
  mkdirSync(join(dataDir, 'postgres'), { recursive: true })
  writeFileSync(join(dataDir, 'postgres', 'PG_VERSION'), '18\n')
  const database = await startEmbedded(dataDir, embedded)
  await database.stop()
  t.match(database.notices, [/renamed to .*postgres\.left-/])
  t.equal(readdirSync(dataDir).filter((name) => name.startsWith('postgres.left-')).length, 1)
})

t.test('a path that is long, with spaces and signs', async (t) => {
  const name = `it's a "long", $HOME\\path é ${'x'.repeat(120)}`
  const dataDir = join(openFolder(join(work, 'odd', name, 'y'.repeat(100))), 'data')
  const holder = hold(dataDir, { environment: { TMPDIR: openFolder(join(work, 'odd', 'z'.repeat(90))) } })
  const { owner, folder } = await started(holder)
  t.equal(folder, join(dataDir, 'postgres'))
  t.equal(dirname(owner.host), '/tmp', 'a temporary folder too long for a socket is not used')
  await holder.end()
  t.notOk(existsSync(owner.host))
})

t.test('a folder that cannot be written: one sentence', async (t) => {
  const closed = join(work, 'closed')
  mkdirSync(closed, { mode: 0o755 })
  if (!isRoot) chmodSync(closed, 0o555)
  const refusal = await hold(join(closed, 'data'), { unprivileged: true }).result
  t.match(refusal, {
    kind: 'refused',
    code: 'cannot-write',
    message: /^Baken cannot write in .*: permission is denied\.$/,
  })
  writeFileSync(join(work, 'file'), '')
  for (const path of [join(work, 'file'), join(work, 'file', 'data')]) {
    t.match(await refusalOf(path), { code: 'cannot-write', message: /not a folder\.$/ })
  }
})

t.test('another major version, a lost password, a password of another database', async (t) => {
  const dataDir = newDataDir('mismatch')
  const cluster = await makeDatabase(dataDir)
  writeFileSync(join(cluster, 'PG_VERSION'), '17\n')
  t.match(await refusalOf(dataDir), { code: 'other-version', message: /PostgreSQL 17.*PostgreSQL 18/ })
  writeFileSync(join(cluster, 'PG_VERSION'), '18\n')
  const file = join(dataDir, 'postgres-owner-password')
  const password = readFileSync(file, 'utf8')
  rmSync(file)
  t.equal((await refusalOf(dataDir)).code, 'password-lost')
  writeFileSync(file, 'x'.repeat(43))
  t.equal((await refusalOf(dataDir)).code, 'password-lost')
  writeFileSync(file, password, { mode: 0o644 })
  const database = await startEmbedded(dataDir, embedded)
  t.equal(await countRows(database), 1)
  t.equal(mode(file), 0o600)
  await database.stop()
})

t.test('a server that cannot start says why', async (t) => {
  const dataDir = newDataDir('broken')
  const cluster = await makeDatabase(dataDir)
  writeFileSync(join(cluster, 'postgresql.conf'), 'no_such_setting = 1\n')
  t.match(await refusalOf(dataDir), {
    code: 'does-not-start',
    message: /^PostgreSQL did not start in .+: .+\.$/,
  })
  t.notOk(existsSync(join(dataDir, 'baken.lock')))
})

t.test('programs that do not run on this system: one sentence', async (t) => {
  const native = join(work, 'foreign', 'native')
  mkdirSync(join(native, 'bin'), { recursive: true })
  writeFileSync(join(native, '..', 'package.json'), '{ "version": "1" }')
  for (const name of ['initdb', 'postgres']) {
    writeFileSync(join(native, 'bin', name), '#!/bin/sh\nexit 1\n', { mode: 0o755 })
  }
  t.match(await refusalOf(newDataDir('no-binaries'), { binaries: native }), {
    code: 'no-binaries',
    message: /^The embedded PostgreSQL does not run on this system: .*\.$/,
  })
})

const parcel = join(work, 'parcel')

t.test('library links that npm left out are made, or a copy is kept', async (t) => {
  openFolder(parcel)
  cpSync(dirname(findNativeFolder()), parcel, { recursive: true, verbatimSymlinks: true })
  const native = join(parcel, 'native')
  const links: { target: string }[] = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8'))
  const unlink = () => {
    for (const { target } of links) rmSync(join(parcel, target), { force: true })
  }
  unlink()
  const made = await startEmbedded(newDataDir('links'), { ...embedded, binaries: native })
  await made.stop()
  t.ok(links.every(({ target }) => existsSync(join(parcel, target))))
  t.same(made.notices, [])

  unlink()
  chmodSync(join(native, 'lib'), 0o555)
  const dataDir = newDataDir('copied')
  for (const round of ['first', 'second']) {
    const holder = hold(dataDir, { unprivileged: true, embedded: { binaries: native } })
    const { notices } = await started(holder)
    await holder.end()
    t.match(notices, round === 'first' ? [/programs were copied to .*postgres-binaries/] : [], round)
  }
  chmodSync(join(native, 'lib'), 0o755)
})

t.test('root in a home of mode 0700: another folder, remembered and told', onlyRoot, async (t) => {
  const home = join(work, 'home')
  mkdirSync(home, { mode: 0o700 })
  const dataDir = join(home, 'data')
  const binaries = join(home, 'parcel', 'native')
  renameSync(parcel, dirname(binaries))
  const options = { ...embedded, binaries }
  const first = await startEmbedded(dataDir, options)
  await putRow(first)
  await first.stop()
  t.match(first.folder, new RegExp(`^${work}/state/[0-9a-f]{12}/postgres$`))
  t.match(first.notices, [
    /programs were copied/,
    /^The database lies in .*state.*, because the user .* cannot reach/,
  ])
  t.equal(readFileSync(join(dataDir, 'postgres-folder.txt'), 'utf8').trim(), first.folder)
  t.equal(mode(dataDir), 0o700)
  t.same(readdirSync(join(work, 'state')).length, 2, 'a database and the programs')

  const second = await startEmbedded(dataDir, options)
  t.equal(await countRows(second), 1)
  t.equal(second.notices.length, 1)
  cpSync(dataDir, join(home, 'copy'), { recursive: true, filter: (path) => !path.endsWith('.lock') })
  t.equal(
    (await refusalOf(join(home, 'copy'), options)).code,
    'in-use',
    'a copy of the data folder points to the same place',
  )
  await second.stop()

  rmSync(first.folder, { recursive: true })
  const refusal = await refusalOf(dataDir, options)
  t.equal(refusal.code, 'database-missing')
  t.match(refusal.message, /bring it back, or remove .*postgres-folder\.txt/)
})

t.test(
  'the database of a removed data folder is set aside when the folder comes again',
  onlyRoot,
  async (t) => {
    const home = join(work, 'home-again')
    mkdirSync(home, { mode: 0o700 })
    const dataDir = join(home, 'data')
    await makeDatabase(dataDir)
    rmSync(dataDir, { recursive: true })
    const database = await startEmbedded(dataDir, embedded)
    t.match(database.notices, [/renamed to/, /lies in/])
    await t.rejects(countRows(database), { code: '42P01' })
    await database.stop()
  },
)

t.test(
  'root without a user "postgres" runs the server as nobody, and without both says so',
  onlyRoot,
  async (t) => {
    const passwd = readFileSync('/etc/passwd', 'utf8').split('\n')
    const without = (...names: string[]) => {
      const file = join(work, `passwd-without-${names.join('-')}`)
      writeFileSync(file, passwd.filter((line) => !names.includes(line.split(':')[0] ?? '')).join('\n'))
      return `mount --bind '${file}' /etc/passwd`
    }
    const holder = hold(newDataDir('nobody'), { prepare: without('postgres') })
    const { owner, folder } = await started(holder)
    await putRow({ owner })
    t.equal(statSync(folder).uid, 65534)
    await holder.end()
    const after = await startEmbedded(dirname(folder), embedded)
    t.equal(await countRows(after), 1, 'a cluster keeps its owner when there is a user "postgres" again')
    t.equal(statSync(folder).uid, 65534)
    await after.stop()
    const refused = await hold(newDataDir('no-user'), { prepare: without('postgres', '_postgres', 'nobody') })
      .result
    t.match(refused, { kind: 'refused', code: 'no-user' })
  },
)

t.test(
  "root and an ordinary user in turn on the ordinary user's folder, and a backup restored by root",
  onlyRoot,
  async (t) => {
    const dataDir = newDataDir('in-turn')
    const holder = hold(dataDir, { unprivileged: true })
    const first = await started(holder)
    await putRow(first)
    await holder.end()
    const asRoot = await startEmbedded(dataDir, embedded)
    t.equal(await countRows(asRoot), 1)
    await asRoot.stop()
    const again = hold(dataDir, { unprivileged: true })
    t.equal(await countRows(await started(again)), 1)
    await again.end()

    const restored = join(work, 'restored')
    cpSync(dataDir, restored, { recursive: true })
    chmodSync(join(restored, 'postgres'), 0o700)
    const fromBackup = await startEmbedded(restored, embedded)
    t.equal(await countRows(fromBackup), 1)
    await fromBackup.stop()
  },
)

t.test('no process and no temporary folder stays behind', async (t) => {
  const cwds = listProcesses().map((pid) => linkOf(`/proc/${pid}/cwd`))
  t.same(
    cwds.filter((cwd) => cwd.startsWith(work)),
    [],
  )
  t.same(readdirSync(temporary), [])
})
