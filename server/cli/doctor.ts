import { describeIsolation, describeMedia } from '../sanitising/index.js'
import { checkBuiltCode, checkRunningSite } from './check-code.js'
import { checkDatabase } from './check-database.js'
import { checkMachine, checkWaiting, judgeIsolation, judgeMedia } from './check-machine.js'
import { checkSite, readDoctorSettings } from './check-site.js'
import type { Command, Outcome } from './command.js'
import { DATABASE_HELP, DATABASE_OPTION, DatabaseInUse, withDatabase } from './database.js'
import { explain } from './explain.js'
import { type Finding, problem, warning } from './finding.js'
import { count, visible } from './output.js'

/** `baken doctor`: one line for each thing that was looked at. */
export const doctor: Command = {
  usage: '[--hashes FILE] [--site ADDRESS]',
  help: `Looks at this machine, the database and the site, and says what to do. Run it on each machine, as the user and
with the settings of Baken's processes. Exit code 1 when something breaks a promise of Baken, 0 with warnings.
  --hashes FILE              compare the browser code that was built here with the list in FILE,
                             which was published for this version
  --site ADDRESS             look at a running partner site instead of this machine: whether its
                             page, code and policies are those that were built here${DATABASE_HELP}`,
  options: { ...DATABASE_OPTION, hashes: 'text', site: 'text' },
  async run(args) {
    const code = checkBuiltCode(args.optional('hashes'))
    const address = args.optional('site')
    if (address !== undefined) return tell([...code, ...(await checkRunningSite(address))])
    const { settings, findings } = readDoctorSettings(process.env)
    const machine = await checkMachine(settings)
    const isolation = await describeIsolation().then(judgeIsolation, () => [
      problem('the isolation of files could not be tried', 'see whether this machine can start processes'),
    ])
    const media = await describeMedia().then(judgeMedia, () => [])
    const waiting = await checkWaiting()
    const database = await withDatabase(args, ({ owner }) => checkDatabase(owner)).catch(unreachable)
    const site = checkSite(settings, new Date())
    return tell([...findings, ...machine, ...isolation, ...media, ...waiting, ...database, ...site, ...code])
  },
}

function tell(all: readonly Finding[]): Outcome {
  const problems = all.filter(({ level }) => level === 'problem').length
  const warnings = all.filter(({ level }) => level === 'warning').length
  return {
    text: `${all.map(asLine).join('')}\n${count(problems, 'problem')}, ${count(warnings, 'warning')}.\n`,
    json: { checks: all, problems, warnings },
    exitCode: problems > 0 ? 1 : 0,
  }
}

function unreachable(error: unknown): Finding[] {
  const text = `the database could not be looked at: ${explain(error)}`
  return [
    error instanceof DatabaseInUse
      ? warning(text, 'run baken doctor again when it is stopped')
      : problem(text, "give its owner's address as DATABASE_URL"),
  ]
}

function asLine({ level, text, todo }: Finding): string {
  return `${level.padEnd(8)} ${visible(text)}${todo ? `; to do: ${visible(todo)}` : ''}\n`
}
