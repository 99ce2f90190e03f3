/**
 * Runs as a process of its own, once for each file: reads one request from standard input, writes one answer to
 * standard output. It touches no file and says nothing elsewhere, and it ends when whoever started it is gone.
 */
import type { StillKind } from '../report/file-kinds.js'
import { type Again, frameReader, headerLine, type Made, type Refusal, type Request } from './frame.js'
import type { SanitisingLimits } from './limits.js'

// Libraries print what they stumble over, and standard output carries the answer.
for (const name of ['log', 'info', 'warn', 'error', 'debug'] as const) console[name] = () => {}

// Lets the server find out whether this process can load what it needs under a given wrapper.
if (process.argv.includes('--probe')) {
  const { loadRenderer } = await import('./document.js')
  await loadRenderer()
  process.exit(0)
}

const request = await readRequest()
const answer = await recreate(request)
const [header, ...bodies] = toFrame(answer)
process.stdout.write(
  headerLine(
    header,
    bodies.reduce((sum, { length }) => sum + length, 0),
  ),
)
for (const body of bodies) process.stdout.write(body)
process.stdout.write('', () => process.exit(0))

function toFrame(
  answer: Made | Refusal,
): [header: Readonly<Record<string, unknown>>, ...bodies: Uint8Array[]] {
  if (answer.kind === 'refused') return [answer]
  const { bytes, preview, hidden } = answer
  return [{ kind: 'made', hidden, preview: preview.length }, bytes, preview]
}

async function recreate({ kind, bytes, limits, again }: Request): Promise<Made | Refusal> {
  const image = await import('./image.js')
  if (again) {
    // The pages of a document that was made here are JPEGs.
    image.allowOnlyReaderOf(kind === 'pdf' ? 'jpeg' : kind)
    const { workAgain } = await import('./cover.js')
    return workAgain(kind, bytes, again, limits)
  }
  image.allowOnlyReaderOf(kind)
  if (kind !== 'pdf') return image.recreateImage(kind, bytes, limits)
  const { recreateDocument } = await import('./document.js')
  return recreateDocument(bytes, limits)
}

function readRequest(): Promise<Request> {
  return new Promise((resolve) => {
    const add = frameReader(Number.MAX_SAFE_INTEGER)
    process.stdin.on('data', (chunk: Buffer) => {
      const frame = add(chunk)
      if (frame === 'garbage') process.exit(1)
      if (frame === 'more') return
      const { kind, limits, again } = frame.header
      // The server is the only one that can speak here, so its own words are not checked again.
      resolve({
        kind: kind as StillKind,
        limits: limits as SanitisingLimits,
        again: again as Again | undefined,
        bytes: frame.body,
      })
    })
    // The server keeps this end open for as long as it lives.
    process.stdin.on('close', () => process.exit(1))
  })
}
