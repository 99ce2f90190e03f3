// Many reporters at once over real connections, each with a text of its own, remembering what they were told: only
// who saw "received" was promised anything.
import { setTimeout as wait } from 'node:timers/promises'

const TIME_OUT_MS = 60_000

export type Road = 'page' | 'page-code' | 'draft' | 'draft-code' | 'twice'

export interface Submission {
  readonly road: Road
  /** stands in the report's words, and in no other report's */
  readonly text: string
  /** tries again, with the same token or cookie, until the site answers */
  readonly retries: boolean
  token: string
  code: string
  codeProof: string
  cookie: string
  /** the code with its tick is part of what was sent */
  readonly wantsCode: boolean
  /** what the last answer was; `broken` is no answer at all */
  answer: 'none' | 'broken' | 'received' | 'gone' | 'calm'
}

const ROADS: readonly Road[] = [
  'page',
  'page-code',
  'page',
  'draft-code',
  'page',
  'draft',
  'twice',
  'page-code',
]

/** `count` reporters; every second one tries again after a broken connection. */
export function makeSubmissions(count: number, name: string): Submission[] {
  return Array.from({ length: count }, (_, i) => {
    const road = ROADS[i % ROADS.length] ?? 'page'
    return {
      road,
      text: `unique ${name} ${i} end`,
      retries: (i >> 3) % 2 === 0,
      token: '',
      code: '',
      codeProof: '',
      cookie: '',
      wantsCode: road.endsWith('code'),
      answer: 'none',
    }
  })
}

/** Everything before the last click: the page with its token, or the steps of a draft. */
export async function prepare(site: string, submission: Submission): Promise<void> {
  if (submission.road.startsWith('draft')) {
    const first = await post(site, '/en/report/words', { words: submission.text })
    submission.cookie = (first.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    if (submission.wantsCode) {
      await post(site, '/en/report/code', {}, submission.cookie)
      const page = await get(site, '/en/report/code', submission.cookie)
      submission.code = [...page.matchAll(/<span>(\d{4})<\/span>/g)].map(([, group]) => group).join('')
    }
    return
  }
  const page = await get(site, '/en/report/all')
  submission.token = hidden(page, 'token')
  submission.code = hidden(page, 'code')
  submission.codeProof = hidden(page, 'code_proof')
}

/** The last click, once; never throws. */
export async function send(site: string, submission: Submission): Promise<void> {
  try {
    submission.answer = await click(site, submission)
  } catch {
    submission.answer = 'broken'
  }
}

/** The last click and, for those who retry, again until there is an answer. */
export async function sendUntilAnswered(
  site: string,
  submission: Submission,
  stop: () => boolean,
): Promise<void> {
  await send(site, submission)
  while (submission.retries && ['broken', 'calm'].includes(submission.answer) && !stop()) {
    await wait(100)
    await send(site, submission)
  }
}

async function click(site: string, submission: Submission): Promise<Submission['answer']> {
  if (submission.road.startsWith('draft')) {
    const fields = submission.wantsCode ? { with_code: 'yes', written: 'yes' } : {}
    const sent = await post(site, '/en/report/send', fields, submission.cookie)
    if (sent.status !== 303) return readAnswer(await sent.text())
    return readAnswer(await get(site, sent.headers.get('location') ?? '', submission.cookie))
  }
  const fields = {
    words: submission.text,
    token: submission.token,
    code: submission.code,
    code_proof: submission.codeProof,
    ...(submission.wantsCode && { written: 'yes' }),
  }
  const clicks = [post(site, '/en/report/all', fields)]
  if (submission.road === 'twice') clicks.push(post(site, '/en/report/all', fields))
  const answers = await Promise.allSettled(
    clicks.map(async (click) => {
      const answer = await click
      // Where it leads says "received": from here on it counts as promised, whether or not that page still comes.
      if (answer.headers.get('location')?.endsWith('/received')) return 'received' as const
      return readAnswer(await answer.text())
    }),
  )
  const told = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []))
  return told.includes('received') ? 'received' : (told[0] ?? 'broken')
}

function readAnswer(page: string): Submission['answer'] {
  if (page.includes('<h1>Received</h1>')) return 'received'
  return page.includes('<h1>There is nothing here any more</h1>') ? 'gone' : 'calm'
}

/** What the mailbox of a code says: the heading of its page, or nothing when no mailbox was found. */
export async function openMailbox(site: string, code: string): Promise<boolean> {
  const opened = await post(site, '/en/return', { code })
  return opened.headers.get('location') === '/en/return/messages'
}

export async function get(site: string, path: string, cookie = ''): Promise<string> {
  const answer = await fetch(site + path, {
    redirect: 'manual',
    headers: cookie ? { cookie } : {},
    signal: AbortSignal.timeout(TIME_OUT_MS),
  })
  return answer.text()
}

export function post(
  site: string,
  path: string,
  fields: Record<string, string>,
  cookie = '',
): Promise<Response> {
  return fetch(site + path, {
    method: 'POST',
    redirect: 'manual',
    headers: cookie ? { cookie } : {},
    body: new URLSearchParams(fields),
    signal: AbortSignal.timeout(TIME_OUT_MS),
  })
}

function hidden(page: string, name: string): string {
  return new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1] ?? ''
}
