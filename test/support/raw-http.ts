// Bytes straight to a port: for requests that no HTTP client would make.
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export interface RawAnswer {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** everything that came, byte for byte as latin1 */
  readonly raw: string
}

/** Connects; the socket never throws, whatever the other side does. */
export async function connectTo(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  socket.on('error', () => undefined)
  await new Promise<void>((resolve) => socket.once('connect', resolve))
  return socket
}

/** Sends bytes and gives the first answer; status 0 when the other side hung up without one. */
export async function sendRaw(port: number, bytes: string | Buffer, withinMs = 15_000): Promise<RawAnswer> {
  const socket = await connectTo(port)
  socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)
  const answer = await readAnswer(socket, withinMs)
  socket.destroy()
  return answer
}

/** Waits until an answer is whole, the other side hangs up, or time is over. */
async function readAnswer(socket: Socket, withinMs: number): Promise<RawAnswer> {
  let raw = ''
  const whole = new Promise<void>((resolve) => {
    socket.on('data', (piece) => {
      raw += piece.toString('latin1')
      const { length, body } = parse(raw)
      if (length !== null && Buffer.byteLength(body, 'latin1') >= length) resolve()
    })
    socket.once('end', resolve)
    socket.once('close', resolve)
  })
  const late = new AbortController()
  await Promise.race([whole, sleep(withinMs, undefined, { signal: late.signal }).catch(() => undefined)])
  late.abort()
  const { statusCode, headers, body } = parse(raw)
  return { statusCode, headers, body: Buffer.from(body, 'latin1').toString(), raw }
}

function parse(raw: string): {
  statusCode: number
  headers: Record<string, string>
  body: string
  length: number | null
} {
  const end = raw.indexOf('\r\n\r\n')
  const [first = '', ...lines] = raw.slice(0, Math.max(end, 0)).split('\r\n')
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
    }),
  )
  return {
    statusCode: Number(/^HTTP\/1\.1 (\d{3}) /.exec(first)?.[1] ?? 0),
    headers,
    body: end < 0 ? '' : raw.slice(end + 4),
    length: headers['content-length'] === undefined ? null : Number(headers['content-length']),
  }
}
