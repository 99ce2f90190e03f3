// What one browser may see and do of a mailbox: only what the draft under its cookie opened with a code.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Problem } from '../problem.js'
import type { FoundMailbox } from '../storage/intake/index.js'
import type { DraftToken, MailboxVisit } from './draft.js'
import type { IntakeParts } from './parts.js'
import type { MailboxIdentity } from './receipt.js'
import { renewCookie, tokenOf } from './visit.js'

export const CLOSED_VISIT: MailboxVisit = {
  typed: '',
  error: null,
  open: null,
  answered: null,
  answerTyped: '',
  answerError: null,
  received: null,
  added: { typed: '', error: null },
  files: [],
  refused: [],
  covering: null,
  filesError: null,
  ended: false,
}

export interface OpenVisit {
  readonly token: DraftToken
  readonly visit: MailboxVisit
  readonly identity: MailboxIdentity
  readonly mailbox: FoundMailbox
}

/** The mailbox this browser opened. Throws `draft-gone` when it did not, or the hour is over, or it was ended. */
export async function openVisit(
  request: FastifyRequest,
  { drafts, cookie, storage }: IntakeParts,
): Promise<OpenVisit> {
  const token = tokenOf(request, cookie)
  const visit = (await drafts.get(token))?.mailbox
  if (!token || !visit?.open) throw new Problem('draft-gone')
  const mailbox = await storage.findMailbox(Buffer.from(visit.open.lookup, 'base64'))
  if (!mailbox || mailbox.ended) throw new Problem('draft-gone')
  return { token, visit, identity: visit.open.identity as MailboxIdentity, mailbox }
}

/** The same for a form that was sent: the page it stood on is not kept for Back. */
export async function openVisitOfForm(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: IntakeParts,
): Promise<OpenVisit> {
  const opened = await openVisit(request, parts)
  renewCookie(reply, parts.cookie, opened.token)
  return opened
}

/** Changes what this browser keeps of its visit; nothing when the visit is over. */
export async function changeMailboxVisit(
  { drafts }: Pick<IntakeParts, 'drafts'>,
  token: DraftToken,
  change: (visit: MailboxVisit) => MailboxVisit,
): Promise<void> {
  await drafts.change(token, (draft) => ({ ...draft, mailbox: draft.mailbox && change(draft.mailbox) }))
}

/** Whether the desk still takes something more through this mailbox. */
export function takesMore({ closed, withdrawn }: FoundMailbox): boolean {
  return !closed && !withdrawn
}
