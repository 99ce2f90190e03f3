// The demonstration as a newcomer uses it: over real connections, signing in as its file says.
import { readFileSync } from 'node:fs'
import { deriveKeys } from '../../server/member-keys.js'
import { openJson } from './desk.js'

export interface DemonstrationDesk {
  readonly names: readonly string[]
  readonly passphrase: string
  readonly identity: string
}

/** What the file says that the console points to. */
export function readDeskFile(path: string): DemonstrationDesk {
  const text = readFileSync(path, 'utf8')
  return {
    names: (/^# names: (.+)$/m.exec(text)?.[1] ?? '').split(', '),
    passphrase: /^# passphrase: (.+)$/m.exec(text)?.[1] ?? '',
    identity: /^AGE-SECRET-KEY-1\S+$/m.exec(text)?.[0] ?? '',
  }
}

/** Signs in and opens the headers of all reports; gives their ids. Throws when the passphrase is refused. */
export async function readInbox(app: string, { names, passphrase, identity }: DemonstrationDesk) {
  const send = (path: string, body: object) =>
    fetch(app + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  const name = names[0]
  const { salt } = (await (await send('/sign-in/begin', { name })).json()) as { salt: string }
  const { authentication } = deriveKeys(passphrase, Buffer.from(salt, 'base64'))
  const signedIn = await send('/sign-in', {
    name,
    authentication: Buffer.from(authentication).toString('base64'),
  })
  if (signedIn.status !== 200) throw new Error(`${name} was not let in: ${signedIn.status}`)
  const cookie = (signedIn.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  const { proof } = (await signedIn.json()) as { proof: string }
  const own = { cookie, 'x-baken-proof': proof }
  const inbox = (await (await fetch(`${app}/inbox`, { headers: own })).json()) as { items: { id: string }[] }
  const asked = await fetch(`${app}/inbox/headers`, {
    method: 'POST',
    headers: { ...own, 'content-type': 'application/json' },
    body: JSON.stringify({ ids: inbox.items.map(({ id }) => id) }),
  })
  const { headers } = (await asked.json()) as { headers: { id: string; header: string }[] }
  for (const { id, header } of headers) {
    await openJson(identity, Buffer.from(header, 'base64'), { kind: 'header', of: id })
  }
  return inbox.items.map(({ id }) => id).sort()
}

/** Every page that links lead to from `start`, in the same language, with its status and text. */
export async function crawl(
  site: string,
  start: string,
): Promise<Map<string, { status: number; text: string }>> {
  const pages = new Map<string, { status: number; text: string }>()
  const waiting = [start]
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (pages.has(path)) continue
    const answer = await fetch(site + path)
    const text = await answer.text()
    if (answer.headers.get('content-type')?.startsWith('text/html') !== true) continue
    pages.set(path, { status: answer.status, text })
    const links = [...text.matchAll(/href="([^"#?]+)/g)].map(([, link = '']) => link)
    waiting.push(...links.filter((link) => link.startsWith(start)))
  }
  return pages
}
