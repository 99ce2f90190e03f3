// A failure in one sentence. What a database or a library says may carry values, so only codes of theirs are told.
import { describeFailure } from './log.js'
import { OperatorProblem } from './operator-problem.js'

const NOT_IN_TIME = 'the database that DATABASE_URL names does not answer in time'

const BY_CODE: Readonly<Record<string, string>> = {
  // the system
  ECONNREFUSED: 'the database does not answer: check DATABASE_URL, and that the server runs',
  ENOENT: 'the socket of the database is not there, or another file that DATABASE_URL names',
  EACCES: 'this user may not use the socket, or another file, that DATABASE_URL names',
  ENOTFOUND: 'the host in DATABASE_URL is not known',
  EHOSTUNREACH: 'the host in DATABASE_URL cannot be reached',
  ENETUNREACH: 'the host in DATABASE_URL cannot be reached',
  EAI_AGAIN: 'the host in DATABASE_URL is not known at this moment',
  ETIMEDOUT: NOT_IN_TIME,
  ECONNRESET: 'the connection to the database broke off',
  ENOSPC: 'the disk is full',
  ERR_INVALID_URL: 'DATABASE_URL cannot be read as an address',
  // PostgreSQL
  '28P01': 'the database refused the user or the password in DATABASE_URL',
  '28000': 'the database refused the user in DATABASE_URL',
  '3D000': 'there is no such database on the server that DATABASE_URL names',
  '42501': 'this user of the database may not do that: the address of its owner is needed',
  '42P01': 'the database was not migrated: run baken migrate first',
  '53100': 'the disk of the database is full',
  '53300': 'the database has no connection free at this moment',
  '57014': 'the database took too long',
  '57P01': 'the database server was stopped in between',
  '57P03': 'the database server is starting: try again in a moment',
}

/** One sentence without a stop at the end, for standard error; a list of settings keeps its lines. */
export function explain(error: unknown): string {
  if (error instanceof OperatorProblem) return error.message.replace(/\.$/, '')
  const { code, where } = describeFailure(error)
  const known = error instanceof Error && 'code' in error ? BY_CODE[String(error.code)] : undefined
  if (known) return known
  // The pool's own words, without a code.
  if (error instanceof Error && /connection timeout|timeout exceeded/.test(error.message)) {
    return NOT_IN_TIME
  }
  return `it failed for a reason that Baken does not know (${code}, ${where})`
}
