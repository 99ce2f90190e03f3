import type { Command } from './command.js'
import { type Fact, listFacts, oldFacts } from './facts.js'
import { count } from './output.js'

/** `baken facts`: what somebody should look up again, file by file. Nothing here is a failure: facts age. */
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
    const files = [...new Set(facts.map(({ file }) => file))].map((file) => ({
      file,
      facts: namesIn(facts, file).length,
      neverVerified: namesIn(never, file),
      old: old.filter((fact) => fact.file === file).map(({ name, verified }) => ({ name, verified })),
    }))
    const lines = files.flatMap((group) => [
      `${group.file}: ${count(group.facts, 'fact')}, ${group.neverVerified.length} never verified, ${group.old.length} old`,
      ...group.old.map(({ name, verified }) => `  ${verified}  ${name}`),
      ...(args.has('all') ? group.neverVerified.map((name) => `  never       ${name}`) : []),
    ])
    const total = `${count(facts.length, 'fact')} in all: ${never.length} never verified, ${old.length} verified more than 180 days ago.`
    return { text: `${lines.join('\n')}\n${total}\n`, json: { files } }
  },
}

function namesIn(facts: readonly Fact[], file: string): string[] {
  return facts.filter((fact) => fact.file === file).map(({ name }) => name)
}
