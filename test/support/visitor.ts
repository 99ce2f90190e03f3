// Noor over a real connection: from an address of her own (every 127.x.y.z is this machine), with the headers of a
// browser. Every answer is kept, so that it can be searched.
import { request } from 'node:http'
import { encodeFields, multipartBody } from './reporter.js'

export interface Answer {
  readonly path: string
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

export type Fields = Record<string, string | string[]>
export type Files = Parameters<typeof multipartBody>[0]

export interface Visitor {
  get(path: string, headers?: Record<string, string>): Promise<Answer>
  /** posts a form and follows the 303 */
  post(path: string, fields: Fields): Promise<Answer>
  /** posts a form with files and follows the 303 */
  upload(path: string, files: Files, fields?: Fields): Promise<Answer>
  /** sends a body as it is and stays */
  send(path: string, body: Buffer, type: string): Promise<Answer>
  readonly cookie: () => string
  /** every answer so far */
  readonly answers: readonly Answer[]
}

/** `site` is the address without a slash at the end; `from` the address to come from. */
export function createVisitor(
  site: string,
  { from = '127.0.0.1', headers = {} }: { from?: string; headers?: Record<string, string> } = {},
): Visitor {
  const answers: Answer[] = []
  let cookie = ''
  const ask = async (
    method: string,
    path: string,
    more: Record<string, string> = {},
    body?: Buffer,
  ): Promise<Answer> => {
    const given = headers.cookie ?? ''
    const cookies = [cookie, given].filter(Boolean).join('; ')
    const answer = await new Promise<Answer>((resolve, reject) => {
      const sent = request(
        site + path,
        {
          method,
          localAddress: from,
          agent: false,
          headers: {
            ...headers,
            ...more,
            ...(cookies && { cookie: cookies }),
            ...(body && { 'content-length': body.length }),
          },
        },
        (response) => {
          const pieces: Buffer[] = []
          response.on('data', (piece: Buffer) => pieces.push(piece))
          response.on('error', reject)
          response.on('end', () => {
            const { statusCode = 0, headers: carried } = response
            resolve({ path, statusCode, headers: carried, body: Buffer.concat(pieces).toString() })
          })
        },
      )
      sent.on('error', reject)
      sent.end(body)
    })
    answers.push(answer)
    for (const line of [answer.headers['set-cookie'] ?? []].flat()) {
      const pair = line.split(';')[0] ?? ''
      cookie = pair.endsWith('=') ? '' : pair
    }
    return answer
  }
  const follow = (answer: Answer): Promise<Answer> | Answer =>
    answer.statusCode === 303 && String(answer.headers.location).startsWith('/')
      ? ask('GET', String(answer.headers.location))
      : answer
  const send = (path: string, body: Buffer, type: string) => ask('POST', path, { 'content-type': type }, body)
  return {
    answers,
    cookie: () => cookie,
    get: (path, more) => ask('GET', path, more),
    send,
    post: async (path, fields) =>
      follow(
        await send(path, Buffer.from(encodeFields(fields).toString()), 'application/x-www-form-urlencoded'),
      ),
    upload: async (path, files, fields = {}) => {
      const { body, type } = multipartBody(files, fields)
      return follow(await send(path, body, type))
    },
  }
}

/** The code on the page that shows it. */
export function shownCode(page: string): string {
  return [...page.matchAll(/<span>(\d{4})<\/span>/g)].map(([, group]) => group).join('')
}
