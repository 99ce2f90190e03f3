import type { Pool } from '../storage/connect.js'
import { listExtraRights, listOwnedByRoles, readServerSettings } from '../storage/inspect.js'
import { readMigrationState } from '../storage/migrate.js'
import { listDesks } from '../storage/owner.js'
import { listKeys } from '../storage/owner-keys.js'
import { judgeServerLog } from './check-server-log.js'
import { type Finding, ok, problem, warning } from './finding.js'
import { count } from './output.js'

const FLUSHED = ['on', 'local', 'remote_write', 'remote_apply']

/** Looks at the database as its owner; changes nothing. Rejects when it cannot be reached. */
export async function checkDatabase(owner: Pool): Promise<Finding[]> {
  const { waiting, problem: misfit } = await readMigrationState(owner)
  const settings = await readServerSettings(owner)
  const findings = [
    ok(`the database can be reached (PostgreSQL ${settings.get('server_version')})`),
    judgeMigrations(waiting.length, misfit),
    ...judgeDurability(settings),
    ...judgeServerLog(settings),
  ]
  if (waiting.length > 0 || misfit !== null) return findings
  return [...findings, ...(await checkRoles(owner)), ...(await checkDesks(owner))]
}

function judgeMigrations(waiting: number, misfit: string | null): Finding {
  if (misfit !== null) return problem(misfit, 'run the version of Baken that this database belongs to')
  if (waiting > 0) return problem(`${count(waiting, 'migration')} did not run yet`, 'run baken migrate')
  return ok('all migrations ran')
}

function judgeDurability(settings: ReadonlyMap<string, string>): Finding[] {
  const off = ['fsync', 'full_page_writes'].filter((name) => settings.get(name) !== 'on')
  // Every session of Baken asks for it; a pooler in between may drop what a session asks for.
  if (!FLUSHED.includes(settings.get('synchronous_commit') ?? '')) off.push('synchronous_commit')
  if (off.length === 0)
    return [ok('what is acknowledged is on disk (fsync, full_page_writes, synchronous_commit)')]
  return [
    problem(`the server runs with ${off.join(', ')} off: acknowledged reports could be lost`, 'set them on'),
  ]
}

async function checkRoles(owner: Pool): Promise<Finding[]> {
  const owned = await listOwnedByRoles(owner)
  const extra = await listExtraRights(owner)
  const findings = [
    ...owned.map((text) => problem(text, 'give it to the owner of the database (reassign owned by)')),
    ...extra.map((text) => problem(text, 'revoke it: none of the migrations gives this right')),
  ]
  return findings.length > 0 ? findings : [ok('the roles of the apps own nothing and have no extra rights')]
}

async function checkDesks(owner: Pool): Promise<Finding[]> {
  const desks = (await listDesks(owner)).filter(({ closed }) => !closed)
  const live = desks.find(({ recipient }) => recipient !== null)
  const waiting = desks.reduce((sum, desk) => sum + desk.waiting, 0)
  return [
    live
      ? ok(`the desk ${live.name} has a key and takes reports`)
      : problem('no desk has a key: the public form is closed', noDeskTodo(desks.length)),
    ...(waiting > 0
      ? [
          warning(
            `${count(waiting, 'member')} of the desk still without its key`,
            'a member who has it gives it in the partner app',
          ),
        ]
      : []),
    ...(live ? await checkKeys(owner, live.id) : []),
  ]
}

/** Whether the desk can read on, and whether it should have another key. */
async function checkKeys(owner: Pool, desk: string): Promise<Finding[]> {
  const { holders, gone, proposal } = await listKeys(owner, desk)
  const findings: Finding[] = []
  if (holders.length === 0) {
    findings.push(
      problem(
        'no member has the key of the desk: nobody reads reports',
        'invite a key_holder, who uses the recovery sheet (docs/operating.md, section 11)',
      ),
    )
  }
  if (proposal) {
    findings.push(warning('a new key of the desk waits for you', 'baken keys accept, when its maker called'))
  } else if (gone.length > 0) {
    findings.push(
      warning(
        `${count(gone.length, 'person', 'people')} who had the key of the desk may not have it any more`,
        'a key holder makes a new one in the partner app',
      ),
    )
  }
  return findings
}

function noDeskTodo(desks: number): string {
  return desks > 0
    ? 'let the first member follow the one-time link (baken invite makes a new one)'
    : 'run baken desk create'
}
