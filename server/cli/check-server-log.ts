// What the PostgreSQL server may write down besides its tables. A line in its log carries a time to the millisecond:
// one line about one statement of the public app is the time of somebody's act.
import { type Finding, ok, problem, warning } from './finding.js'

interface Rule {
  readonly level: 'problem' | 'warning'
  isFine(value: string): boolean
  /** what it does as it stands */
  readonly what: string
  readonly better: string
}

const isOff = (value: string): boolean => ['', 'off', '0'].includes(value)
const RULES: Readonly<Record<string, Rule>> = {
  log_statement: {
    level: 'problem',
    isFine: (value) => ['none', 'ddl'].includes(value),
    what: 'every statement is written down with its time',
    better: 'none',
  },
  log_duration: {
    level: 'problem',
    isFine: isOff,
    what: 'the time of every statement is written down',
    better: 'off',
  },
  log_min_duration_statement: {
    level: 'problem',
    isFine: (value) => value === '-1',
    what: 'slow statements are written down with their values',
    better: '-1',
  },
  log_min_duration_sample: {
    level: 'problem',
    isFine: (value) => value === '-1',
    what: 'some slow statements are written down with their values',
    better: '-1',
  },
  log_transaction_sample_rate: {
    level: 'problem',
    isFine: isOff,
    what: 'some transactions are written down',
    better: '0',
  },
  log_parameter_max_length_on_error: {
    level: 'problem',
    isFine: isOff,
    what: 'the values of a failing statement are written down',
    better: '0',
  },
  log_connections: {
    level: 'problem',
    isFine: isOff,
    what: 'the address and time of each connection are written down',
    better: 'off',
  },
  log_disconnections: {
    level: 'problem',
    isFine: isOff,
    what: 'the address and time of each end of a connection are written down',
    better: 'off',
  },
  log_line_prefix: {
    level: 'problem',
    isFine: (value) => !/%-?\d*[hr]/.test(value.replaceAll('%%', '')),
    what: 'each line names the address of the client (%h or %r)',
    better: 'a prefix without %h and %r',
  },
  track_commit_timestamp: {
    level: 'problem',
    isFine: isOff,
    what: 'the exact time of each commit is kept in the database',
    better: 'off',
  },
  log_min_messages: {
    level: 'warning',
    isFine: (value) => ['log', 'fatal', 'panic'].includes(value),
    what: 'an error of the public app is written down with its time',
    better: 'fatal',
  },
  log_min_error_statement: {
    level: 'warning',
    isFine: (value) => ['log', 'fatal', 'panic'].includes(value),
    what: 'the text of a failing statement is written down',
    better: 'panic',
  },
  log_error_verbosity: {
    level: 'warning',
    isFine: (value) => value === 'terse',
    what: 'the details of an error, with values of a row, are written down',
    better: 'terse',
  },
  shared_preload_libraries: {
    level: 'warning',
    isFine: (value) => !/auto_explain|pg_stat_monitor|pgaudit/.test(value),
    what: 'an extension writes down statements',
    better: 'a list without auto_explain, pg_stat_monitor and pgaudit',
  },
  archive_mode: {
    level: 'warning',
    isFine: isOff,
    what: 'an archive of the write-ahead log keeps the order and time of arrival',
    better: 'off, or a short retention for the archive',
  },
}

/** One finding for each setting that could keep what Baken does not; one that all is well otherwise. */
export function judgeServerLog(settings: ReadonlyMap<string, string>): Finding[] {
  const findings = Object.entries(RULES).flatMap(([name, { level, isFine, what, better }]) => {
    const value = settings.get(name)
    // A server that lacks the setting cannot do it.
    if (value === undefined || isFine(value)) return []
    const make = level === 'problem' ? problem : warning
    return [make(`${name} is ${value}: ${what}`, `set it to ${better}`)]
  })
  return findings.length > 0
    ? findings
    : [ok('the server writes down no statement, value, address or time of a report')]
}
