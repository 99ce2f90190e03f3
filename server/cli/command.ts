// What a command is, and what it gets of the command line.
import { type ParseArgsConfig, parseArgs } from 'node:util'
import { OperatorProblem } from '../operator-problem.js'

/** A mistake on the command line: one sentence, exit code 2. */
export class UsageProblem extends Error {}

/** The command cannot do what was asked: one sentence, exit code 1. */
export class CommandProblem extends OperatorProblem {}

export interface Outcome {
  /** for people; bytes go out as they are */
  readonly text: string | Uint8Array
  /** the same for programs, printed by --json */
  readonly json: unknown
  /** sentences for standard error, also with --json */
  readonly notices?: readonly string[]
  /** 0 when left out */
  readonly exitCode?: number
}

export interface Arguments {
  /** the value of an option; a UsageProblem when it was not given */
  required(option: string): string
  optional(option: string): string | undefined
  has(option: string): boolean
  /** what is no option */
  readonly words: readonly string[]
}

export interface Command {
  /** what stands after the command's name */
  readonly usage: string
  /** what it does, for --help: lines of at most 100 characters */
  readonly help: string
  readonly options: Readonly<Record<string, 'text' | 'flag'>>
  /** fewest and most words that are no options; none when left out */
  readonly words?: readonly [least: number, most: number]
  run(args: Arguments): Promise<Outcome>
}

/** Reads what stands after the command's name. Throws UsageProblem. */
export function parse(
  { options, words: [least, most] = [0, 0] }: Command,
  argv: readonly string[],
): Arguments {
  const { values, positionals } = parseStrictly([...argv], options)
  if (positionals.length < least) throw new UsageProblem('something is missing')
  if (positionals.length > most) throw new UsageProblem('there is a word too many')
  const optional = (option: string): string | undefined => {
    const value = values[option]
    if (value === '') throw new UsageProblem(`--${option} is empty`)
    return typeof value === 'string' ? value : undefined
  }
  return {
    words: positionals,
    optional,
    has: (option) => values[option] === true,
    required(option) {
      const value = optional(option)
      if (value === undefined) throw new UsageProblem(`--${option} is missing`)
      return value
    },
  }
}

function parseStrictly(args: string[], options: Command['options']) {
  const config: ParseArgsConfig['options'] = { help: { type: 'boolean' }, json: { type: 'boolean' } }
  for (const [name, kind] of Object.entries(options)) {
    config[name] = { type: kind === 'text' ? 'string' : 'boolean' }
  }
  try {
    return parseArgs({ args, options: config, allowPositionals: true, strict: true })
  } catch (error) {
    throw new UsageProblem(explainOption(error))
  }
}

/** Node's sentences are long and quote what was typed, which may be a secret; the option's name is enough. */
function explainOption(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown }
  const option = /'(--?[\w-]+)/.exec(String(message))?.[1] ?? 'an option'
  switch (code) {
    case 'ERR_PARSE_ARGS_UNKNOWN_OPTION':
      return `there is no option ${option}`
    case 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE':
      return /does not take/.test(String(message)) ? `${option} takes no value` : `${option} needs a value`
    default:
      throw error
  }
}
