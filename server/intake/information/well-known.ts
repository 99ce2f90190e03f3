// What machines ask a site for: where to report a weakness (RFC 9116), which pages there are, and which to leave alone.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Problem } from '../../problem.js'
import { chooseEncoding, encodeBody } from '../../web/encode-body.js'
import type { Site } from '../site.js'

const SECURITY_DAYS = 365
/** Pages that say once more what another one says, for paper. */
const NOT_INDEXED = /^\/[^/]+\/leaflet(\/|$)/

export interface WellKnownParts {
  readonly site: Site
  readonly clock: () => Date
  /** `mailto:` or `https:`, where somebody reads reports of a weakness; null when nobody does */
  readonly securityContact: string | null
}

/** Registers security.txt, sitemap.xml and robots.txt. `paths` gives the addresses of all public pages of today. */
export function registerWellKnown(
  app: FastifyInstance,
  { site, clock, securityContact }: WellKnownParts,
  paths: () => readonly string[],
): void {
  const { origin } = site.settings
  const security = securityContact && securityTxt(site, securityContact, clock())
  app.get('/.well-known/security.txt', (_request, reply) => {
    if (!security) throw new Problem('not-found')
    return reply.type('text/plain; charset=utf-8').send(security)
  })
  app.get('/sitemap.xml', async (request, reply) => {
    if (!origin) throw new Problem('not-found')
    return send(request, reply, 'application/xml; charset=utf-8', sitemap(site, origin, paths()))
  })
  app.get('/robots.txt', (_request, reply) => reply.type('text/plain; charset=utf-8').send(robots(site)))
}

/**
 * The file of RFC 9116. It ends one year after the day of `now`: whoever keeps the site running renews it with every
 * start. Addresses of the site itself stand in it only when they are https, as the RFC asks.
 */
export function securityTxt(site: Site, contact: string, now: Date): string {
  const { origin, defaultLanguage } = site.settings
  const expires = structuredClone(now)
  expires.setUTCHours(0, 0, 0, 0)
  expires.setUTCDate(expires.getUTCDate() + SECURITY_DAYS)
  const own = origin?.startsWith('https:')
    ? [
        `Canonical: ${origin}/.well-known/security.txt`,
        `Policy: ${origin}/${site.languages.some(({ code }) => code === 'en') ? 'en' : defaultLanguage}/security`,
      ]
    : []
  return [
    `Contact: ${contact}`,
    `Expires: ${expires.toISOString()}`,
    `Preferred-Languages: ${site.languages.map(({ code }) => code).join(', ')}`,
    ...own,
    '',
  ].join('\n')
}

/** Every page that search engines may show, with the same page in the other languages. */
function sitemap(site: Site, origin: string, paths: readonly string[]): string {
  const known = new Set(paths)
  const entries = paths
    .filter((path) => !NOT_INDEXED.test(path))
    .map((path) => {
      const rest = path.slice(path.indexOf('/', 1))
      const others = site.languages
        .filter(({ code }) => known.has(`/${code}${rest}`))
        .map(
          ({ code }) =>
            `<xhtml:link rel="alternate" hreflang="${code}" href="${escapeXml(`${origin}/${code}${rest}`)}"/>`,
        )
      return `<url><loc>${escapeXml(origin + path)}</loc>${others.join('')}</url>\n`
    })
  return `<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">
${entries.join('')}</urlset>
`
}

function escapeXml(text: string): string {
  return encodeURI(decodeURI(text)).replace(/[&<>'"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
}

function robots({ languages, settings }: Site): string {
  const hidden = languages.flatMap(({ code }) => [`Disallow: /${code}/report`, `Disallow: /${code}/return`])
  const map = settings.origin ? [`Sitemap: ${settings.origin}/sitemap.xml`] : []
  return ['User-agent: *', ...hidden, ...map, ''].join('\n')
}

async function send(
  request: FastifyRequest,
  reply: FastifyReply,
  type: string,
  text: string,
): Promise<FastifyReply> {
  const encoding = chooseEncoding(request.headers['accept-encoding'])
  if (encoding !== 'identity') reply.header('content-encoding', encoding)
  return reply
    .header('vary', 'accept-encoding')
    .type(type)
    .send(await encodeBody(text, encoding, false))
}
