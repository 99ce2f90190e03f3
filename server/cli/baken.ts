#!/usr/bin/env node
// The command line: finds the command, runs it, and turns whatever happens into text and an exit code.
// 0: done. 1: not done, one sentence says why. 2: the command line is wrong. Some commands have a 3 of their own.
import { type Command, type Outcome, parse, UsageProblem } from './command.js'
import { visible, visibleJson } from './output.js'
import { readPackage } from './package.js'

interface Entry {
  readonly summary: string
  load(): Promise<Command>
}

// Each command is read when it is called: opening a report needs nothing of the server.
const COMMANDS: Readonly<Record<string, Entry>> = {
  migrate: {
    summary: 'bring the database up to date, and give the processes their passwords',
    load: async () => (await import('./migrate.js')).migrateCommand,
  },
  'desk create': {
    summary: 'make a desk and the one-time link of its first member',
    load: async () => (await import('./desk-create.js')).deskCreate,
  },
  'desk list': {
    summary: 'show the desks and whether they take reports',
    load: async () => (await import('./desk-list.js')).deskList,
  },
  'desk close': {
    summary: 'let a desk take no more reports',
    load: async () => (await import('./desk-close.js')).deskClose,
  },
  invite: {
    summary: 'make a one-time link for one more member of a desk',
    load: async () => (await import('./invite.js')).invite,
  },
  'keys list': {
    summary: 'show the keys of a desk, who has them, and whether a new one waits',
    load: async () => (await import('./keys-list.js')).keysList,
  },
  'keys accept': {
    summary: 'let the new key of a desk go live, after its words were said by voice',
    load: async () => (await import('./keys-accept.js')).keysAccept,
  },
  'keys refuse': {
    summary: 'take away a new key that waits',
    load: async () => (await import('./keys-refuse.js')).keysRefuse,
  },
  'import-help': {
    summary: 'add and change rows of the help directory from a file',
    load: async () => (await import('./import-help.js')).importHelpCommand,
  },
  doctor: {
    summary: 'check whether this machine and its database keep what Baken promises',
    load: async () => (await import('./doctor.js')).doctor,
  },
  inventory: {
    summary: 'print what could be handed over: every column, log field and other place',
    load: async () => (await import('./inventory.js')).inventory,
  },
  open: {
    summary: "open sealed parts of a report with the desk's key, without any server",
    load: async () => (await import('./open.js')).open,
  },
  facts: {
    summary: 'list what is published and was never verified, or over half a year ago',
    load: async () => (await import('./list-facts.js')).listFactsCommand,
  },
  strip: {
    summary: 'make a file anew, as the public site does',
    load: async () => (await import('./strip.js')).strip,
  },
}

// Whoever reads along may stop reading (`| head`): that is no failure.
process.stdout.on('error', () => process.exit())
process.exitCode = await main(process.argv.slice(2))

async function main(argv: readonly string[]): Promise<number> {
  const [first = ''] = argv
  if (first === '--version') return say(`${readPackage().version}\n`)
  if (first === '--help') return say(overview(Object.keys(COMMANDS)))
  const name = [argv.slice(0, 2).join(' '), first].find((words) => Object.hasOwn(COMMANDS, words))
  if (name === undefined) return unknown(first, argv)
  const command = await COMMANDS[name]?.load()
  if (!command) return 1
  const rest = argv.slice(name.split(' ').length)
  const beforeWords = rest.includes('--') ? rest.slice(0, rest.indexOf('--')) : rest
  if (beforeWords.includes('--help')) return say(`Usage: baken ${name} ${command.usage}\n\n${command.help}\n`)
  try {
    const args = parse(command, rest)
    return tell(await command.run(args), args.has('json'))
  } catch (error) {
    if (error instanceof UsageProblem) {
      return fail(`baken ${name}: ${error.message}; see baken ${name} --help`, 2)
    }
    const { explain } = await import('./explain.js')
    return fail(`baken ${name}: ${explain(error)}`, 1)
  }
}

function tell({ text, json, notices = [], exitCode = 0 }: Outcome, asJson: boolean): number {
  for (const notice of notices) process.stderr.write(`${visible(notice)}\n`)
  process.stdout.write(asJson ? `${visibleJson(json)}\n` : text)
  return exitCode
}

function unknown(first: string, argv: readonly string[]): number {
  const group = Object.keys(COMMANDS).filter((name) => name.startsWith(`${first} `))
  if (group.length > 0 && argv[1] === '--help') return say(overview(group))
  if (group.length > 0) return fail(`baken ${first}: say which: ${group.join(', ')}`, 2)
  if (first === '') {
    process.stderr.write(overview(Object.keys(COMMANDS)))
    return 2
  }
  const what = first.startsWith('-') ? 'the command comes first' : 'there is no such command'
  return fail(`baken: ${what}; baken --help lists them all`, 2)
}

function overview(names: readonly string[]): string {
  const lines = names.map((name) => `  ${name.padEnd(12)} ${COMMANDS[name]?.summary}`)
  return `Usage: baken COMMAND [options]

${lines.join('\n')}

baken COMMAND --help tells more. Every command takes --json. Exit codes: 0 done, 1 not done, 2 wrong command line.
`
}

function say(text: string): number {
  process.stdout.write(text)
  return 0
}

function fail(sentence: string, exitCode: number): number {
  process.stderr.write(`${visible(sentence)}.\n`)
  return exitCode
}
