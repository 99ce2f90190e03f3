// `npm start`: builds when dist/ is missing or older than the sources, then starts in this very process, so that
// signals and exit codes are those of Baken itself.
import { build, isStale } from './build.js'

const LOOK_AT_PARENT_MS = 500

// npm starts this through a shell, which dies of a SIGTERM that it should have handed on: then it counts for us.
if (process.env.npm_lifecycle_event !== undefined) {
  const shell = process.ppid
  const looking = setInterval(() => {
    if (process.ppid === shell) return
    clearInterval(looking)
    process.kill(process.pid, 'SIGTERM')
  }, LOOK_AT_PARENT_MS).unref()
}

try {
  if (isStale()) {
    process.stdout.write('Building Baken, once...\n')
    await build()
  }
  await import('../dist/server/main.js')
} catch (error) {
  // What Baken itself has to say against a start it says itself; here it could not even begin.
  process.stderr.write(`Baken does not start: ${explain(error)}.\n`)
  process.exit(1)
}

function explain({ code, message }) {
  if (code === 'ERR_MODULE_NOT_FOUND') return 'its packages are not all here: run npm ci first'
  if (['EACCES', 'EPERM', 'EROFS'].includes(code)) {
    return 'it has to be built first, and this user may not write in dist/: run npm run build as the owner of this folder'
  }
  return message
}
