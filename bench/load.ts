// Clients over plain sockets that keep the connection: light enough to leave the processor to the server.
import { connect } from 'node:net'
import { performance } from 'node:perf_hooks'

export interface Outcome {
  readonly done: number
  readonly failed: number
  readonly seconds: number
  /** milliseconds of each answer */
  readonly times: readonly number[]
}

/** Bytes of a whole request. */
export type MakeRequest = () => Buffer

/** `clients` connections send one request after another, `pauseMs` apart, until `seconds` are over. */
export async function load(
  port: number,
  {
    clients,
    seconds,
    request,
    expect,
    pauseMs = 0,
  }: { clients: number; seconds: number; request: MakeRequest; expect: string; pauseMs?: number },
): Promise<Outcome> {
  const start = performance.now()
  const end = start + seconds * 1000
  const times: number[] = []
  let failed = 0
  await Promise.all(
    Array.from({ length: clients }, () =>
      client(port, { request, expect, pauseMs }, end, (time, ok) => {
        if (ok) times.push(time)
        else failed++
      }),
    ),
  )
  return { done: times.length, failed, seconds: (performance.now() - start) / 1000, times }
}

function client(
  port: number,
  { request, expect, pauseMs }: { request: MakeRequest; expect: string; pauseMs: number },
  end: number,
  answered: (time: number, ok: boolean) => void,
): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.setNoDelay(true)
    let sent = 0
    let pending = Buffer.alloc(0)
    const send = (): void => {
      if (performance.now() >= end) {
        socket.destroy()
        resolve()
        return
      }
      pending = Buffer.alloc(0)
      sent = performance.now()
      socket.write(request())
    }
    socket.on('connect', send)
    socket.on('error', () => {
      answered(0, false)
      resolve()
    })
    socket.on('data', (chunk) => {
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk])
      const length = answerLength(pending)
      if (length === null || pending.length < length) return
      answered(performance.now() - sent, pending.toString('latin1', 0, 20).startsWith(expect))
      if (pauseMs > 0) setTimeout(send, pauseMs)
      else send()
    })
  })
}

function answerLength(bytes: Buffer): number | null {
  const head = bytes.indexOf('\r\n\r\n')
  if (head < 0) return null
  const length = /\r\ncontent-length: (\d+)/i.exec(bytes.toString('latin1', 0, head))
  return head + 4 + Number(length?.[1] ?? 0)
}

/** The value that `share` of the sorted times stay under. */
export function percentile(times: readonly number[], share: number): number {
  const sorted = [...times].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
