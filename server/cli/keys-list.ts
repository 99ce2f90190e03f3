import { listDesks } from '../storage/owner.js'
import { type DeskKeyList, listKeys } from '../storage/owner-keys.js'
import type { Command } from './command.js'
import { DATABASE_HELP, DATABASE_OPTION, withDatabase } from './database.js'
import { findDesk } from './invitation.js'
import { count, visible } from './output.js'

/** `baken keys list` */
export const keysList: Command = {
  usage: '--desk NAME',
  help: `Shows the keys of a desk: which one is live since when, who has it, who waits for it, who had it and left,
and whether a member made a new one that waits for you. It does not print the words of a new key: you hear them
from the member, by voice, and give them to baken keys accept.

  --desk NAME   the name of the desk, or its id${DATABASE_HELP}`,
  options: { desk: 'text', ...DATABASE_OPTION },
  async run(args) {
    const wanted = args.required('desk')
    return withDatabase(args, async ({ owner }) => {
      const desk = findDesk(await listDesks(owner), wanted)
      const list = await listKeys(owner, desk.id)
      return { text: describe(list), json: { desk: { id: desk.id, name: desk.name }, ...list } }
    })
  },
}

function describe({ keys, holders, waiting, gone, proposal }: DeskKeyList): string {
  const names = (list: readonly string[]) => list.map(visible).join(', ')
  const lines = keys.map(({ live, since }) => `${live ? 'live key' : 'earlier key'}, since ${since}`)
  if (holders.length > 0) lines.push(`have it: ${names(holders)}`)
  if (waiting.length > 0) lines.push(`wait for it: ${names(waiting)}`)
  if (gone.length > 0) lines.push(`had it and left: ${names(gone)}; a key holder should make a new one`)
  if (proposal) {
    lines.push(
      `a new key of ${visible(proposal.by)} waits, for ${count(proposal.shares, 'member')}: baken keys accept`,
    )
  }
  return lines.length > 0 ? `${lines.join('\n')}\n` : 'This desk has no key: its first member makes it.\n'
}
