// One-time links. The token stands behind the # of the address, which no server ever sees; the database keeps only
// its hash.
import { FIRST_ROLES, isRole, isRoleSet, mayReadContent, ROLES, type Role } from '../report/roles.js'
import { readSettings, sharedSettings, triageSettings } from '../settings.js'
import type { Queryable } from '../storage/connect.js'
import { createInvitation, type DeskRow } from '../storage/owner.js'
import { hashToken, makeToken } from '../triage/access.js'
import { CommandProblem, UsageProblem } from './command.js'

const LONGEST_NAME = 100

export interface Invited {
  readonly member: string
  readonly roles: readonly Role[]
  readonly link: string
}

/** Invites somebody to a desk, in these roles. Throws CommandProblem when a member has the name. */
export async function inviteMember(
  owner: Queryable,
  desk: { id: string },
  member: string,
  roles: readonly Role[],
): Promise<Invited> {
  const origin = readPartnerOrigin()
  const token = makeToken()
  const invitation = { desk: desk.id, name: member, roles, tokenHash: hashToken(token) }
  if (!(await createInvitation(owner, invitation))) {
    throw new CommandProblem(
      `there is a member called ${member} already, or there was one: take another name`,
    )
  }
  return { member, roles, link: `${origin}#${token}` }
}

/** What to tell beside a link that works on this machine only. */
export function noticesOfOrigin(): string[] {
  return process.env.PARTNER_ORIGIN
    ? []
    : ['PARTNER_ORIGIN is not set: the link is for a browser on this machine.']
}

/** The lines that tell how the invitation is used. */
export function describeInvitation({ member, roles, link }: Invited): string {
  return `${link}

The link works once, within three days. Give it to ${member} alone, by a way that others cannot read.
Name to sign in with: ${member}
Roles: ${roles.join(', ')}
`
}

/**
 * The roles of a new member, out of a list with commas; without one those of a triager, or everything that the first
 * member of a desk needs. Throws UsageProblem for roles that do not go together or are unknown, and CommandProblem when
 * somebody would join a desk whose key nobody could make.
 */
export function readRoles(
  given: string | undefined,
  { recipient }: { recipient: string | null },
): readonly Role[] {
  const isFirst = recipient === null
  if (given === undefined) return isFirst ? FIRST_ROLES : ['triager']
  const names = given.split(',').map((name) => name.trim())
  const roles = names.filter(isRole)
  if (roles.length !== names.length || !isRoleSet(roles)) {
    throw new UsageProblem(
      `--roles is a list with commas of ${ROLES.join(', ')}; auditor and administrator stand alone`,
    )
  }
  if (isFirst && mayReadContent(roles) && !roles.includes('key_holder')) {
    throw new CommandProblem('this desk has no key yet: whoever joins first must be a key_holder, to make it')
  }
  return roles
}

/** A name as people sign in with it. Throws UsageProblem. */
export function readName(option: string, given: string): string {
  const name = given.trim().normalize('NFC')
  if (name === '' || name.length > LONGEST_NAME || /\p{C}/u.test(name)) {
    throw new UsageProblem(`--${option} is empty, longer than ${LONGEST_NAME} signs, or holds invisible ones`)
  }
  return name
}

/** The desk that is meant: by id, or by name among the open ones first. Throws CommandProblem. */
export function findDesk(desks: readonly DeskRow[], wanted: string): DeskRow {
  const named = desks.filter(({ id, name }) => id === wanted || name.toLowerCase() === wanted.toLowerCase())
  const open = named.filter(({ closed }) => !closed)
  const [first, ...more] = open.length > 0 ? open : named
  if (!first) throw new CommandProblem(`there is no desk called ${wanted}; baken desk list shows them all`)
  if (more.length > 0) {
    throw new CommandProblem(`several desks are called ${wanted}: give the id that baken desk list shows`)
  }
  return first
}

function readPartnerOrigin(): string {
  const { PARTNER_ORIGIN, PARTNER_PORT, DEFAULT_LANGUAGE } = readSettings(
    {
      PARTNER_ORIGIN: triageSettings.PARTNER_ORIGIN,
      PARTNER_PORT: triageSettings.PARTNER_PORT,
      DEFAULT_LANGUAGE: sharedSettings.DEFAULT_LANGUAGE,
    },
    process.env,
  )
  // The default of the setting serves the cookie and has no port.
  const origin = process.env.PARTNER_ORIGIN
    ? new URL(PARTNER_ORIGIN).origin
    : `${PARTNER_ORIGIN}:${PARTNER_PORT}`
  return `${origin}/${DEFAULT_LANGUAGE}/join`
}
