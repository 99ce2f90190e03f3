// What the product's worker does, for one file after the other in the same process: a fresh process for each of
// thousands of files costs ten times the work itself. It is shut in like the worker; whoever starts it starts another
// when it dies.
import type { StillKind } from '../../server/report/file-kinds.js'
import { recreateDocument } from '../../server/sanitising/document.js'
import {
  frameReader,
  headerLine,
  type Made,
  type Refusal,
  type Request,
} from '../../server/sanitising/frame.js'
import { allowOnlyReaderOf, recreateImage } from '../../server/sanitising/image.js'
import type { SanitisingLimits } from '../../server/sanitising/limits.js'

for (const name of ['log', 'info', 'warn', 'error', 'debug'] as const) console[name] = () => {}
process.stdin.on('close', () => process.exit(1))

let read = frameReader(Number.MAX_SAFE_INTEGER)
process.stdin.on('data', async (chunk: Buffer) => {
  const frame = read(chunk)
  if (frame === 'more') return
  if (frame === 'garbage') process.exit(1)
  read = frameReader(Number.MAX_SAFE_INTEGER)
  const { kind, limits } = frame.header
  answer(await recreate({ kind: kind as StillKind, limits: limits as SanitisingLimits, bytes: frame.body }))
})

function recreate({ kind, bytes, limits }: Request): Promise<Made | Refusal> {
  allowOnlyReaderOf(kind)
  return kind === 'pdf' ? recreateDocument(bytes, limits) : recreateImage(kind, bytes, limits)
}

function answer(outcome: Made | Refusal): void {
  if (outcome.kind === 'refused') {
    process.stdout.write(headerLine(outcome, 0))
    return
  }
  const { bytes, preview, hidden } = outcome
  process.stdout.write(
    headerLine({ kind: 'made', hidden, preview: preview.length }, bytes.length + preview.length),
  )
  process.stdout.write(bytes)
  process.stdout.write(preview)
}
