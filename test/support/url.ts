import type { LoginRole } from '../../server/storage/login-roles.js'

/** A postgres:// address; a socket folder stands percent-encoded in the place of the host. */
export function toUrl({
  host,
  port,
  user,
  password,
  database,
}: {
  host: string
  port: number
  user: string
  password: string
  database: string
}): string {
  return `postgres://${user}:${encodeURIComponent(password)}@${encodeURIComponent(host)}:${port}/${database}`
}

/** The same address with another database. */
export function withDatabase(url: string, database: string): string {
  const changed = new URL(url)
  changed.pathname = `/${database}`
  return changed.href
}

/** The same address for another role. */
export function withRole(url: string, role: LoginRole): string {
  const changed = new URL(url)
  changed.username = role.user
  changed.password = role.password
  return changed.href
}
