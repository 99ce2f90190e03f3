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
  /** Forgets what was rendered, because its data changed. */
  clear(): void
}

type Built = { headers: string[]; body: Buffer }

/**
 * `pages` maps an address (path, without query) to a function that renders it. With `onion`, the address of the same
 * site inside the Tor network, each tells where it is there.
 */
export function prebuildPages(
  pages: ReadonlyMap<string, () => string>,
  headers: Headers,
  onion: string | null = null,
): PrebuiltPages {
  const built = new Map<string, Built>()
  const flat = Object.entries({ ...headers, 'content-type': 'text/html; charset=utf-8' }).flat()

  const build = async (path: string, encoding: Encoding, render: () => string): Promise<Built> => {
    const body = await encodeBody(render(), encoding, true)
    const own = ['vary', 'accept-encoding', 'content-length', String(body.length)]
    if (encoding !== 'identity') own.push('content-encoding', encoding)
    if (onion) own.push('onion-location', onion + path)
    const page = { headers: [...flat, ...own], body }
    built.set(`${encoding} ${path}`, page)
    return page
  }

  return {
    send(request, response, path = request.url ?? '') {
      const render = pages.get(path)
      if (!render || (request.method !== 'GET' && request.method !== 'HEAD')) return false
      const encoding = chooseEncoding(request.headers['accept-encoding'])
      const page = built.get(`${encoding} ${path}`)
      if (page) reply(request, response, page)
      else {
        build(path, encoding, render).then(
          (fresh) => reply(request, response, fresh),
          () => response.destroy(),
        )
      }
      return true
    },
    clear: () => built.clear(),
  }
}

function reply(request: IncomingMessage, response: ServerResponse, { headers, body }: Built): void {
  response.writeHead(200, headers)
  if (request.method === 'HEAD') response.end()
  else response.end(body)
}
