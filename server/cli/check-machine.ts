// What a machine may keep of readable text: memory written to disk, files that others can read.
import { readFile, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Isolation, type MediaMeans, makeNamelessFile } from '../sanitising/index.js'
import { errorCode } from '../storage/data-folder.js'
import { type Finding, ok, problem, warning } from './finding.js'
import { readPackage } from './package.js'

const ON_DISK = 'memory with readable text could reach the disk'

/** Looks at Node, core dumps, swap, and the files with secrets. */
export async function checkMachine(settings: {
  DATA_DIR: string
  PEPPER_FILE?: string | undefined
}): Promise<Finding[]> {
  const [limits, pattern, swaps] = await Promise.all(
    ['/proc/self/limits', '/proc/sys/kernel/core_pattern', '/proc/swaps'].map(readText),
  )
  return [
    judgeNode(process.versions.node, readPackage().engines.node),
    judgeCoreDumps(limits ?? null, pattern ?? null),
    judgeSwap(swaps ?? null),
    ...(await checkSecrets(settings.DATA_DIR, settings.PEPPER_FILE ?? join(settings.DATA_DIR, 'pepper'))),
  ]
}

/** `wanted` is of the form `>=20.20`. */
export function judgeNode(version: string, wanted: string): Finding {
  const numbers = (text: string) => (text.match(/\d+/g) ?? []).map(Number)
  const [major = 0, minor = 0] = numbers(version)
  const [leastMajor = 0, leastMinor = 0] = numbers(wanted)
  const isEnough = major > leastMajor || (major === leastMajor && minor >= leastMinor)
  return isEnough
    ? ok(`Node ${version}`)
    : problem(`Node ${version} is too old`, `install Node ${wanted.replace('>=', '')} or later`)
}

/** Of /proc/self/limits and /proc/sys/kernel/core_pattern; null where the system does not tell. */
export function judgeCoreDumps(limits: string | null, pattern: string | null): Finding {
  const most = /^Max core file size\s+(\S+)/m.exec(limits ?? '')?.[1]
  if (most === undefined) return warning('core dumps: this system does not tell', 'see that none is written')
  if (most !== '0') {
    return warning(
      `core dumps are on (ulimit -c here is ${most}): ${ON_DISK}`,
      'set LimitCORE=0 or ulimit -c 0',
    )
  }
  // A program that takes dumps gets them whatever the limit is.
  if (pattern?.startsWith('|')) {
    return warning('core dumps go to a program of the system (core_pattern)', 'see that it keeps none')
  }
  return ok('core dumps are off')
}

/** Of /proc/swaps; null where the system does not tell. */
export function judgeSwap(swaps: string | null): Finding {
  if (swaps === null) return warning('swap: this system does not tell', 'see that it is off or encrypted')
  const places = swaps
    .split('\n')
    .slice(1)
    .flatMap((line) => line.split(/\s+/)[0] || [])
    // Compressed memory is memory.
    .filter((place) => !place.startsWith('/dev/zram'))
  if (places.length === 0) return ok('swap is off')
  return warning(
    `swap is on (${places.join(', ')}): ${ON_DISK}`,
    'turn it off, or encrypt it with a key made at each start',
  )
}

/** The folder and the files with secrets must be for the user of Baken alone. */
async function checkSecrets(dataDir: string, pepper: string): Promise<Finding[]> {
  return [
    await checkMode('the data folder', dataDir, 0o067, 'chmod 700'),
    await checkMode('the pepper file', pepper, 0o077, 'chmod 600'),
  ]
}

async function checkMode(what: string, path: string, forbidden: number, remedy: string): Promise<Finding> {
  try {
    const mode = (await stat(path)).mode & 0o777
    const octal = mode.toString(8).padStart(3, '0')
    return (mode & forbidden) === 0
      ? ok(`${what} ${path} has mode ${octal}`)
      : problem(
          `${what} ${path} has mode ${octal}: other users of this machine can reach it`,
          `${remedy} ${path}`,
        )
  } catch (error) {
    const code = errorCode(error)
    if (code === 'ENOENT') return ok(`${what} ${path} is not there yet, or not on this machine`)
    return warning(
      `${what} ${path} could not be looked at (${code})`,
      'run baken doctor as the user of Baken',
    )
  }
}

/** How the processes that make files anew are shut in; what they hold is an unknown file and what comes of it. */
export function judgeIsolation({ prlimit, network, setpriv, user }: Isolation): Finding[] {
  const missing = [
    ...(network === 'cut' ? [] : ['without the network (unshare -n)']),
    ...(prlimit ? [] : ['with limits on files and processor time (prlimit)']),
    ...(setpriv ? [] : ['without gaining rights (setpriv)']),
  ]
  const own = user === 'own' ? ', as a user of their own' : ''
  if (missing.length === 0) return [ok(`files are made anew in processes shut in by the kernel${own}`)]
  return [
    warning(
      `files cannot be made anew in processes ${missing.join(', ')}`,
      'install util-linux, and let the container or service allow it',
    ),
  ]
}

/** Memory for two videos at once: what comes in, its sound, what goes out. */
const MEDIA_MEMORY_BYTES = 640 * 1024 * 1024

/** Whether sound and video can be taken; without them everything else goes on. */
export function judgeMedia({ programs, memoryBytes }: MediaMeans): Finding[] {
  if (!programs) {
    return [
      warning(
        'sound and video are refused: ffmpeg is not installed, or without libvpx and libopus',
        'install ffmpeg (on Debian: apt install ffmpeg)',
      ),
    ]
  }
  if (memoryBytes === 0)
    return [warning('sound and video are refused: no file can be made in /dev/shm', 'give it a tmpfs')]
  if (memoryBytes >= MEDIA_MEMORY_BYTES) return [ok('sound and video are made anew in memory')]
  const megabytes = Math.floor(memoryBytes / 2 ** 20)
  return [
    warning(
      `large videos are refused: /dev/shm has only ${megabytes} MB`,
      'give it 640 MB (in a container: shm_size)',
    ),
  ]
}

/** Sound and video that are too large for memory wait on the disk, encrypted, in a file without a name. */
export async function checkWaiting(folder = tmpdir()): Promise<Finding[]> {
  try {
    await (await makeNamelessFile(folder)).close()
    return [ok(`large sound and video wait in ${folder}, encrypted`)]
  } catch {
    return [
      warning(
        `large sound and video are refused: ${folder} cannot have files without a name`,
        'set TMPDIR to a folder on ext4, xfs, btrfs or tmpfs',
      ),
    ]
  }
}

async function readText(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined)
}
