// What both apps share: a silent server with limits, and one calm page for all four ways a request can fail.

import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { Socket } from 'node:net'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest, LogController } from 'fastify'
import { describeFailure, type Log } from '../log.js'
import { Problem, type ProblemCode } from '../problem.js'
import type { Headers } from './security-headers.js'

const REQUEST_TIMEOUT_MS = 20_000
/** Photos and PDF files come over slow telephones: each may take ten minutes, a whole form somewhat more. */
const UPLOAD_TIMEOUT_MS = 900_000
const HEADERS_TIMEOUT_MS = 15_000
const KEEP_ALIVE_MS = 5_000
const FORM_BYTES = 2 * 1024 * 1024

export interface ServerParts {
  readonly log: Log
  readonly headers: Headers
  /** longest time for a whole request with its body */
  readonly uploads: boolean
  /** the body of the answer for a problem, by the address it happened at */
  problemPage(problem: ProblemCode, path: string): { type: string; body: string }
  /** answers a request before the framework sees it; false to let it through */
  sendDirectly?(request: IncomingMessage, response: ServerResponse): boolean
}

const FASTIFY_PROBLEMS: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'wrong-content-type',
  FST_REQ_FILE_TOO_LARGE: 'too-large',
  FST_FILES_LIMIT: 'too-large',
  FST_PARTS_LIMIT: 'too-large',
  FST_FIELDS_LIMIT: 'too-large',
  FST_INVALID_MULTIPART_CONTENT_TYPE: 'wrong-content-type',
}

/** A server that logs nothing about requests and answers every failure with `problemPage`. */
export function createServer({
  log,
  headers,
  uploads,
  problemPage,
  sendDirectly,
}: ServerParts): FastifyInstance {
  const requestTimeout = uploads ? UPLOAD_TIMEOUT_MS : REQUEST_TIMEOUT_MS
  const latest = new WeakMap<Socket, { path: string; response: ServerResponse }>()
  const app = Fastify<Server>({
    logger: false,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: false,
    bodyLimit: FORM_BYTES,
    requestTimeout,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // Whoever got through before the end is still served: the framework would answer with a page of its own.
    return503OnClosing: false,
    exposeHeadRoutes: true,
    routerOptions: { maxParamLength: 100 },
    genReqId: () => '',
    frameworkErrors: (_error: Error, request: FastifyRequest, reply: FastifyReply) => {
      const { type, body } = problemPage('bad-request', request.raw.url ?? '')
      reply.code(400).headers(headers).type(type).send(body)
    },
    clientErrorHandler: answerBrokenRequest,
    serverFactory: (handler) => {
      const server = createHttpServer(
        {
          headersTimeout: HEADERS_TIMEOUT_MS,
          requestTimeout,
          connectionsCheckingInterval: 5_000,
          maxHeaderSize: 16_384,
        },
        (request, response) => {
          latest.set(request.socket, { path: request.url ?? '', response })
          if (!sendDirectly?.(request, response)) handler(request, response)
        },
      )
      server.keepAliveTimeout = KEEP_ALIVE_MS
      return server
    },
  })

  app.addHook('onSend', async (_request, reply) => {
    for (const [name, value] of Object.entries(headers)) if (!reply.hasHeader(name)) reply.header(name, value)
  })
  app.setNotFoundHandler((request, reply) => {
    const { type, body } = problemPage('not-found', request.raw.url ?? '')
    return reply.code(404).type(type).send(body)
  })
  app.setErrorHandler((error, request, reply) => {
    const problem = toProblem(error)
    if (problem.status === 500) {
      log.event('request.failed', { ...describeFailure(error), route: request.routeOptions.url ?? 'unknown' })
    }
    const { type, body } = problemPage(problem.code, request.raw.url ?? '')
    return reply.code(problem.status).type(type).send(body)
  })
  return app

  function answerBrokenRequest(error: { code: string; rawPacket: unknown }, socket: Socket): void {
    const { path, response } = latest.get(socket) ?? {}
    const isUnderWay = response?.headersSent === true && !response.writableFinished
    // Nothing may come into an answer that is under way; and who got this page and does not hang up is hung up on.
    if (!socket.writable || isUnderWay) {
      socket.destroy()
      return
    }
    const problem = new Problem(brokenRequestCode(error.code))
    const packet = Buffer.isBuffer(error.rawPacket) ? error.rawPacket.toString('latin1', 0, 200) : ''
    const broken = /^[A-Z]+ (\/[\w/.-]*)/.exec(packet)?.[1] ?? '/'
    const { type, body } = problemPage(
      problem.code,
      response?.writableEnded === false ? (path ?? '/') : broken,
    )
    const lines = Object.entries({
      ...headers,
      'content-type': type,
      'content-length': String(Buffer.byteLength(body)),
      connection: 'close',
    }).map(([name, value]) => `${name}: ${value}`)
    socket.end(`HTTP/1.1 ${problem.status} Refused\r\n${lines.join('\r\n')}\r\n\r\n${body}`)
  }
}

function brokenRequestCode(code: string): ProblemCode {
  if (code === 'HPE_HEADER_OVERFLOW') return 'headers-too-large'
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'too-slow' : 'bad-request'
}

function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  const { code, statusCode } = error as { code?: string; statusCode?: number }
  const known = FASTIFY_PROBLEMS[code ?? '']
  if (known) return new Problem(known)
  const theirs = statusCode !== undefined && statusCode >= 400 && statusCode < 500
  return new Problem(theirs ? 'bad-request' : 'unexpected-failure')
}
