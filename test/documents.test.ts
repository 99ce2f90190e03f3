// Documents drift. What can be compared with the code is compared here.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { intakeSettings, sharedSettings, triageSettings } from '../server/settings.js'
import { find, keysAt, listAt, readYaml } from './support/container-files.js'

const root = fileURLToPath(new URL('../../', import.meta.url))
const text = (path: string): string => readFileSync(join(root, path), 'utf8')

const decisions = readdirSync(join(root, 'docs/decisions')).map((name) => `docs/decisions/${name}`)
const documents = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
  ...decisions,
]

t.test('every file that a document names or shows is there', async (t) => {
  for (const path of documents) {
    const links = [...text(path).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, link = '']) => link)
    const local = links.filter((link) => !/^[a-z]+:/.test(link))
    const missing = local.filter((link) => !existsSync(join(root, dirname(path), link)))
    t.same(missing, [], path)
  }
})

t.test('every npm script and every program that README and CONTRIBUTING tell to run is there', async (t) => {
  const told = text('README.md') + text('CONTRIBUTING.md')
  const { scripts } = JSON.parse(text('package.json')) as { scripts: Record<string, string> }
  for (const [, name = ''] of told.matchAll(/npm (?:run )?(?!ci\b|run\b)([a-z][\w:-]*)/g))
    t.ok(name in scripts, `npm run ${name}`)
  for (const [, path = ''] of told.matchAll(/node ((?:dist|tools)\/[\w/.-]+\.js)/g))
    t.ok(existsSync(join(root, path)), path)
})

t.test('README lists every setting with its default, and none besides', async (t) => {
  const rows = [...text('README.md').matchAll(/^\| `([A-Z_]+)` +\| (.*?) +\|/gm)].map(
    ([, name = '', shown = '']) => [name, shown],
  )
  const known = { ...sharedSettings, ...intakeSettings, ...triageSettings }
  t.same(
    rows.map(([name]) => name).sort(),
    [...Object.keys(known), 'DATABASE_URL', 'DATABASE_URL_FILE'].sort(),
  )
  for (const [name, schema] of Object.entries(known)) {
    const { data } = schema.safeParse(undefined)
    const shown = rows.find(([row]) => row === name)?.[1]
    if (data !== undefined) t.equal(shown, `\`${data}\``, name)
    else t.notMatch(shown, /^`[^`]*`$/, name)
  }
})

t.test('README lists every command of baken, and none besides', async (t) => {
  const section = text('README.md').split('### Commands')[1]?.split('\n## ')[0] ?? ''
  const listed = section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`([a-z -]+)`/g)].map(([, name = '']) => name))
  const source = text('server/cli/baken.ts')
  const known = [...source.matchAll(/^ {2}(?:'([a-z -]+)'|([a-z-]+)): \{$/gm)].map(
    ([, quoted, plain]) => quoted ?? plain,
  )
  t.same(listed.sort(), known.sort())
})

/** Which folders of server/ a file takes from, and which packages. */
function importsOf(path: string): { folders: Set<string>; packages: Set<string> } {
  const folders = new Set<string>()
  const packages = new Set<string>()
  for (const [, from = ''] of text(path).matchAll(/\b(?:from |import |import\()'([^']+)'/g)) {
    if (from.startsWith('.')) {
      const target = relative(join(root, 'server'), join(root, dirname(path), from))
      folders.add((target.split('/')[0] ?? '').replace(/\.js$/, ''))
    } else if (from !== '' && !from.startsWith('node:')) {
      packages.add(/^(@[^/]+\/)?[^/]+/.exec(from)?.[0] ?? from)
    }
  }
  return { folders, packages }
}

t.test('folders import what the table in ARCHITECTURE.md says, no more and no less', async (t) => {
  const rows = [...text('ARCHITECTURE.md').matchAll(/^\| `(\w+)` +\|([^|]*)\|([^|]*)\|$/gm)]
  t.ok(rows.length >= 12)
  for (const [, folder = '', folders = '', packages = ''] of rows) {
    const names = (cell: string) =>
      cell
        .split(',')
        .map((name) => name.trim())
        .filter(Boolean)
    const found = { folders: new Set<string>(), packages: new Set<string>() }
    for (const file of readdirSync(join(root, 'server', folder), { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.ts')) continue
      const own = importsOf(`server/${folder}/${file}`)
      for (const name of own.folders) if (name !== folder) found.folders.add(name)
      for (const name of own.packages) found.packages.add(name)
    }
    t.same([...found.folders].sort(), names(folders).sort(), `${folder}: folders`)
    t.same([...found.packages].sort(), names(packages).sort(), `${folder}: packages`)
  }
})

t.test('documents keep their length: README below 150 lines, a decision below 60', async (t) => {
  const lines = (path: string) => text(path).split('\n').length
  t.ok(lines('README.md') < 150)
  for (const path of decisions) t.ok(lines(path) < 60, path)
})

t.test(
  'each decision says what was asked, chosen, why, at which price, and how we would notice',
  async (t) => {
    for (const [index, path] of decisions.sort().entries()) {
      const number = String(index + 1).padStart(4, '0')
      t.match(path, `docs/decisions/${number}-`, 'numbered without gaps')
      t.match(text(path), new RegExp(`^# ${index + 1}\\. `))
      for (const part of ['**Question.**', '**Choice.**', '**Price.**', '**We would notice it was wrong**'])
        t.match(text(path), part, `${path} has ${part}`)
    }
  },
)

t.test('the decision on dependencies names each of them', async (t) => {
  const { dependencies } = JSON.parse(text('package.json')) as { dependencies: Record<string, string> }
  const table = text('docs/decisions/0016-dependencies.md').split('**Left out.**')[0] ?? ''
  for (const name of Object.keys(dependencies)) {
    const [scope = '', short = ''] = name.split('/')
    t.ok(table.includes(name) || (table.includes(`${scope}/`) && table.includes(short)), name)
  }
})

t.test('the description for catalogues has what the standard asks, in both languages', async (t) => {
  const description = readYaml(join(root, 'publiccode.yml'))
  t.equal(find(description, 'publiccodeYmlVersion'), '0.4')
  t.equal(find(description, 'legal', 'license'), JSON.parse(text('package.json')).license)
  const languages = (JSON.parse(text('locales/languages.json')) as { code: string }[]).map(({ code }) => code)
  t.same(listAt(description, 'localisation', 'availableLanguages'), languages)
  for (const language of keysAt(description, 'description')) {
    const { length } = String(find(description, 'description', language, 'shortDescription'))
    t.ok(length > 0 && length <= 150, language)
    t.ok(String(find(description, 'description', language, 'longDescription')).length >= 150)
    t.ok(listAt(description, 'description', language, 'features').length > 0)
  }
})

t.test('the licence is whole', async (t) => {
  const articles = [...text('LICENSE').matchAll(/^(\d+)\.\S/gm)].map(([, number]) => Number(number))
  t.same(
    articles,
    Array.from({ length: 15 }, (_, i) => i + 1),
  )
  t.match(text('LICENSE'), /^EUROPEAN UNION PUBLIC LICENCE v\. 1\.2/)
  t.match(text('LICENSE'), /Appendix[\s\S]*Compatible Licences/)
})
