// Makes thousands of files anew in a few processes that live long.
import { fileURLToPath } from 'node:url'
import type { StillKind } from '../../server/report/file-kinds.js'
import {
  frameReader,
  headerLine,
  type Made,
  parseAnswer,
  type Refusal,
  refuse,
} from '../../server/sanitising/frame.js'
import { workerCommand } from '../../server/sanitising/isolation.js'
import type { SanitisingLimits } from '../../server/sanitising/limits.js'
import { type Run, startProcess } from '../../server/sanitising/run-process.js'

const WORKER = fileURLToPath(new URL('./many-files-worker.js', import.meta.url))
/** The libraries in it keep memory that only the end of a process gives back. */
const FILES_A_PROCESS = 120
const LIFE_SECONDS = 600

/** How a process met its end over a file. */
export type Crash = { readonly kind: 'crashed'; readonly outcome: Refusal }

export interface ManyFiles {
  recreate(kind: StillKind, bytes: Uint8Array): Promise<Made | Refusal | Crash>
  close(): Promise<void>
}

/** One process at a time, a new one after each death. Call `recreate` again only when it has answered. */
export function recreateMany(limits: SanitisingLimits): ManyFiles {
  let current: { run: Run; left: number } | undefined

  const start = async (): Promise<{ run: Run; left: number }> => {
    const { file, args } = await workerCommand({ ...limits, cpuSeconds: LIFE_SECONDS })
    const run = startProcess({ file, args: [...args.slice(0, -1), WORKER] }, ['pipe', 'pipe', 'ignore'], {
      timeoutMs: LIFE_SECONDS * 1000,
      maxMemoryBytes: limits.maxMemoryBytes,
    })
    run.child.stdin?.on('error', () => {})
    return { run, left: FILES_A_PROCESS }
  }
  const end = async (): Promise<void> => {
    current?.run.stop()
    await current?.run.ended
    current = undefined
  }

  return {
    async recreate(kind, bytes) {
      current ??= await start()
      const { run } = current
      const tooLate = setTimeout(() => run.stop(), limits.timeoutMs)
      const answered = new Promise<Made | Refusal>((resolve) => {
        const read = frameReader(limits.maxOutputBytes * 2)
        run.child.stdout?.removeAllListeners('data')
        run.child.stdout?.on('data', (chunk: Buffer) => {
          const frame = read(chunk)
          if (frame !== 'more')
            resolve((frame === 'garbage' ? undefined : parseAnswer(frame)) ?? refuse('damaged'))
        })
      })
      run.child.stdin?.write(headerLine({ kind, limits }, bytes.length))
      run.child.stdin?.write(bytes)
      const crashed = run.ended.then((ended): Crash => {
        const outcome = ended.kind === 'refused' ? ended : refuse('damaged')
        return { kind: 'crashed', outcome }
      })
      const outcome = await Promise.race([answered, crashed])
      clearTimeout(tooLate)
      current.left--
      if (outcome.kind === 'crashed' || current.left === 0) await end()
      return outcome
    },
    close: end,
  }
}
