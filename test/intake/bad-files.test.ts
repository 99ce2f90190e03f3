// Files that cannot or must not go along: each is named with its reason, and the rest of the report goes on.
import t from 'tap'
import { startApps } from '../support/apps.js'
import { faultsOfErrors, faultsOfPage, faultsOfRefusal } from '../support/calm-page.js'
import { bombs, dirtyPhoto } from '../support/dirty-files.js'
import { createReporter } from '../support/reporter.js'
import { takingAnything } from '../support/taking-anything.js'

const LARGEST = 2 * 1024 * 1024
const REASONS: Record<string, string> = {
  'unknown-kind': 'We cannot safely make this kind of file anew.',
  empty: 'The file is empty.',
  'too-large': 'It is too large.',
  'too-many-pixels': 'The photo is too large to open safely.',
  'too-many-pages': 'The document has too many pages.',
  damaged: 'We could not read it.',
  password: 'It has a password.',
}

const { intake, database, log } = await startApps(t, { maxFileBytes: LARGEST })
const photo = await dirtyPhoto({ width: 64, height: 64 })

const chunks = async () => (await database.owner.query('select from draft_chunk')).rowCount

t.test('every kind of bad file is left out with its reason, on both ways', async (t) => {
  for (const { name, bytes, reason } of await bombs()) {
    for (const path of ['/en/report/files', '/en/report/all']) {
      const noor = createReporter(intake)
      const answer = await noor.upload(path, [{ bytes }], { words: 'the rest goes on' })
      t.match(answer.body, 'File 1 is left out.', `${name} on ${path}`)
      t.match(answer.body, REASONS[reason] ?? 'no such reason', reason)
      t.same(faultsOfPage(answer, 'en'), [])
    }
  }
  t.equal(await chunks(), 0)
})

t.test('a file over the limit is named and left out, and the others go along', async (t) => {
  const large = { bytes: new Uint8Array(LARGEST + 1) }
  const noor = createReporter(intake)
  const answer = await noor.upload('/en/report/files', [{ bytes: photo }, large, { bytes: photo }])
  t.equal(answer.statusCode, 422)
  t.match(answer.body, /File 2 is left out\. It is too large\. Photos and PDF may be up to 2 MB/)
  t.match(answer.body, 'File 2: photo, made anew')
  t.notMatch(answer.body, 'File 3')
})

t.test('a whole album at once: five go along, each of the others is named, no word is lost', async (t) => {
  const { intake } = await startApps(t, { sanitiser: takingAnything() })
  const album = Array.from({ length: 30 }, () => ({ bytes: photo }))
  const noor = createReporter(intake)
  const files = await noor.upload('/en/report/files', album)
  t.match(files.body, 'File 5: photo, made anew')
  t.equal(files.body.match(/There are enough files already/g)?.length, 25)
  t.same(faultsOfPage(files, 'en'), [])
  const page = await createReporter(intake).upload('/en/report/all', album, { words: 'about the album' })
  t.match(page.body, '<h1>Received</h1>')
  t.equal(page.body.match(/There are enough files already/g)?.length, 25)
})

t.test('two uploads at once give five files together, and nothing of the others is kept', async (t) => {
  const { intake, database } = await startApps(t, { sanitiser: takingAnything() })
  const noor = createReporter(intake)
  await noor.post('/en/report/words', { words: 'two tabs' })
  const four = (tab: number) =>
    Array.from({ length: 4 }, () => ({ bytes: Buffer.concat([photo, Buffer.of(tab)]) }))
  await Promise.all([1, 2].map((tab) => noor.upload('/en/report/files', four(tab))))
  const page = (await noor.get('/en/report/files')).body
  t.match(page, 'File 5: photo')
  t.notMatch(page, 'File 6: photo')
  t.equal(page.match(/There are enough files already/g)?.length, 3)
  t.equal((await database.owner.query('select from draft_chunk')).rowCount, 5)
})

t.test('an upload whose owner leaves meanwhile ends quietly and leaves nothing', async (t) => {
  let leave = async (): Promise<unknown> => undefined
  const { intake, database, log } = await startApps(t, { sanitiser: takingAnything(() => leave()) })
  const noor = createReporter(intake)
  await noor.post('/en/report/words', { words: 'she comes in' })
  const cookie = noor.cookie()
  leave = () => intake.inject({ url: '/exit', headers: { cookie } })
  const answer = await noor.upload('/en/report/files', [{ bytes: photo }])
  t.equal(answer.statusCode, 404)
  t.same(faultsOfRefusal(answer, 'en'), [])
  for (const table of ['draft', 'draft_chunk'])
    t.equal((await database.owner.query(`select from ${table}`)).rowCount, 0)
  t.same(log, [])
})

t.test(
  'the page shows each file as it goes along and what was hidden in it; taking it away takes all',
  async (t) => {
    const noor = createReporter(intake)
    const before = (await chunks()) ?? 0
    const shown = await noor.upload('/en/report/files', [{ bytes: await dirtyPhoto() }])
    t.match(shown.body, /<img src="data:image\/jpeg;base64,\/9j\/[^"]+" alt="File 1, as it goes along">/)
    t.match(shown.body, 'Hidden in it, and now gone: the place, the kind of phone or camera')
    t.equal(await chunks(), before + 2)
    const file = /name="file" value="([^"]+)"/.exec(shown.body)?.[1] ?? ''
    await noor.post('/en/report/files/remove', { file })
    t.equal(await chunks(), before)
  },
)

t.test('no file chosen is told at the field', async (t) => {
  const noor = createReporter(intake)
  const answer = await noor.upload('/en/report/files', [{ name: '', bytes: new Uint8Array() }])
  t.equal(answer.statusCode, 422)
  t.same(faultsOfErrors(answer.body), [])
})

t.test('removing a file that is not there, or was never a name of one, changes nothing', async (t) => {
  const noor = createReporter(intake)
  await noor.upload('/en/report/files', [{ bytes: photo }])
  for (const file of [
    '',
    '-'.repeat(36),
    'f'.repeat(36),
    '../x',
    "' or true --",
    '__proto__',
    '\u0000',
    'x'.repeat(9_999),
  ]) {
    const answer = await noor.post('/en/report/files/remove', { file })
    t.equal(answer.statusCode, 200, JSON.stringify(file.slice(0, 40)))
    t.match(answer.body, 'File 1: photo')
  }
})

t.test('what a file is called is shown nowhere', async (t) => {
  const noor = createReporter(intake)
  const name = 'Noor_van_Dam_IMG_2041.jpg'
  const answer = await noor.upload('/en/report/files', [
    { name, bytes: photo },
    { name, bytes: new Uint8Array() },
  ])
  t.notMatch(answer.body, 'Noor_van_Dam')
  t.notMatch((await noor.get('/en/report/check')).body, 'IMG_2041')
})

t.test('none of all this was logged', async (t) => {
  t.same(log, [])
})
