// Plain drawings beside sentences: one style, small, nothing in them but lines; every answer has one or is named here.
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { loadDrawings } from '../../server/intake/drawings.js'
import { loadSite } from '../../server/intake/site.js'
import { detailName } from '../../server/report/details.js'

const FOLDER = fileURLToPath(new URL('../../../views/drawings/', import.meta.url))
const MOST_BYTES = 500
const names = readdirSync(FOLDER).map((file) => file.replace(/\.svg$/, ''))

/** What a picture would not make clearer, or would make a caricature of. */
const WITHOUT = [
  ...['consent', 'secondConsent', 'thirdConsent'].flatMap((question) =>
    ['consent', 'nothing', 'pseudonym', 'reason'].map((option) => `people-${question}.${option}`),
  ),
  'know-done.other',
  'who.client',
  'who.sex_worker',
  'signs.s4',
  'signs.s8',
  'signs.l8',
  'signs.c4',
  'signs.c8',
  'signs.c9',
]

const { catalogue, drawings, ...site } = loadSite({
  siteName: 'Baken',
  defaultLanguage: 'nl',
  demonstration: false,
})

/** Everything that can be ticked, with its drawing. */
const rows: (readonly [row: string, drawing: string | null])[] = [
  ...site.forms('nl').map(({ code, drawing }) => [`forms.${code}`, drawing] as const),
  ...catalogue.signs.map(({ id, drawing }) => [`signs.${id}`, drawing] as const),
  ...catalogue.details.flatMap((group) =>
    group.questions.flatMap((question) =>
      question.options.map(({ id, drawing }) => [`${detailName(group, question)}.${id}`, drawing] as const),
    ),
  ),
  ...Object.entries(drawings.choices).flatMap(([step, drawn]) =>
    Object.entries(drawn).map(([choice, drawing]) => [`${step}.${choice}`, drawing] as const),
  ),
]

t.test('every answer has a drawing or is named as one that needs none', async (t) => {
  t.same(rows.flatMap(([row, drawing]) => (drawing === null ? [row] : [])).sort(), WITHOUT.sort())
  t.ok(rows.length > 130)
})

t.test('every drawing is used', async (t) => {
  const used = new Set(rows.map(([, drawing]) => drawing))
  t.same(
    names.filter((name) => !used.has(name)),
    [],
  )
})

t.test(
  'a drawing is one path of lines on the same grid, in few bytes, and no two are the same',
  async (t) => {
    const paths = new Set<string>()
    for (const name of names) {
      const source = readFileSync(join(FOLDER, `${name}.svg`), 'utf8')
      t.ok(source.length <= MOST_BYTES, `${name}: ${source.length} bytes`)
      t.same(
        [...source.matchAll(/<(\w+)/g)].map(([, tag]) => tag),
        ['svg', 'path'],
        name,
      )
      const [, path = ''] = / d="([^"]+)"/.exec(source) ?? []
      t.notMatch(path, /[^MmLlHhVvCcSsAaZz0-9. -]/, name)
      t.notOk(paths.has(path), name)
      paths.add(path)
    }
  },
)

t.test('in a page a drawing is decoration, and asks for nothing', async (t) => {
  for (const name of names) {
    const shown = drawings.draw(name)
    t.match(
      shown,
      /^<svg viewBox="0 0 32 32" aria-hidden="true" focusable="false"( class="turns")?><path d="/,
    )
    t.notMatch(shown, /href|style|url\(|<text|<title|https?:/, name)
  }
  t.equal(drawings.draw(null), '')
})

t.test('the start names a drawing that is not there, and a file that is no drawing', async (t) => {
  t.throws(() => loadDrawings(['person', 'crab']), /there is no crab/)
  const folder = mkdtempSync(join(tmpdir(), 'baken-drawings-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  for (const name of names) copyFileSync(join(FOLDER, `${name}.svg`), join(folder, `${name}.svg`))
  t.doesNotThrow(() => loadDrawings([], folder))
  const good = readFileSync(join(folder, 'person.svg'), 'utf8')
  for (const bad of [
    good.replace('<path', '<script>alert(1)</script><path'),
    good.replace('<path', '<path style="fill:red"'),
    good.replace('<path', '<path onclick="x()"'),
    good.replace('<path', '<a href="https://example.org"/><path'),
    good.replace('<path', '<text>x</text><path'),
    good.replace('<path', '<use href="#x"/><path'),
    good.replace(' d="', ' d="url(x)'),
    good.replace('0 0 32 32', '0 0 24 24'),
    good.replace(' d="', ` d="${'M1 1'.repeat(125)}`),
    '',
  ]) {
    writeFileSync(join(folder, 'person.svg'), bad)
    t.throws(() => loadDrawings([], folder), /drawings\/person\.svg/, bad.slice(150, 230))
  }
})
