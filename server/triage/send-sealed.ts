import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'

/** If something made a browser show it after all, it would be a page that may do nothing. */
const CONTENT_POLICY =
  "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'; sandbox"

/** Answers with sealed bytes as they come out of the database; a member who hangs up ends the reading. */
export function sendSealed(
  reply: FastifyReply,
  bytes: number,
  chunks: AsyncIterable<Uint8Array>,
): FastifyReply {
  return reply
    .type('application/octet-stream')
    .header('content-length', bytes)
    .header('content-disposition', 'attachment')
    .header('content-security-policy', CONTENT_POLICY)
    .send(Readable.from(chunks))
}
