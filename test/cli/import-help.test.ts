import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { readHelpFile, type Surroundings } from '../../server/cli/help/read-file.js'
import { listAreaNames } from '../../server/help/areas.js'
import { loadShipped } from '../../server/help/shipped.js'
import { loadTexts } from '../../server/i18n/index.js'
import { loadRegions } from '../../server/regions/index.js'
import { readHelp } from '../../server/storage/help-rows.js'
import { startApps } from '../support/apps.js'
import { baken, bakenJson, ownFolder } from '../support/cli.js'
import { freshDatabase } from '../support/database.js'

const CSV = [
  'type;id;area_level;area_names;phone;kinds;sources;confidence;verified_on;name_nl;name_en;role;name',
  'entry;mma;;;0800-7001;report;politie;A;2026-11-20;;;;',
  'entry;shop-own;municipality;Utrecht|GM0363;030-1234567;advice|talk;"our ""own"" list; page 3";B;2026-11-20;Winkel;Shop;;',
  'coordinator;zuid;police_unit;Limburg;;;letter of the region;A;;;;chain_director;',
].join('\r\n')

/** A file of the test's own. */
async function fileWith(t: Test, content: string | Uint8Array, name = 'help.csv'): Promise<string> {
  const path = join(ownFolder(t), name)
  await writeFile(path, content)
  return path
}

t.test(
  'a file adds and changes rows, which the public site then shows; each leaves an honest line',
  async (t) => {
    const apps = await startApps(t)
    const env = { DATABASE_URL: apps.database.ownerUrl }
    const page = async () => (await apps.intake.inject('/nl/help')).body
    t.match(await page(), '0800-7000')
    const path = await fileWith(t, `\ufeff${CSV}`)

    const dry = await baken(['import-help', path, '--dry-run'], { env })
    t.equal(dry.code, 0, dry.stderr)
    t.match(dry.stdout, '~ entry mma')
    t.match(dry.stdout, 'phone.shown: 0800-7000 -> 0800-7001')
    t.match(dry.stdout, 'verified_on: (empty) -> 2026-11-20')
    t.match(dry.stdout, /\+ entry shop-own\n(.*\n)+\+ coordinator zuid/)
    t.match(dry.stdout, '2 added, 1 changed, 0 unchanged. Nothing was written (--dry-run).')
    t.same(await readHelp(apps.database.owner), { version: 1, entries: [], coordinators: [] })

    const { code, json, stderr } = await bakenJson(['import-help', path], { env })
    t.equal(code, 0, stderr)
    t.match(json, { unchanged: 0, written: true, changed: [{ kind: 'entry', id: 'mma' }] })
    t.match(await page(), '0800-7000', 'no page asks the database')
    t.ok(await apps.lookAtHelp())
    t.match(await page(), '0800-7001')
    t.match(await page(), 'Meld Misdaad Anoniem', 'a column that is left out keeps what stood')
    t.notMatch(await page(), '0800-7000')
    const stored = await readHelp(apps.database.owner)
    t.equal(stored.version, 2)
    t.match(stored.entries[1]?.row, {
      area: { level: 'municipality', names: ['GM0344', 'GM0363'] },
      phone: { shown: '030-1234567', tel: '+31301234567', publish: true },
      sources: ['our "own" list; page 3'],
    })
    t.match(stored.coordinators[0]?.row, { role: 'chain_director', name: null, phone: null })
    const { rows } = await apps.database.owner.query(
      'select member, act, report, help from audit order by help',
    )
    t.same(
      rows,
      ['coordinator/zuid', 'entry/mma', 'entry/shop-own'].map((help) => ({
        member: null,
        act: 'help.imported',
        report: null,
        help,
      })),
    )

    const emptied = await fileWith(t, 'id;website;email\nshop-own;-;\nmma;-;')
    t.match(
      (await baken(['import-help', emptied, '--dry-run'], { env })).stdout,
      /mma\n {4}website: https\S+ -> \(empty\)\n0 added, 1 changed, 1 un/,
    )

    const again = await bakenJson(['import-help', path], { env })
    t.same(again.json, { added: [], changed: [], unchanged: 3, written: true })
    t.equal((await readHelp(apps.database.owner)).version, 2, 'nothing changed: nothing is told')
  },
)

t.test('JSON works too, and can retire a row', async (t) => {
  const apps = await startApps(t)
  const env = { DATABASE_URL: apps.database.ownerUrl }
  const kmar = loadShipped(loadTexts()).entries.find(({ id }) => id === 'kmar')
  const path = await fileWith(t, JSON.stringify({ entries: [{ ...kmar, retired: true }] }), 'help.json')
  const { code, stdout, stderr } = await baken(['import-help', path], { env })
  t.equal(code, 0, stderr)
  t.match(stdout, /~ entry kmar\n {4}retired: false -> true\n0 added, 1 changed/)
  t.match((await apps.intake.inject('/en/help')).body, '0800-1814')
  await apps.lookAtHelp()
  t.notMatch((await apps.intake.inject('/en/help')).body, '0800-1814')
})

