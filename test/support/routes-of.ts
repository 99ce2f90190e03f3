import type { FastifyInstance } from 'fastify'

export interface Route {
  readonly method: 'GET' | 'POST'
  readonly url: string
}

/** Every route of an app that answers GET or POST, read from its own tree. */
export function routesOf(app: FastifyInstance): Route[] {
  const above: string[] = []
  return app
    .printRoutes({ commonPrefix: false })
    .split('\n')
    .flatMap((line) => {
      const found = /^([\s│]*)[└├]── (\S+) \(([A-Z, ]+)\)$/.exec(line)
      if (!found) return []
      const [, indent = '', segment = '', methods = ''] = found
      const depth = indent.length / 4
      above.splice(depth, above.length, segment)
      const url = above.join('')
      return methods
        .split(', ')
        .flatMap((method) => (method === 'GET' || method === 'POST' ? [{ method, url } as const] : []))
    })
}
