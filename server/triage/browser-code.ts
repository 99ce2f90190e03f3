// The code that runs in the desk's browsers, and its hashes. Whoever changes it can take the desk's key: so everybody
// can build it from the source and compare it with what a site hands out (docs/desk-code.md).
import { createHash } from 'node:crypto'
import { createRender, readAsset } from '../web/views.js'

const STYLE = 'text/css; charset=utf-8'
const SCRIPT = 'text/javascript; charset=utf-8'

/** What each file is allowed, which is its place in the page: see code-routes.ts. */
export type CodeUse = 'desk' | 'worker' | 'viewer' | 'viewer-page'

export interface CodeFile {
  readonly path: string
  readonly type: string
  readonly use: CodeUse
  readonly body: string
}

const DATA = 'application/json; charset=utf-8'

const BUILT = [
  { path: '/desk.js', asset: 'browser/desk.js', type: SCRIPT, use: 'desk' },
  { path: '/desk.css', asset: 'assets/desk.css', type: STYLE, use: 'desk' },
  // Lists of common words and names, with which a browser judges words of somebody's own choice: data, no script.
  { path: '/common-words.json', asset: 'browser/common-words.json', type: DATA, use: 'desk' },
  { path: '/headers-worker.js', asset: 'browser/headers-worker.js', type: SCRIPT, use: 'worker' },
  { path: '/viewer.js', asset: 'browser/viewer.js', type: SCRIPT, use: 'viewer' },
  { path: '/viewer.css', asset: 'assets/viewer.css', type: STYLE, use: 'viewer' },
] as const

/** Every file of the browser's code but the page itself, which has the site's name in it. */
export function loadBrowserCode(): readonly CodeFile[] {
  const files = BUILT.map(({ path, asset, type, use }) => ({ path, type, use, body: readAsset(asset) }))
  const body = createRender()('triage/viewer', { integrity: integrityOf(files) })
  return [...files, { path: '/viewer', type: 'text/html; charset=utf-8', use: 'viewer-page', body }]
}

/** By path, what stands in `integrity` attributes: a browser refuses a file that is another one. */
export function integrityOf(files: readonly Pick<CodeFile, 'path' | 'body'>[]): Record<string, string> {
  return Object.fromEntries(
    files.map(({ path, body }) => [path, `sha256-${createHash('sha256').update(body).digest('base64')}`]),
  )
}

/** One line a file, `<SHA-256 in hexadecimal>  <path>`, in the order of the paths: what `sha256sum -c` reads. */
export function listHashes(files: readonly Pick<CodeFile, 'path' | 'body'>[]): string {
  return files
    .map(({ path, body }) => `${sha256(body)}  ${path.slice(1)}\n`)
    .sort((a, b) => (a.slice(66) < b.slice(66) ? -1 : 1))
    .join('')
}

/** The first 64 bits of the list's hash in groups of four letters: short enough to be read out over the telephone. */
export function shortHash(list: string): string {
  return (sha256(list).slice(0, 16).match(/.{4}/g) ?? []).join(' ')
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
