// What the partner app of this version answers for its page and its code, without a database: `baken doctor` holds a
// running site against it.
import { silentLog } from '../log.js'
import { createServer } from '../web/create-server.js'
import { securityHeaders } from '../web/security-headers.js'
import { triageHelmet } from './app.js'
import { listHashes, loadBrowserCode, shortHash } from './browser-code.js'
import { registerCode } from './code-routes.js'
import { type DeskSettings, registerDeskPages } from './page-routes.js'

export interface ExpectedAnswer {
  readonly body: string
  /** those that decide what the browser lets the code do, and which file it is */
  readonly policies: Readonly<Record<string, string>>
}

/** Headers that a proxy has no reason to change; how long to stay on https is its own matter. */
const COMPARED = [
  'content-security-policy',
  'content-type',
  'cross-origin-embedder-policy',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
  'x-content-type-options',
  'x-frame-options',
  'referrer-policy',
] as const

/** The list of hashes of the code that was built here, and how it is read out. Throws when nothing was built. */
export function builtCode(): { readonly list: string; readonly short: string } {
  const list = listHashes(loadBrowserCode())
  return { list, short: shortHash(list) }
}

/** By path: every page, file and list that a browser of the desk gets before anybody signs in. */
export async function expectedAnswers(
  settings: DeskSettings,
  secure: boolean,
): Promise<ReadonlyMap<string, ExpectedAnswer>> {
  const app = createServer({
    log: silentLog,
    headers: await securityHeaders(triageHelmet(secure)),
    uploads: false,
    problemPage: () => ({ type: 'text/plain', body: '' }),
  })
  const code = loadBrowserCode()
  const pages = registerDeskPages(app, settings, code)
  await registerCode(app, code, secure)
  const answers = new Map<string, ExpectedAnswer>()
  for (const path of [...pages, ...code.map((file) => file.path), '/bundle-hashes.txt']) {
    const { body, headers } = await app.inject(path)
    answers.set(path, { body, policies: pickHeaders((name) => headers[name]?.toString()) })
  }
  await app.close()
  return answers
}

/** The compared headers of an answer; an empty text for one that is not there. */
export function pickHeaders(read: (name: string) => string | null | undefined): Record<string, string> {
  return Object.fromEntries(COMPARED.map((name) => [name, read(name) ?? '']))
}
