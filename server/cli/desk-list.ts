import { type DeskRow, listDesks } from '../storage/owner.js'
import type { Command } from './command.js'
import { DATABASE_HELP, DATABASE_OPTION, withDatabase } from './database.js'
import { count, visible } from './output.js'

/** `baken desk list` */
export const deskList: Command = {
  usage: '',
  help: `Shows the desks: which one takes reports, and how many members each has.${DATABASE_HELP}`,
  options: DATABASE_OPTION,
  run: (args) =>
    withDatabase(args, async ({ owner }) => {
      const desks = await listDesks(owner)
      const lines = desks.map((desk) => `${visible(desk.name)}: ${describe(desk)}  ${desk.id}\n`)
      return {
        text: lines.join('') || 'There is no desk: baken desk create makes one.\n',
        json: { desks: desks.map((desk) => ({ ...desk, takesReports: takesReports(desk) })) },
      }
    }),
}

function takesReports({ recipient, closed }: DeskRow): boolean {
  return recipient !== null && !closed
}

function describe(desk: DeskRow): string {
  const state = desk.closed ? 'closed' : takesReports(desk) ? 'takes reports' : 'waits for its first member'
  const waiting = desk.waiting > 0 ? `, ${desk.waiting} without the key` : ''
  return `${state}, ${count(desk.members, 'member')}${waiting}`
}
