import { areWords, checkWords } from '../check-words.js'
import { wordsStandFor } from '../report/new-key.js'
import { listDesks } from '../storage/owner.js'
import { type Acceptance, acceptKey } from '../storage/owner-keys.js'
import { type Command, CommandProblem } from './command.js'
import { DATABASE_HELP, DATABASE_OPTION, withDatabase } from './database.js'
import { findDesk } from './invitation.js'

const PROBLEMS: Readonly<Record<Exclude<Acceptance, 'accepted'>, string>> = {
  'none-waits': 'no new key waits for this desk',
  'other-words':
    'these are not the words of the key that waits. Ask the member to say them again; when they still differ, somebody may have put another key there: baken keys refuse takes it away',
  'for-nobody': 'everybody for whom this key was made has left: refuse it, and let a member make it anew',
  outdated: 'the desk has another live key than the one this was made to replace: let a member make it anew',
}

/** `baken keys accept`: the one act that puts another key in the place of a desk's. */
export const keysAccept: Command = {
  usage: '--desk NAME --words "SIX WORDS"',
  help: `Lets the new key that a member made go live. From that moment reports are sealed to it, and only members for
whom it was made have it. Call the member, by telephone or in person, and let them read out the six words on
their page: they stand for the new key and its recovery sheet. Never take the words out of a message, or off
the server: somebody who took over the partner app could have written both.

  --desk NAME     the name of the desk, or its id
  --words WORDS   what the member said, between quotation marks${DATABASE_HELP}`,
  options: { desk: 'text', words: 'text', ...DATABASE_OPTION },
  async run(args) {
    const [wanted, words] = [args.required('desk'), args.required('words')]
    return withDatabase(args, async ({ owner }) => {
      const desk = findDesk(await listDesks(owner), wanted)
      const done = await acceptKey(owner, desk.id, (proposed) =>
        areWords(words, checkWords(wordsStandFor(proposed))),
      )
      if (done !== 'accepted') throw new CommandProblem(PROBLEMS[done])
      return {
        text: `The desk ${desk.name} has a new key. Its members go on by themselves; those without it see that they wait.\n`,
        json: { desk: { id: desk.id, name: desk.name }, accepted: true },
        notices: [
          'Open work is still sealed to the earlier key: a key holder seals it anew on the page "Key".',
        ],
      }
    })
  },
}
