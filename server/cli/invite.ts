import { listDesks } from '../storage/owner.js'
import type { Command } from './command.js'
import { DATABASE_HELP, DATABASE_OPTION, withDatabase } from './database.js'
import {
  describeInvitation,
  findDesk,
  inviteMember,
  noticesOfOrigin,
  readName,
  readRoles,
} from './invitation.js'

/** `baken invite`: another member, or the first one again whose link was lost. */
export const invite: Command = {
  usage: '--desk NAME --name MEMBER [--roles ROLES]',
  help: `Prints a one-time link with which somebody becomes a member of a desk. An earlier link of that name to this
desk works no more. Whoever joins gets the desk's key from a member who has it.

  --desk NAME     the name of the desk, or its id
  --name MEMBER   the name with which the new member signs in
  --roles ROLES   with commas between them: triager, reviewer, desk_lead, key_holder; or one of auditor,
                  administrator, who never read a report (triager; of a desk without a key, what its first
                  member needs)${DATABASE_HELP}`,
  options: { desk: 'text', name: 'text', roles: 'text', ...DATABASE_OPTION },
  async run(args) {
    const wanted = args.required('desk')
    const member = readName('name', args.required('name'))
    return withDatabase(args, async ({ owner }) => {
      const desk = findDesk(await listDesks(owner), wanted)
      const invited = await inviteMember(owner, desk, member, readRoles(args.optional('roles'), desk))
      return {
        text: describeInvitation(invited),
        json: { desk: { id: desk.id, name: desk.name }, ...invited, days: 3 },
        notices: noticesOfOrigin(),
      }
    })
  },
}
