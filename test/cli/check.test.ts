// The parts of baken doctor that judge what this machine may not happen to have.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { judgeList } from '../../server/cli/check-code.js'
import {
  checkWaiting,
  judgeCoreDumps,
  judgeIsolation,
  judgeMedia,
  judgeNode,
  judgeSwap,
} from '../../server/cli/check-machine.js'
import { judgeServerLog } from '../../server/cli/check-server-log.js'
import { countDates, countFacts } from '../../server/cli/facts.js'

import { silentLog } from '../../server/log.js'
import type { TriageStorage } from '../../server/storage/triage/index.js'
import { createTriageApp } from '../../server/triage/app.js'
import { builtCode } from '../../server/triage/expected-answers.js'
import { listen } from '../support/browser.js'
import { baken, bakenJson, ownFolder } from '../support/cli.js'

const QUIET: readonly (readonly [string, string])[] = [
  ['log_statement', 'none'],
  ['log_duration', 'off'],
  ['log_min_duration_statement', '-1'],
  ['log_parameter_max_length_on_error', '0'],
  ['log_connections', 'off'],
  ['log_disconnections', 'off'],
  ['log_line_prefix', '%m [%p] %q%u@%d '],
  ['log_min_messages', 'fatal'],
  ['log_min_error_statement', 'panic'],
  ['log_error_verbosity', 'terse'],
  ['shared_preload_libraries', ''],
  ['archive_mode', 'off'],
]

t.test(
  'a server log that could hold a statement, a value, an address or a time is told by its setting',
  async (t) => {
    t.same(
      judgeServerLog(new Map(QUIET)).map(({ level }) => level),
      ['ok'],
    )
    const loud: [string, string, string][] = [
      ['log_statement', 'all', 'problem'],
      ['log_statement', 'mod', 'problem'],
      ['log_duration', 'on', 'problem'],
      ['log_min_duration_statement', '0', 'problem'],
      ['log_min_duration_sample', '100', 'problem'],
      ['log_transaction_sample_rate', '0.1', 'problem'],
      ['log_parameter_max_length_on_error', '-1', 'problem'],
      ['log_parameter_max_length_on_error', '64', 'problem'],
      ['log_connections', 'on', 'problem'],
      ['log_connections', 'receipt,authentication', 'problem'],
      ['log_disconnections', 'on', 'problem'],
      ['log_line_prefix', '%t %h ', 'problem'],
      ['log_line_prefix', '%m %-20r ', 'problem'],
      ['track_commit_timestamp', 'on', 'problem'],
      ['log_min_messages', 'warning', 'warning'],
      ['log_min_error_statement', 'error', 'warning'],
      ['log_error_verbosity', 'default', 'warning'],
      ['shared_preload_libraries', 'pg_stat_statements, auto_explain', 'warning'],
      ['archive_mode', 'on', 'warning'],
    ]
    for (const [name, value, level] of loud) {
      const findings = judgeServerLog(new Map([...QUIET, [name, value]]))
      t.match(findings, [{ level, text: `${name} is ${value}: ` }], `${name} ${value}`)
      t.equal(findings.length, 1)
    }
    t.equal(judgeServerLog(new Map([...QUIET, ['log_line_prefix', '%m 100%%h ']]))[0]?.level, 'ok')
  },
)

t.test('core dumps are off, on, or given to a program', async (t) => {
  const limits = (most: string) =>
    `Limit   Soft Limit  Hard Limit Units\nMax core file size   ${most}   unlimited  bytes \n`
  t.equal(judgeCoreDumps(limits('0'), 'core\n').level, 'ok')
  t.match(judgeCoreDumps(limits('unlimited'), 'core\n'), { level: 'warning', todo: /LimitCORE=0/ })
  t.match(judgeCoreDumps(limits('0'), '|/usr/lib/systemd/systemd-coredump %P\n'), {
    level: 'warning',
    text: /program/,
  })
  t.equal(judgeCoreDumps(null, null).level, 'warning')
})

t.test('swap on a disk is told; compressed memory is memory', async (t) => {
  const head = 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n'
  t.equal(judgeSwap(head).level, 'ok')
  t.equal(judgeSwap(`${head}/dev/zram0  partition 100 0 100\n`).level, 'ok')
  t.match(judgeSwap(`${head}/swapfile  file 100 0 -2\n/dev/zram0  partition 100 0 100\n`), {
    level: 'warning',
    text: 'swap is on (/swapfile)',
  })
  t.equal(judgeSwap(null).level, 'warning')
})

t.test('Node must be as new as the package asks', async (t) => {
  for (const version of ['20.20.0', '20.21.3', '24.0.0'])
    t.equal(judgeNode(version, '>=20.20').level, 'ok', version)
  for (const version of ['20.19.9', '18.99.0'])
    t.equal(judgeNode(version, '>=20.20').level, 'problem', version)
})

t.test('what isolation lacks is named', async (t) => {
  const all = { prlimit: true, network: 'cut', setpriv: true, user: 'own' } as const
  t.match(judgeIsolation(all), [{ level: 'ok', text: /as a user of their own/ }])
  t.match(judgeIsolation({ ...all, network: 'not-cut' }), [{ level: 'warning', text: /without the network/ }])
  t.match(judgeIsolation({ ...all, prlimit: false, setpriv: false }), [
    { level: 'warning', text: /prlimit.*setpriv/ },
  ])
})

