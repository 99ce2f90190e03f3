import { closeDesk, listDesks } from '../storage/owner.js'
import { type Command, CommandProblem } from './command.js'
import { DATABASE_HELP, DATABASE_OPTION, withDatabase } from './database.js'
import { findDesk } from './invitation.js'

/** `baken desk close` */
export const deskClose: Command = {
  usage: '--name NAME',
  help: `Lets a desk take no more reports. Its members can still read what it has. When it was the desk that
takes reports, the public form is closed until another desk has its key.

  --name NAME   the name of the desk, or its id${DATABASE_HELP}`,
  options: { name: 'text', ...DATABASE_OPTION },
  async run(args) {
    const wanted = args.required('name')
    return withDatabase(args, async ({ owner }) => {
      const desk = findDesk(await listDesks(owner), wanted)
      if (desk.closed) throw new CommandProblem(`the desk ${desk.name} is closed already`)
      await closeDesk(owner, desk.id)
      const wasLive = desk.recipient !== null
      return {
        text: `The desk ${desk.name} is closed.\n`,
        json: { desk: { id: desk.id, name: desk.name }, formClosed: wasLive },
        notices: wasLive ? ['The public form is closed until another desk has its key.'] : [],
      }
    })
  },
}
