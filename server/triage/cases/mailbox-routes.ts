// Asking back: questions sealed in the browser to the reporter's code go in, sealed answers and additions come out. Which report a
// mailbox belongs to stands only in that report's sealed header.
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { Problem } from '../../problem.js'
import { base64, bodyOf, bytesSchema, idOf, route, type TriageParts } from '../access.js'
import { sendSealed } from '../send-sealed.js'

const LARGEST_QUESTION_BYTES = 256 * 1024
const questionSchema = z.strictObject({ id: z.uuidv4(), sealed: bytesSchema(LARGEST_QUESTION_BYTES) })

export function registerMailboxes(app: FastifyInstance, parts: TriageParts): void {
  const { storage } = parts

  route(app, parts, 'GET /mailboxes/:id', async (_member, request) => {
    const found = await storage.findConversation(idOf(request))
    if (!found) throw new Problem('not-found')
    return {
      ...found,
      questions: found.questions.map(({ id, sealed, answers }) => ({
        id,
        sealed: base64(sealed),
        answers: answers.map((answer) => ({ ...answer, sealed: base64(answer.sealed) })),
      })),
      additions: found.additions.map((addition) => ({
        ...addition,
        sealed: addition.sealed && base64(addition.sealed),
      })),
    }
  })

  route(app, parts, 'GET /mailboxes/:id/files/:file', async ({ member }, request, reply) => {
    const [mailbox, id] = [idOf(request), idOf(request, 'file')]
    const bytes = await storage.openAddedFile(member.id, mailbox, id)
    if (bytes === null) throw new Problem('not-found')
    return sendSealed(reply, bytes, storage.readAddedFile(mailbox, { id, bytes }))
  })

  // Which report it concerns, only the member's browser can tell: the mailbox's id stands sealed in its header.
  route(app, parts, 'GET /mailboxes/withdrawn', async () => ({ mailboxes: await storage.listWithdrawn() }))

  route(
    app,
    parts,
    'POST /mailboxes/:id/questions',
    async ({ member }, request, reply) => {
      const { id, sealed } = bodyOf(request, questionSchema)
      if (!(await storage.storeQuestion(member.id, idOf(request), id, sealed))) throw new Problem('conflict')
      return reply.code(204).send()
    },
    { bodyLimit: 2 * LARGEST_QUESTION_BYTES },
  )

  route(app, parts, 'POST /mailboxes/:id/close', async ({ member }, request, reply) => {
    if (!(await storage.closeMailbox(member.id, idOf(request)))) throw new Problem('not-found')
    return reply.code(204).send()
  })
}