t.test('the code that was built is held against a published list', async (t) => {
  const built = builtCode()
  t.equal(judgeList(built.list, built).level, 'ok')
  t.equal(judgeList(built.list.replaceAll('  ', ' *'), built).level, 'ok', 'as sha256sum -b writes it')
  t.match(judgeList(null, built), { level: 'warning', text: built.short })
  const other = built.list.replace(/^.{8}(?=.* {2}viewer\.js$)/m, '00000000')
  t.match(judgeList(other, built), {
    level: 'problem',
    text: /published one: viewer\.js$/,
    todo: /nobody sign in/,
  })
  const fewer = built.list.replace(/^.*desk\.css\n/m, '')
  t.match(judgeList(fewer, built), { level: 'problem', text: /: desk\.css$/ })
  t.equal(judgeList('', built).level, 'problem')

  const file = join(ownFolder(t), 'published.txt')
  writeFileSync(file, other)
  const away = 'http://127.0.0.1:1'
  const { code, stdout } = await baken(['doctor', '--hashes', file, '--site', away])
  t.equal(code, 1)
  t.match(stdout, /problem .*viewer\.js/)
  t.match(stdout, /the site cannot be looked at/)
})

/** A partner site whose answers somebody may change on their way; without a database, as nobody signs in. */
async function runSite(change: (path: string, body: string, headers: Record<string, unknown>) => string) {
  const app = await createTriageApp({
    storage: {} as TriageStorage,
    log: silentLog,
    settings: { siteName: `Bak's "desk" <&>`, defaultLanguage: 'en', demonstration: true },
    secure: false,
  })
  app.addHook('onSend', async ({ url }, reply, body) => {
    const headers = reply.getHeaders()
    const changed = change(url, String(body), headers)
    for (const [name, value] of Object.entries(headers)) reply.header(name, value)
    return changed
  })
  t.teardown(() => app.close())
  return listen(app)
}

t.test('a running site is held against the build, byte for byte, with its policies', async (t) => {
  const look = async (change: Parameters<typeof runSite>[0], path = '/en/') => {
    const site = await runSite(change)
    const { code, json } = await bakenJson(['doctor', '--site', `${site}${path}`])
    const { checks } = json as { checks: { level: string; text: string }[] }
    return { code, found: checks.filter(({ level }) => level === 'problem').map(({ text }) => text), checks }
  }
  const own = await look((_path, body) => body, '/nl/join')
  t.same(own.found, [])
  t.equal(own.code, 0)
  t.match(own.checks.at(-1), { level: 'ok', text: /byte for byte/ })

  const changes: [expected: RegExp, change: Parameters<typeof runSite>[0]][] = [
    [/\/desk\.js is not .*: its bytes$/, (path, body) => (path === '/desk.js' ? `${body} ` : body)],
    [
      /\/headers-worker\.js .* its bytes/,
      (path, body) => (path === '/headers-worker.js' ? `;${body}` : body),
    ],
    [
      /\/viewer is not .* its bytes/,
      (path, body) => (path === '/viewer' ? body.replace('<body>', '<body><b>') : body),
    ],
    [
      /\/en\/join is not .* its bytes/,
      (path, body) =>
        path === '/en/join' ? body.replace('</body>', '<script src="/x.js"></script></body>') : body,
    ],
    [
      /\/bundle-hashes\.txt .* its bytes/,
      (path, body) => (path.endsWith('.txt') ? body.toUpperCase() : body),
    ],
    [
      /\/nl\/ is not .*: content-security-policy$/,
      (path, body, headers) => {
        if (path === '/nl/') headers['content-security-policy'] += '; report-uri https://evil.example'
        return body
      },
    ],
  ]
  for (const [expected, change] of changes) {
    const { code, found } = await look(change)
    t.equal(code, 1, String(expected))
    t.equal(found.length, 1, found.join())
    t.match(found[0], expected)
  }
})

t.test('facts are counted by when somebody verified them', async (t) => {
  const today = new Date('2026-11-23T12:00:00Z')
  t.same(countDates(['2026-11-01', '2026-05-28', '2026-05-26', '2020-01-01', null], today), {
    all: 5,
    neverVerified: 1,
    old: 2,
  })
  const { all, neverVerified, old } = countFacts(today)
  t.ok(all > 100, 'the directory, the signs, the forms and the pages are all found')
  t.ok(neverVerified + old <= all)
})

t.test('what sound and video need is told when it is missing', async (t) => {
  const memoryBytes = 2 ** 30
  t.match(judgeMedia({ programs: true, memoryBytes }), [{ level: 'ok', text: /made anew in memory/ }])
  t.match(judgeMedia({ programs: false, memoryBytes }), [{ level: 'warning', todo: /ffmpeg/ }])
  t.match(judgeMedia({ programs: true, memoryBytes: 0 }), [{ level: 'warning', text: /refused/ }])
  t.match(judgeMedia({ programs: true, memoryBytes: 2 ** 26 }), [{ level: 'warning', text: /only 64 MB/ }])
  t.match(await checkWaiting(), [{ level: 'ok' }])
  t.match(await checkWaiting('/proc'), [{ level: 'warning', todo: /TMPDIR/ }])
})
