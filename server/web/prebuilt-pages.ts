// Pages that do not depend on the visitor: rendered and compressed on first request, then sent from memory.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { chooseEncoding, type Encoding, encodeBody } from './encode-body.js'
import type { Headers } from './security-headers.js'

export interface PrebuiltPages {
  /**
   * Answers a GET or HEAD of a known address; false when it is not one of these pages. `path` is the address when
   * the one that was asked for says the same in other letters (a query, an escape, a whole URL).
   */
  send(request: IncomingMessage, response: ServerResponse, path?: string): boolean
  /** Whether this is the address of one of these pages. */
  has(path: string): boolean
  /** Forgets what was rendered, because its data changed. */
  clear(): void
}

/** Gives the function that renders a known address (path, without query): a Map, or what finds it another way. */
export interface PageSource {
  get(path: string): (() => string) | undefined
}

export interface KeepOptions {
  /**
   * how many made pages are kept, each encoding counted; the one that was asked for longest ago makes room. Pages of
   * which some are made again and again are compressed less thoroughly: it would cost more than it saves.
   */
  readonly most?: number
  /** what the pages depend on besides their address, such as the day; when it is another one, all are made again */
  readonly edition?: () => unknown
}

type Built = { headers: string[]; body: Buffer }

/**
 * `pages` finds the function that renders an address. With `onion`, the address of the same site inside the Tor
 * network, each tells where it is there.
 */
export function prebuildPages(
  pages: PageSource,
  headers: Headers,
  onion: string | null = null,
  { most = Number.POSITIVE_INFINITY, edition = () => null }: KeepOptions = {},
): PrebuiltPages {
  let built = new Map<string, Built>()
  let current: unknown
  const isThorough = !Number.isFinite(most)
  const flat = Object.entries({ ...headers, 'content-type': 'text/html; charset=utf-8' }).flat()

  const build = async (path: string, encoding: Encoding, render: () => string): Promise<Built> => {
    // Cleared meanwhile, this page goes to whoever asked and is not kept.
    const kept = built
    const body = await encodeBody(render(), encoding, isThorough)
    const own = ['vary', 'accept-encoding', 'content-length', String(body.length)]
    if (encoding !== 'identity') own.push('content-encoding', encoding)
    if (onion) own.push('onion-location', onion + path)
    const page = { headers: [...flat, ...own], body }
    const [oldest] = kept.size >= most ? kept.keys() : []
    if (oldest !== undefined) kept.delete(oldest)
    kept.set(`${encoding} ${path}`, page)
    return page
  }

  const find = (key: string): Built | undefined => {
    const now = edition()
    if (now !== current) built = new Map()
    current = now
    const page = built.get(key)
    if (page && !isThorough) {
      built.delete(key)
      built.set(key, page)
    }
    return page
  }

  return {
    send(request, response, path = request.url ?? '') {
      const render = pages.get(path)
      if (!render || (request.method !== 'GET' && request.method !== 'HEAD')) return false
      const encoding = chooseEncoding(request.headers['accept-encoding'])
      const page = find(`${encoding} ${path}`)
      if (page) reply(request, response, page)
      else {
        build(path, encoding, render).then(
          (fresh) => reply(request, response, fresh),
          () => response.destroy(),
        )
      }
      return true
    },
    has: (path) => pages.get(path) !== undefined,
    clear: () => {
      built = new Map()
    },
  }
}

function reply(request: IncomingMessage, response: ServerResponse, { headers, body }: Built): void {
  response.writeHead(200, headers)
  if (request.method === 'HEAD') response.end()
  else response.end(body)
}
