// `npm run links`: where pages and sources lead outside the site. With `-- --online` each address is asked once, one
// site at a time, and its answer stands beside it. Not for CI: it would fail for what others do.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, isStale } from './build.js'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const TIMEOUT_MS = 15_000
const PAUSE_MS = 500

/**
 * Every address outside the site, with the pages and sources that lead there. `pages` maps an address of ours to a
 * function that renders it; `sources` an id to a source.
 */
export function outsideLinks(pages, sources) {
  const links = new Map()
  const add = (url, place) => links.set(url, new Set([...(links.get(url) ?? []), place]))
  for (const [path, render] of pages)
    for (const [, href] of render().matchAll(/<a\b[^>]*href="(https?:[^"]+)"/g))
      add(href.replaceAll('&amp;', '&'), path)
  for (const [id, { url }] of Object.entries(sources)) if (url) add(url, `source ${id}`)
  return new Map([...links].sort(([a], [b]) => a.localeCompare(b)))
}

async function ask(url) {
  try {
    // GET: many sites answer HEAD with a refusal. What they send is not read.
    const answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) })
    await answer.body?.cancel()
    const to = answer.headers.get('location')
    return { ok: answer.status < 400, text: to ? `${answer.status} to ${to}` : String(answer.status) }
  } catch (error) {
    return { ok: false, text: error.cause?.code ?? error.name }
  }
}

async function main() {
  if (isStale()) await build()
  const { loadSite } = await import('../dist/server/intake/site.js')
  const { publicPages } = await import('../dist/server/intake/page-routes.js')
  const site = loadSite({ siteName: 'Baken', defaultLanguage: 'nl', demonstration: false })
  const sources = JSON.parse(readFileSync(join(root, 'locales', 'sources.json'), 'utf8'))
  const links = outsideLinks(publicPages(site), sources)
  const online = process.argv.includes('--online')
  let broken = 0
  for (const [url, places] of links) {
    const answer = online ? await ask(url) : null
    if (answer && !answer.ok) broken++
    const shown =
      [...places].slice(0, 3).join(', ') + (places.size > 3 ? `, and ${places.size - 3} more` : '')
    process.stdout.write(`${answer ? `${answer.text}  ` : ''}${url}  (${shown})\n`)
    if (online) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
  const without = Object.values(sources).filter(({ url }) => !url).length
  process.stdout.write(`\n${links.size} addresses; ${without} sources have none.`)
  process.stdout.write(
    online ? ` ${broken} did not answer as they should.\n` : ' Ask them with -- --online.\n',
  )
  process.exitCode = broken > 0 ? 1 : 0
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main()
