import { rm } from 'node:fs/promises'
import type { Pool } from '../storage/connect.js'
import { asRole, listSharingDatabases, makeSharedPasswords, setPasswords } from '../storage/login-roles.js'
import { migrate } from '../storage/migrate.js'
import { type Command, CommandProblem, type Outcome } from './command.js'
import { DATABASE_HELP, DATABASE_OPTION, withDatabase } from './database.js'
import { writeNew } from './files.js'
import { count } from './output.js'

/** `baken migrate`: the schema, and the passwords of the two production processes. */
export const migrateCommand: Command = {
  usage: '[--set-passwords FILE [--even-shared]]',
  help: `Runs the migrations that did not run yet, as the owner of the database. Running it again does no harm.

  --set-passwords FILE   give the roles baken_intake and baken_triage new passwords and write the address of each
                         (mode 0600) to FILE.intake and FILE.triage, which must not exist: what the two
                         production processes get as DATABASE_URL_FILE
  --even-shared          do so even when another database of the same server uses these roles: its processes
                         need the new passwords too${DATABASE_HELP}`,
  options: { 'set-passwords': 'text', 'even-shared': 'flag', ...DATABASE_OPTION },
  async run(args) {
    const file = args.optional('set-passwords')
    return withDatabase(args, async ({ owner, address }) => {
      if (file !== undefined && address === null) {
        throw new CommandProblem(
          'the demonstration has its own passwords: --set-passwords needs DATABASE_URL',
        )
      }
      const ran = await migrate(owner)
      const told = tellMigrations(ran)
      if (file === undefined || address === null) return told
      const others = await listSharingDatabases(owner)
      if (others.length > 0 && !args.has('even-shared')) {
        throw new CommandProblem(
          `the database ${others.join(', ')} of this server uses the same roles, and its processes would be locked out: give --even-shared and pass the new passwords on to them`,
        )
      }
      const files = await writeAddresses(file, owner, address)
      return {
        text: `${told.text}Both roles have new passwords. The addresses stand in ${files.intake} and ${files.triage}.\n`,
        json: { ran, files },
      }
    })
  },
}

function tellMigrations(ran: readonly string[]): Outcome {
  if (ran.length === 0) return { text: 'The database is up to date.\n', json: { ran } }
  return { text: `${ran.join('\n')}\n${count(ran.length, 'migration')} ran.\n`, json: { ran } }
}

/** The files come first: passwords that stand nowhere would lock everybody out. */
async function writeAddresses(file: string, owner: Pool, address: string) {
  const { intake, triage } = makeSharedPasswords()
  const files = { intake: `${file}.intake`, triage: `${file}.triage` }
  await writeNew(files.intake, `${asRole(address, intake)}\n`)
  try {
    await writeNew(files.triage, `${asRole(address, triage)}\n`)
    await setPasswords(owner, [intake, triage]).catch(async (error: unknown) => {
      await rm(files.triage)
      throw error
    })
  } catch (error) {
    await rm(files.intake)
    throw error
  }
  return files
}
