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
