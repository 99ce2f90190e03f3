// Who does what at the desk. Reading reports and looking after people are kept apart: no member has both.

export const ROLES = ['triager', 'reviewer', 'desk_lead', 'key_holder', 'auditor', 'administrator'] as const

/**
 * triager: takes and assesses reports; reviewer: reads what was assessed; desk_lead: divides the work; key_holder: gives
 * and renews the desk's key; auditor: sees the trail; administrator: looks after people.
 */
export type Role = (typeof ROLES)[number]

/** The roles whose members may be given the desk's key. */
export const CONTENT_ROLES = [
  'triager',
  'reviewer',
  'desk_lead',
  'key_holder',
] as const satisfies readonly Role[]

/** What the first member of a desk can do, who makes its key and has no colleague yet. */
export const FIRST_ROLES: readonly Role[] = ['triager', 'desk_lead', 'key_holder']

export function isRole(text: string): text is Role {
  return (ROLES as readonly string[]).includes(text)
}

/** Whether somebody with these roles may be given the desk's key. */
export function mayReadContent(roles: readonly Role[]): boolean {
  return roles.some((role) => (CONTENT_ROLES as readonly Role[]).includes(role))
}

/** At least one, none twice; who sees the trail or looks after people does nothing else. */
export function isRoleSet(roles: readonly Role[]): boolean {
  if (roles.length === 0 || new Set(roles).size !== roles.length) return false
  return roles.length === 1 || roles.every((role) => mayReadContent([role]))
}
