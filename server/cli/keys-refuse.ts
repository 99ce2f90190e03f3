import { listDesks } from '../storage/owner.js'
import { refuseKey } from '../storage/owner-keys.js'
import { type Command, CommandProblem } from './command.js'
import { DATABASE_HELP, DATABASE_OPTION, withDatabase } from './database.js'
import { findDesk } from './invitation.js'

/** `baken keys refuse` */
export const keysRefuse: Command = {
  usage: '--desk NAME',
  help: `Takes away a new key that waits for you. The desk keeps the one it has.

  --desk NAME   the name of the desk, or its id${DATABASE_HELP}`,
  options: { desk: 'text', ...DATABASE_OPTION },
  async run(args) {
    const wanted = args.required('desk')
    return withDatabase(args, async ({ owner }) => {
      const desk = findDesk(await listDesks(owner), wanted)
      if (!(await refuseKey(owner, desk.id))) throw new CommandProblem('no new key waits for this desk')
      return {
        text: `The new key is taken away. The desk ${desk.name} keeps the one it has.\n`,
        json: { desk: { id: desk.id, name: desk.name }, refused: true },
      }
    })
  },
}
