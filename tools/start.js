// `npm start`: builds when dist/ is missing or older than the sources, then starts in this very process, so that
// signals and exit codes are those of Baken itself.
import { build, isStale } from './build.js'

if (isStale()) {
  process.stdout.write('Building Baken, once...\n')
  await build()
}
await import('../dist/server/main.js')
