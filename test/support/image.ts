// The image without a container engine: the Dockerfile's own copies and steps, carried out in a temporary folder.
import { execFileSync } from 'node:child_process'
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  unlinkSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { ROOT } from './baken-process.js'
import { type Copy, copiesOf, type Instruction, readDockerfile } from './container-files.js'

/** The Node of the image's base, which the test run installs beside its own. */
export const NODE_24 = join(ROOT, 'tools', 'node24', 'node_modules', 'node', 'bin', 'node')

/** Builds what would be /app in the image, below `folder`; returns its path. */
export function makeImage(folder: string): string {
  const [build = [], final = []] = readDockerfile(join(ROOT, 'Dockerfile'))
  const workshop = join(folder, 'build')
  const app = join(folder, 'app')
  for (const instruction of build) carryOut(instruction, workshop)
  for (const copy of copiesOf(final)) {
    const fromBuild = copy.flags.includes('--from=build')
    copyInto(app, copy, (source) =>
      fromBuild ? source.replace(/^\/app\//, `${workshop}/`) : join(ROOT, source),
    )
  }
  rmSync(workshop, { recursive: true })
  return app
}

function carryOut(instruction: Instruction, workshop: string): void {
  if (instruction.name === 'COPY') {
    for (const copy of copiesOf([instruction])) copyInto(workshop, copy, (source) => join(ROOT, source))
  }
  if (instruction.name !== 'RUN') return
  // What `npm ci` gives is there already: the tests themselves were installed with it.
  if (instruction.text.startsWith('npm ci')) {
    linkModules(workshop)
    return
  }
  const PATH = `${dirname(NODE_24)}:${process.env.PATH}`
  execFileSync('/bin/sh', ['-ec', instruction.text], {
    cwd: workshop,
    env: { ...process.env, PATH },
    stdio: 'pipe',
  })
}

function copyInto(place: string, { sources, target }: Copy, find: (source: string) => string): void {
  for (const source of sources) {
    const from = find(source)
    // As COPY does it: the content of a folder, but a file itself.
    const to = statSync(from).isDirectory() ? join(place, target) : join(place, target, basename(from))
    cpSync(from, to, { recursive: true, verbatimSymlinks: true })
  }
}

/** Hard links where the file system allows them; files that npm rewrites in place are copied. */
function linkModules(workshop: string): void {
  const modules = realpathSync(join(ROOT, 'node_modules'))
  const own = join(workshop, 'node_modules')
  mkdirSync(own)
  try {
    execFileSync('cp', ['-al', `${modules}/.`, own], { stdio: 'pipe' })
  } catch {
    execFileSync('cp', ['-a', `${modules}/.`, own], { stdio: 'pipe' })
  }
  const ledger = join(own, '.package-lock.json')
  unlinkSync(ledger)
  copyFileSync(join(modules, '.package-lock.json'), ledger)
}

/** Every file below a folder with its size and time of change: equal lists mean that nothing was written there. */
export function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name)
      const { size, mtimeMs } = statSync(path)
      return `${path} ${size} ${mtimeMs}`
    })
    .sort()
}
