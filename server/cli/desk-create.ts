import { FIRST_ROLES } from '../report/roles.js'
import { inTransaction } from '../storage/connect.js'
import { createDesk, listDesks } from '../storage/owner.js'
import { type Command, CommandProblem } from './command.js'
import { DATABASE_HELP, DATABASE_OPTION, withDatabase } from './database.js'
import { describeInvitation, inviteMember, noticesOfOrigin, readName } from './invitation.js'

const FIRST_MEMBER = 'first'

/** `baken desk create`: a desk without a key, which its first member makes in a browser. */
export const deskCreate: Command = {
  usage: '--name NAME [--member MEMBER]',
  help: `Makes a desk and prints the one-time link of its first member, whose browser makes the desk's key.
The desk takes reports once that member has joined.

  --name NAME       what the desk is called
  --member MEMBER   the name with which the first member signs in (${FIRST_MEMBER})${DATABASE_HELP}`,
  options: { name: 'text', member: 'text', ...DATABASE_OPTION },
  async run(args) {
    const name = readName('name', args.required('name'))
    const member = readName('member', args.optional('member') ?? FIRST_MEMBER)
    return withDatabase(args, async ({ owner }) => {
      const open = (await listDesks(owner)).filter(({ closed }) => !closed)
      if (open.some((desk) => desk.name.toLowerCase() === name.toLowerCase())) {
        throw new CommandProblem(
          `there is a desk called ${name} already; baken invite gives a new link to it`,
        )
      }
      const { id, ...invited } = await inTransaction(owner, async (client) => {
        const id = await createDesk(client, name)
        return { id, ...(await inviteMember(client, { id }, member, FIRST_ROLES)) }
      })
      const live = open.find(({ recipient }) => recipient !== null)
      return {
        text: describeInvitation(invited),
        json: { desk: { id, name }, ...invited, days: 3 },
        notices: [
          ...noticesOfOrigin(),
          ...(live
            ? [
                `The desk ${live.name} takes the reports until it is closed: close it just before ${member} joins.`,
              ]
            : []),
        ],
      }
    })
  },
}
