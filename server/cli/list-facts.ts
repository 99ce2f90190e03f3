import type { Command } from './command.js'
import { type Fact, listFacts, oldFacts } from './facts.js'
import { count } from './output.js'

/** `baken facts`: what somebody should look up again, place by place. Nothing here is a failure: facts age. */
export const listFactsCommand: Command = {
  usage: '[--all]',
  help: `Lists what the site publishes and nobody verified, or verified more than 180 days ago: sources, numbers and hours,
laws, figures, signs and pages. Needs no database. Exit code 0, whatever it finds.

  --all   name also what was never verified; without it only counted`,
  options: { all: 'flag' },
  async run(args) {
    const facts = listFacts()
    const old = oldFacts(facts, new Date())
    const never = facts.filter(({ verified }) => verified === null)
    const groups = [...new Set(facts.map(placeOf))].map((place) => ({
      place,
      facts: namesIn(facts, place).length,
      neverVerified: namesIn(never, place),
      old: old.filter((fact) => placeOf(fact) === place).map(({ name, verified }) => ({ name, verified })),
    }))
    const lines = groups.flatMap((group) => [
      `${group.place}: ${count(group.facts, 'fact')}, ${group.neverVerified.length} never verified, ${group.old.length} old`,
      ...group.old.map(({ name, verified }) => `  ${verified}  ${name}`),
      ...(args.has('all') ? group.neverVerified.map((name) => `  never       ${name}`) : []),
    ])
    const total = `${count(facts.length, 'fact')} in all: ${never.length} never verified, ${old.length} verified more than 180 days ago.`
    return { text: `${lines.join('\n')}\n${total}\n`, json: { groups } }
  },
}

/** Pages stand together, folder by folder. */
function placeOf({ file }: Fact): string {
  return file.replace(/[^/]+\.md$/, '')
}

function namesIn(facts: readonly Fact[], place: string): string[] {
  return facts.filter((fact) => placeOf(fact) === place).map(({ name }) => name)
}
