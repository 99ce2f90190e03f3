// Compresses what is sent. Accept-Encoding is the only header of a reader that is looked at, and only for this.
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

export type Encoding = 'br' | 'gzip' | 'identity'

const brotli = promisify(brotliCompress)
const zip = promisify(gzip)

/** The best encoding the client takes; a client that refuses everything gets plain bytes. */
export function chooseEncoding(acceptEncoding: string | undefined): Encoding {
  if (!acceptEncoding) return 'identity'
  const accepts = (name: string): boolean =>
    new RegExp(`(^|,)\\s*${name}\\s*(;\\s*q=(?!0(\\.0*)?\\s*(,|$))[^,]*)?\\s*(,|$)`, 'i').test(acceptEncoding)
  if (accepts('br')) return 'br'
  return accepts('gzip') ? 'gzip' : 'identity'
}

/** `thorough` is for what is compressed once and sent often. */
export async function encodeBody(html: string, encoding: Encoding, thorough: boolean): Promise<Buffer> {
  const bytes = Buffer.from(html)
  if (encoding === 'br') {
    return brotli(bytes, {
      params: {
        // 11 takes twice as long as 10 for one byte in a hundred, and the first reader of a page waits for it.
        [constants.BROTLI_PARAM_QUALITY]: thorough ? 10 : 5,
        [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    })
  }
  return encoding === 'gzip' ? zip(bytes, { level: thorough ? 9 : 8 }) : bytes
}
