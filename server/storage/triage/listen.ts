// Hears on a connection of its own that something happened in the queue. What is said is one word, never which report:
// whoever else listens learns no more.
import pg from 'pg'
import type { ConnectOptions } from '../connect.js'

/** `session`: one has ended, so everybody who keeps a page up to date looks whether theirs still stands. */
export const QUEUE_WORDS = ['work', 'urgent', 'session'] as const
export type QueueWord = (typeof QUEUE_WORDS)[number]

const AGAIN_AFTER_MS = 1_000
const LONGEST_WAIT_MS = 30_000

export interface QueueListener {
  /** Calls `hear` at every word until the returned function is called. The connection is made with the first. */
  onQueueWord(hear: (word: QueueWord) => void): () => void
  close(): Promise<void>
}

/** Listens as long as somebody hears. A lost connection is made again, with one word for what was missed meanwhile. */
export function createQueueListener({ target }: Pick<ConnectOptions, 'target'>): QueueListener {
  const hearers = new Set<(word: QueueWord) => void>()
  let client: pg.Client | null = null
  let connecting: Promise<void> | null = null
  let timer: NodeJS.Timeout | undefined
  let waitMs = AGAIN_AFTER_MS
  let isClosed = false

  const tell = (word: QueueWord) => {
    for (const hear of hearers) hear(word)
  }
  const begin = () => {
    if (isClosed || client || connecting || hearers.size === 0) return
    connecting = listen().finally(() => {
      connecting = null
    })
  }
  const again = () => {
    clearTimeout(timer)
    timer = setTimeout(begin, waitMs)
    timer.unref()
    waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)
  }

  async function listen(): Promise<void> {
    const made = new pg.Client({
      ...(typeof target === 'string' ? { connectionString: target } : target),
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
      // A machine that vanished without a word is noticed within a minute.
      options: '-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3',
    })
    let isLost = false
    const lose = () => {
      if (isLost) return
      isLost = true
      if (client === made) client = null
      void made.end().catch(() => undefined)
      if (!isClosed) again()
    }
    made.on('error', lose)
    made.on('end', lose)
    made.on('notification', ({ payload }) => {
      // Any role of the database may speak here: what is not one of the words is not heard.
      if (QUEUE_WORDS.includes(payload as QueueWord)) tell(payload as QueueWord)
    })
    try {
      await made.connect()
      await made.query('listen baken_queue')
    } catch {
      return lose()
    }
    if (isClosed) return lose()
    client = made
    waitMs = AGAIN_AFTER_MS
    tell('session')
    tell('work')
  }

  return {
    onQueueWord(hear) {
      hearers.add(hear)
      begin()
      return () => {
        hearers.delete(hear)
      }
    },
    async close() {
      isClosed = true
      clearTimeout(timer)
      hearers.clear()
      await connecting
      await client?.end().catch(() => undefined)
    },
  }
}
