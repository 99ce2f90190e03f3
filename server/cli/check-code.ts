// Whether the code that the desk's browsers get is the code of this version. Whoever can change it can take the desk's
// key, so it can be compared from outside: a list of hashes, and the running site byte for byte.
import { readFileSync } from 'node:fs'
import { builtCode, type ExpectedAnswer, expectedAnswers, pickHeaders } from '../triage/expected-answers.js'
import { UsageProblem } from './command.js'
import { explain } from './explain.js'
import { type Finding, ok, problem, warning } from './finding.js'

const WITHIN_MS = 20_000
const MOST_BYTES = 16 * 1024 * 1024
const STOP =
  'let nobody sign in until it is known why: code that was changed can take the key of the desk (docs/desk-code.md)'

export interface Fetched {
  readonly status: number
  readonly body: string
  header(name: string): string | null
}

/** The code that was built here; `published` is the path of the list that was published for this version. */
export function checkBuiltCode(published: string | undefined): Finding[] {
  try {
    return [judgeList(published === undefined ? null : readFileSync(published, 'utf8'), builtCode())]
  } catch (error) {
    return [
      problem(`the browser code of the partner app cannot be read: ${explain(error)}`, 'run npm run build'),
    ]
  }
}

/** `published` is null when no list was given. */
export function judgeList(
  published: string | null,
  { list, short }: { list: string; short: string },
): Finding {
  if (published === null)
    return warning(
      `the browser code of the partner app is ${short}`,
      'compare it with the list published for this version: baken doctor --hashes FILE',
    )
  const wanted = readList(published)
  const found = readList(list)
  const different = [...new Set([...wanted.keys(), ...found.keys()])]
    .filter((path) => wanted.get(path) !== found.get(path))
    .sort()
  if (different.length === 0) return ok(`the browser code of the partner app is the published one (${short})`)
  return problem(
    `the browser code of the partner app (${short}) is not the published one: ${different.join(', ')}`,
    STOP,
  )
}

/** Fetches what a browser gets before anybody signs in, and compares it with what was built here. Throws UsageProblem. */
export async function checkRunningSite(address: string): Promise<Finding[]> {
  const origin = originOf(address)
  try {
    return await compareSite((path) => fetchFrom(origin + path), origin.startsWith('https:'))
  } catch (error) {
    return [problem(`the site cannot be looked at: ${explain(error)}`, 'look whether its address is right')]
  }
}

/** One finding for each answer that differs, or one that says that none does. */
export async function compareSite(
  fetchPath: (path: string) => Promise<Fetched>,
  secure: boolean,
): Promise<Finding[]> {
  // Its name, and whether it is a demonstration, are the site's own; everything around them is not.
  const { body } = await fetchPath('/nl/')
  const siteName = readEntities(/<title>([^<]{1,200})<\/title>/.exec(body)?.[1] ?? '')
  const demonstration = body.includes('class="demo"')
  const expected = await expectedAnswers({ siteName, defaultLanguage: 'nl', demonstration }, secure)
  const findings: Finding[] = []
  for (const [path, wanted] of expected) {
    const different = differences(await fetchPath(path), wanted)
    if (different.length > 0)
      findings.push(problem(`the site's ${path} is not that of this version: ${different.join(', ')}`, STOP))
  }
  if (findings.length > 0) return findings
  return [
    ok(
      `the site hands out the code of this version (${builtCode().short}), byte for byte, under its policies`,
    ),
  ]
}

function differences({ status, body, header }: Fetched, wanted: ExpectedAnswer): string[] {
  if (status !== 200) return [`answered with ${status}`]
  const policies = pickHeaders(header)
  const named = Object.keys(wanted.policies).filter((name) => policies[name] !== wanted.policies[name])
  return [...(body === wanted.body ? [] : ['its bytes']), ...named]
}

/** A site may be told by any of its pages. */
function originOf(address: string): string {
  const wrong = new UsageProblem('--site wants an address such as https://desk.example')
  if (!URL.canParse(address)) throw wrong
  const { protocol, origin } = new URL(address)
  if (!/^https?:$/.test(protocol)) throw wrong
  return origin
}

async function fetchFrom(address: string): Promise<Fetched> {
  const {
    status,
    body: stream,
    headers,
  } = await fetch(address, { redirect: 'manual', signal: AbortSignal.timeout(WITHIN_MS) })
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of (stream ?? []) as AsyncIterable<Uint8Array>) {
    bytes += piece.length
    if (bytes > MOST_BYTES) throw new Error('an answer is far too large')
    pieces.push(Buffer.from(piece))
  }
  // Not text(): it would take away a mark at the start that a browser may read otherwise.
  const body = Buffer.concat(pieces).toString('utf8')
  return { status, body, header: (name) => headers.get(name) }
}

function readList(list: string): Map<string, string> {
  return new Map(
    [...list.matchAll(/^([0-9a-f]{64}) [ *](\S+)$/gm)].map(([, hash = '', path = '']) => [path, hash]),
  )
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&amp;': '&',
}

function readEntities(html: string): string {
  return html.replace(/&(?:lt|gt|quot|amp|#39);/g, (entity) => ENTITIES[entity] ?? entity)
}
