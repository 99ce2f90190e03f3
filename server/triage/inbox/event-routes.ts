// Tells an open page that something happened: one word, never which report, at most once a second. The page then asks
// as it would anyway. The line ends with the session and does not keep it alive.
import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import type { QueueWord, TriageStorage } from '../../storage/triage/index.js'
import { route, type TriageParts } from '../access.js'
import { accessOf } from '../access-table.js'

const AT_MOST_EVERY_MS = 1_000
/** Lines at rest are cut by what stands in between, often after a minute. */
const HEARTBEAT_MS = 25_000
const LOOK_AT_SESSION_MS = 60_000
/** Who does not read at all gets no more. */
const MOST_UNREAD_BYTES = 4_096

export function registerEvents(app: FastifyInstance, parts: TriageParts): void {
  const { storage } = parts
  const open = new Set<() => void>()
  app.addHook('preClose', async () => {
    for (const end of open) end()
  })

  route(app, parts, 'GET /events', async ({ session }, _request, reply) => {
    const { stream, end } = openLine(storage, session.id)
    open.add(end)
    reply.raw.on('close', () => {
      end()
      open.delete(end)
    })
    return (
      reply
        .type('text/event-stream; charset=utf-8')
        .header('cache-control', 'no-store')
        // A proxy in front that gathers answers would hold every word back.
        .header('x-accel-buffering', 'no')
        .send(stream)
    )
  })
}

function openLine(storage: TriageStorage, session: string): { stream: Readable; end: () => void } {
  const stream = new Readable({ read: () => undefined })
  let waiting: 'work' | 'urgent' | null = null
  let pause: NodeJS.Timeout | undefined

  const write = (text: string) => {
    if (stream.readableLength > MOST_UNREAD_BYTES) return end()
    stream.push(text)
  }
  const say = (word: 'work' | 'urgent') => {
    if (pause) {
      waiting = word === 'urgent' ? word : (waiting ?? word)
      return
    }
    write(`event: ${word}\ndata:\n\n`)
    pause = setTimeout(() => {
      pause = undefined
      const next = waiting
      waiting = null
      if (next) say(next)
    }, AT_MOST_EVERY_MS)
  }
  const lookAtSession = async () => {
    const roles = await storage.rolesOfSession(session)
    const { roles: allowed } = accessOf('GET /events')
    if (typeof allowed === 'string') return
    if (!roles?.some((role) => allowed.includes(role))) end()
  }
  // A database that is away for a moment ends no line: the next look decides.
  const look = () => void lookAtSession().catch(() => undefined)

  const stop = storage.onQueueWord((word: QueueWord) => (word === 'session' ? look() : say(word)))
  const heartbeat = setInterval(() => write(':\n\n'), HEARTBEAT_MS)
  const looking = setInterval(look, LOOK_AT_SESSION_MS)
  let isOver = false
  function end(): void {
    if (isOver) return
    isOver = true
    stop()
    clearInterval(heartbeat)
    clearInterval(looking)
    clearTimeout(pause)
    stream.push(null)
  }
  // The first bytes go at once, so that the page knows that the line stands.
  write(':\n\n')
  return { stream, end }
}
