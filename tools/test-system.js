// What the tests need besides Node: Debian packages, installed here when that is possible (root on Debian), named
// exactly when it is not. The product itself needs none of them but ffmpeg, and that only for sound and video.
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'

/** A command (or a file) that tells whether a package is there, and the Debian package that brings it. */
const NEEDS = [
  { package: 'chromium', there: () => onPath('chromium') },
  { package: 'postgresql', there: () => postgresBinaries() !== null },
  { package: 'libimage-exiftool-perl', there: () => onPath('exiftool') },
  { package: 'libheif-examples', there: () => onPath('heif-enc') },
  { package: 'ffmpeg', there: () => onPath('ffmpeg') && onPath('ffprobe') },
  { package: 'age', there: () => onPath('age') },
  { package: 'lynx', there: () => onPath('lynx') },
  { package: 'w3m', there: () => onPath('w3m') },
  { package: 'nginx', there: () => onPath('nginx') || existsSync('/usr/sbin/nginx') },
  { package: 'openssl', there: () => onPath('openssl') },
  { package: 'util-linux', there: () => onPath('setpriv') && onPath('unshare') },
  { package: 'passwd', there: () => onPath('useradd') || existsSync('/usr/sbin/useradd') },
]
const DEBIAN_POSTGRES = '/usr/lib/postgresql'

function onPath(command) {
  return (process.env.PATH ?? '').split(':').some((folder) => existsSync(join(folder, command)))
}

/** The newest installed PostgreSQL (15 or later): its folder of programs and its major version. */
function postgresBinaries() {
  if (!existsSync(DEBIAN_POSTGRES)) return null
  const versions = readdirSync(DEBIAN_POSTGRES)
    .map(Number)
    .filter((version) => version >= 15 && existsSync(join(DEBIAN_POSTGRES, String(version), 'bin', 'initdb')))
  if (versions.length === 0) return null
  const version = Math.max(...versions)
  return { version, folder: join(DEBIAN_POSTGRES, String(version), 'bin') }
}

/** Installs what is missing or ends with the exact line that would; then Node 24 for the repeated journey. */
export async function ensureTestSystem({ root }) {
  const missing = NEEDS.filter(({ there }) => !there()).map((need) => need.package)
  if (missing.length > 0) {
    const line = `apt-get install -y --no-install-recommends ${missing.join(' ')}`
    if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) {
      process.stderr.write(`The tests need these programs. On Debian, as root:\n  ${line}\n`)
      process.exit(1)
    }
    process.stdout.write(`The tests need some Debian packages. Installing them now:\n  ${line}\n`)
    run('apt-get', ['update', '-qq'])
    run('apt-get', line.split(' ').slice(1))
    const still = NEEDS.filter(({ there }) => !there()).map((need) => need.package)
    if (still.length > 0) fail(`still missing after installing: ${still.join(', ')}`)
  }
  if (!existsSync(join(root, 'tools', 'node24', 'node_modules', 'node', 'bin', 'node'))) {
    process.stdout.write('Installing Node 24 for the tests, beside the Node that runs them.\n')
    run('npm', ['ci', '--prefix', join(root, 'tools', 'node24'), '--no-audit', '--no-fund'])
  }
  return { startPostgres }
}

function run(command, args) {
  const done = spawnSync(command, args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
  if (done.status !== 0) fail(`${command} ${args.join(' ')} did not succeed`)
}

function fail(sentence) {
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}

/** Starts a cluster of the system's PostgreSQL in a temporary folder, on a free loopback port. */
async function startPostgres() {
  const { folder, version } = postgresBinaries()
  const home = mkdtempSync('/tmp/baken-system-pg-')
  const data = join(home, 'data')
  const passwordFile = join(home, 'password')
  const password = randomBytes(16).toString('hex')
  writeFileSync(passwordFile, password, { mode: 0o600 })
  const asServer = process.getuid() === 0 ? idsOfPostgres() : {}
  if (asServer.uid !== undefined)
    for (const path of [home, passwordFile]) chownSync(path, asServer.uid, asServer.gid)
  const options = { ...asServer, stdio: ['ignore', 'ignore', 'inherit'], cwd: home }
  const initdb = [
    '-D',
    data,
    '-U',
    'owner',
    '--pwfile',
    passwordFile,
    '--auth=scram-sha-256',
    '-E',
    'UTF8',
    '--locale=C.UTF-8',
  ]
  if (spawnSync(join(folder, 'initdb'), initdb, options).status !== 0)
    fail('initdb of the system did not succeed')
  const port = await freePort()
  const settings = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${home} -c max_connections=200`
  const pgCtl = (...args) => spawnSync(join(folder, 'pg_ctl'), ['-D', data, '-w', ...args], options).status
  if (pgCtl('-l', join(home, 'log'), '-o', settings, 'start') !== 0)
    fail("the system's PostgreSQL did not start")
  return {
    version,
    url: `postgres://owner:${password}@127.0.0.1:${port}/postgres`,
    stop: async () => {
      pgCtl('-m', 'fast', 'stop')
      rmSync(home, { recursive: true, force: true })
    },
  }
}

function idsOfPostgres() {
  const id = (flag) => Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout.trim())
  return { uid: id('-u'), gid: id('-g') }
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}
