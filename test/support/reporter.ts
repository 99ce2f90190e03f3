// Noor: a browser without JavaScript in a few lines. She keeps one cookie and follows redirects.
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'

export interface Reporter {
  get(path: string, headers?: Record<string, string>): Promise<LightMyRequestResponse>
  /** posts a form and follows the 303 */
  post(path: string, fields: Record<string, string | string[]>): Promise<LightMyRequestResponse>
  /** posts a form with files and follows the 303 */
  upload(
    path: string,
    files: readonly { name?: string; type?: string; bytes: Uint8Array }[],
    fields?: Record<string, string | string[]>,
  ): Promise<LightMyRequestResponse>
  /** posts a form and stays */
  postOnly(path: string, fields: Record<string, string | string[]>): Promise<LightMyRequestResponse>
  readonly cookie: () => string
  forgetCookie(): void
}

export function createReporter(app: FastifyInstance, headers: Record<string, string> = {}): Reporter {
  let cookie = ''
  const keep = (response: LightMyRequestResponse): LightMyRequestResponse => {
    for (const line of [response.headers['set-cookie'] ?? []].flat()) {
      const pair = line.split(';')[0] ?? ''
      cookie = pair.endsWith('=') ? '' : pair
    }
    return response
  }
  const withCookie = (more: Record<string, string> = {}) => ({
    ...headers,
    ...(cookie && { cookie }),
    ...more,
  })
  const get = async (path: string, more?: Record<string, string>) =>
    keep(await app.inject({ method: 'GET', url: path, headers: withCookie(more) }))
  const follow = async (response: LightMyRequestResponse): Promise<LightMyRequestResponse> =>
    response.statusCode === 303 ? get(String(response.headers.location)) : response
  const postOnly = async (path: string, fields: Record<string, string | string[]>) =>
    keep(
      await app.inject({
        method: 'POST',
        url: path,
        headers: withCookie({ 'content-type': 'application/x-www-form-urlencoded' }),
        payload: encodeFields(fields).toString(),
      }),
    )
  return {
    get,
    postOnly,
    post: async (path, fields) => follow(await postOnly(path, fields)),
    upload: async (path, files, fields = {}) => {
      const { body, type } = multipartBody(files, fields)
      const response = await app.inject({
        method: 'POST',
        url: path,
        headers: withCookie({ 'content-type': type }),
        payload: body,
      })
      return follow(keep(response))
    },
    cookie: () => cookie,
    forgetCookie: () => {
      cookie = ''
    },
  }
}

export function encodeFields(fields: Record<string, string | string[]>): URLSearchParams {
  const encoded = new URLSearchParams()
  for (const [name, value] of Object.entries(fields))
    for (const one of [value].flat()) encoded.append(name, one)
  return encoded
}

/** A multipart/form-data body as a browser makes it. */
export function multipartBody(
  files: readonly { name?: string; type?: string; bytes: Uint8Array }[],
  fields: Record<string, string | string[]>,
): { body: Buffer; type: string } {
  const boundary = '----bakenTestBoundary7d9'
  const parts: Buffer[] = []
  for (const [name, value] of encodeFields(fields)) {
    parts.push(
      Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`),
    )
  }
  for (const { name = 'photo.jpg', type = 'image/jpeg', bytes } of files) {
    parts.push(
      Buffer.from(
        `--${boundary}\r\nContent-Disposition: form-data; name="files"; filename="${name}"\r\nContent-Type: ${type}\r\n\r\n`,
      ),
      Buffer.from(bytes),
      Buffer.from('\r\n'),
    )
  }
  parts.push(Buffer.from(`--${boundary}--\r\n`))
  return { body: Buffer.concat(parts), type: `multipart/form-data; boundary=${boundary}` }
}