t.test('everything wrong is told with its line and column, and then nothing is written', async (t) => {
  const database = await freshDatabase(t)
  const env = { DATABASE_URL: database.ownerUrl }
  const wrong = [
    'id,phone,phone_tel,kinds,sources,website,name_nl,good_to_know_nl,area_level,area_names,hours',
    'good,0800-1234,,talk,here,,Goed,,,,',
    '',
    'bad one,030-1234567,+31301234568,dance,,http://x.example,,,,,',
    '"refuge",,,shelter,here,,Huis,"Kom naar',
    'Dorpsstraat 12",province,Atlantis,sometimes',
    'good,,,talk,here,,Goed,,,,',
    'short,line',
  ].join('\n')
  const path = await fileWith(t, wrong)
  const { code, json, stderr } = await bakenJson(['import-help', path], { env })
  t.equal(code, 3)
  t.match(stderr, 'Nothing was written')
  const told = (json as { problems: { where: string; column: string }[] }).problems.map(
    ({ where, column }) => `${where} ${column}`,
  )
  for (const expected of [
    'line 4 id',
    'line 4 phone_tel',
    'line 4 kinds',
    'line 4 sources',
    'line 4 website',
    'line 5 hours',
    'line 5 good_to_know_nl',
    'line 7 id',
    'line 8 null',
  ])
    t.ok(told.includes(expected), expected)
  t.notOk(told.some((one) => one.startsWith('line 2 ')))
  t.match((await baken(['import-help', path], { env })).stdout, /^line 4: kinds: /m)
  const { rows } = await database.owner.query(
    'select (select count(*) from audit) + (select count(*) from help_entry) as n',
  )
  t.equal(Number(rows[0]?.n), 0)

  for (const [content, says] of [
    [new Uint8Array([0x69, 0x64, 0x0a, 0xff]), /not UTF-8/],
    ['id;nonsense\nx;y', /line 1: nonsense: there is no such column/],
    ['naam\nx', /line 1: id: this column is missing/],
    ['id;id\nx;y', /stands twice/],
    ['id\n"x', /quotes/],
    ['{"entries": 5}', /entries: /],
    ['{', /not JSON/],
  ] as const) {
    const ran = await baken(['import-help', await fileWith(t, content)], { env })
    t.equal(ran.code, 3)
    t.match(ran.stdout, says)
  }
  t.equal((await baken(['import-help'], { env })).code, 2)
  t.equal((await baken(['import-help', '/no/such/file'], { env })).code, 1)
})

const regions = loadRegions()
const { languages } = loadTexts()
const surroundings: Surroundings = {
  languages,
  regions,
  areas: listAreaNames(regions.municipalities),
  current: () => null,
}
const read = (text: string) => readHelpFile(new TextEncoder().encode(text), surroundings)

t.test('whatever the file is, it is read or refused, and never half', async () => {
  const near = fc
    .array(
      fc.constantFrom(
        'id',
        'phone',
        'kinds',
        '"',
        ';',
        ',',
        '\n',
        '\r\n',
        '{',
        'GM0344',
        '|',
        'x',
        ' ',
        '\u0000',
      ),
    )
    .map((parts) => `id;kinds${parts.join('')}`)
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), near), (text) => {
      const { problems, entries, coordinators } = read(text)
      return problems.every(({ message }) => message !== '') && entries.length + coordinators.length < 50
    }),
  )
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => Array.isArray(readHelpFile(bytes, surroundings).problems)),
  )
})

t.test('whatever a cell says is what is read: with any delimiter, quotes, lines and marks', async () => {
  const cell = fc
    .string({ unit: 'grapheme', maxLength: 60 })
    .filter((text) => !text.includes('\0') && !['', '-'].includes(text.trim()))
  fc.assert(
    fc.property(
      cell,
      cell,
      fc.constantFrom(';', ','),
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      (name, text, delimiter, line, mark) => {
        const quote = (value: string) => `"${value.replaceAll('"', '""')}"`
        const rows = [
          ['id', 'kinds', 'sources', 'name_nl', 'whom_nl'],
          ['x', 'advice', 'here', quote(name), quote(text)],
        ]
        const { entries, problems } = read(
          (mark ? '\ufeff' : '') + rows.map((row) => row.join(delimiter)).join(line),
        )
        const told = entries[0]?.row.texts.nl
        return problems.length === 0 && told?.name === name.trim() && told.whom === text.trim()
      },
    ),
  )
})
