// The only file that imports pino. Baken logs events, never requests: a fixed list of names with fields from an
// allow-list, so that no address, header, path or typed text can reach a log by accident.
import pino from 'pino'

/** Every event there is, with the fields it may carry: codes, counts and durations. Class of all fields: `public`. */
export interface LogEvents {
  'app.started': { app: 'intake' | 'triage' }
  'app.stopped': { app: 'intake' | 'triage' }
  'app.failed': { code: string; where: string }
  'request.failed': { code: string; route: string; where: string }
  'release.done': { batch: boolean }
  'release.failed': { code: string; where: string }
  'sweep.failed': { code: string; where: string }
  'help.failed': { code: string; where: string }
}

export interface Log {
  event<Name extends keyof LogEvents>(name: Name, fields: LogEvents[Name]): void
}

/** The fields that any event may carry, with their data class; `baken inventory` prints them. */
export const LOG_FIELDS = {
  app: 'public: which of the two apps',
  batch: 'public: whether a whole batch was due',
  code: 'public: code of a failure, from our own catalogue or from the system',
  route: 'public: template of a route, never a path',
  where: 'public: file and line of our own code',
} as const

/** Writes to standard output, without a time on the public side: a failure may be the act of a reporter. */
export function createLog(options: { withTime: boolean; write?: (line: string) => void }): Log {
  const sink = options.write ? { write: options.write } : openConsole()
  const logger = pino({ base: null, timestamp: options.withTime && pino.stdTimeFunctions.isoTime }, sink)
  return {
    event(name, fields) {
      const allowed = Object.entries(fields).filter(([field]) => field in LOG_FIELDS)
      logger.info({ event: name, ...Object.fromEntries(allowed) })
    },
  }
}

function openConsole(): pino.DestinationStream {
  const sink = pino.destination({ dest: 1, sync: true })
  // A reader of the log that went away must not take the site along.
  sink.on('error', () => undefined)
  return sink
}

/** A log that writes nothing, for tests and for one-shot commands. */
export const silentLog: Log = { event: () => undefined }

/**
 * What may be told of an unknown failure: its code and the first frame of our own code. Messages, details and
 * parameters stay in the process: a database error carries values.
 */
export function describeFailure(error: unknown): { code: string; where: string } {
  const code = codeOf(error)
  // With source maps switched on a frame names the source instead of what was compiled from it.
  const frame = /(?:dist\/((?:server|test)\/[\w./-]+\.js:\d+))|\/((?:server|test)\/[\w./-]+\.ts:\d+)/.exec(
    framesOf(error),
  )
  return { code, where: frame?.[1] ?? frame?.[2] ?? 'unknown' }
}

/** The frames alone: the message stands before them, and any of its lines could look like one. */
function framesOf(error: unknown): string {
  if (!(error instanceof Error) || error.stack === undefined) return ''
  const { stack, message } = error
  const rest = stack.includes(message) ? stack.slice(stack.indexOf(message) + message.length) : stack
  return rest.slice(rest.indexOf('\n'))
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  const { code, constraint } = error as Error & { code?: unknown; constraint?: unknown }
  const known = [error.name, code, constraint].filter(
    (part) => typeof part === 'string' && /^[\w-]{1,60}$/.test(part),
  )
  return known.join(' ')
}
