// Parts of a file, covered before it is sent: with plain forms, in a report and in a mailbox. What is sealed is black
// there and says so; nothing uncovered is kept; whatever is wrong is told at the field.
import sharp from 'sharp'
import t from 'tap'
import { countRows } from '../../server/intake/cover-page.js'
import { readPicturePdf } from '../../server/report/picture-pdf.js'
import { createSanitiser, type Sanitiser, type StrippedFile } from '../../server/sanitising/index.js'
import { encodeBody } from '../../server/web/encode-body.js'
import { startApps } from '../support/apps.js'
import { faultsOfErrors, faultsOfPage, hiddenValue } from '../support/calm-page.js'
import { openPart } from '../support/desk.js'
import { dirtyPdf, dirtyPhoto } from '../support/dirty-files.js'
import { createReporter } from '../support/reporter.js'
import { sendReport } from '../support/send-report.js'

const MOST_BYTES = 14 * 1024
const sanitiser = createSanitiser()
/** What stands in for parts of it in one test. */
let over: Partial<Sanitiser> = {}
const apps = await startApps(t, {
  sanitiser: {
    sanitise: (...given) => (over.sanitise ?? sanitiser.sanitise)(...given),
    cover: (...given) => (over.cover ?? sanitiser.cover)(...given),
    show: (...given) => (over.show ?? sanitiser.show)(...given),
    close: sanitiser.close,
  },
})
t.afterEach(() => {
  over = {}
})

/** Of a photo of 160 by 240: the upper left quadrant, which is red, in six columns and nine rows. */
const RED = ['0', '1', '2', '6', '7', '8', '12', '13', '14', '18', '19', '20']
const GRID = { page: '1', columns: '6', rows: '9' }

async function begin(bytes?: Uint8Array, list = '/en/report/files') {
  const noor = createReporter(apps.intake)
  if (list.includes('return')) {
    await noor.post('/en/return', { code: await sendReport(apps.intake, { words: 'x', written: 'yes' }) })
  }
  const empty = await chunks()
  const shown = await noor.upload(list, [{ bytes: bytes ?? (await dirtyPhoto()) }])
  return { noor, file: hiddenValue(shown.body, 'file'), empty }
}

async function chunks(): Promise<number> {
  return (await apps.database.owner.query('select from draft_chunk')).rowCount ?? 0
}

/** How bright the red of a pixel is, at a place given in parts of the whole. */
async function red(picture: Uint8Array, across: number, down: number): Promise<number> {
  const { data, info } = await sharp(picture).raw().toBuffer({ resolveWithObject: true })
  const [x, y] = [Math.floor(info.width * across), Math.floor(info.height * down)]
  return data[(y * info.width + x) * info.channels] ?? 999
}

/** The first picture of a page. */
function pictureOf(html: string): Uint8Array {
  return Buffer.from(/data:image\/jpeg;base64,([^"]+)/.exec(html)?.[1] ?? '', 'base64')
}

/** The form with the squares; the one before it changes their size. */
const squaresOf = (html: string): string => html.split('/cover/boxes"')[1] ?? ''

const seen = new Set<string>()

/** The file that was sealed last. */
async function sealedFile(table: 'arrival_part' | 'arrival_addition') {
  const { rows } = await apps.database.owner.query<{ id: string; sealed: Uint8Array }>(
    `select id, sealed from ${table} where kind in ('file', 'added_file')`,
  )
  const last = rows.find(({ id }) => !seen.has(id))
  seen.add(last?.id ?? '')
  return openPart(apps.desk.keys.identity, last?.sealed ?? new Uint8Array())
}

t.test('what is covered is black in the list and in what is sealed, and the record says so', async (t) => {
  for (const [list, send, table] of [
    ['/en/report/files', '/en/report/send', 'arrival_part'],
    ['/en/return/files', '/en/return/files/send', 'arrival_addition'],
  ] as const) {
    const { noor, file } = await begin(undefined, list)
    if (table === 'arrival_part') await noor.post('/en/report/words', { words: 'a photo' })
    const page = await noor.post(`${list}/cover`, { file })
    t.match(page.body, '<h1>Does your own name, your number or your appointment show?</h1>')
    t.same(faultsOfPage(page, 'en'), [])
    t.equal(page.statusCode, 200)
    for (const [name, value] of Object.entries(GRID))
      t.equal(hiddenValue(squaresOf(page.body), name), value, name)
    t.equal(page.body.match(/type="checkbox" name="cell"/g)?.length, 54)
    t.match(page.body, 'value="53" aria-label="row 9, column 6"')
    t.ok((await red(pictureOf(page.body), 0.2, 0.2)) > 150)
    const before = await chunks()
    const listed = await noor.post(`${list}/cover/boxes`, { file, ...GRID, cell: RED })
    t.equal(listed.statusCode, 200)
    t.match(listed.body, 'You covered parts of it.')
    t.ok((await red(pictureOf(listed.body), 0.2, 0.2)) < 10, 'the small picture shows it')
    t.equal(await chunks(), before, 'the file and the picture without boxes are gone')
    t.equal((await noor.get(`${list}/cover`)).headers.location, list, 'and Back leads to the list')
    await noor.post(send, { go: 'yes' })
    const { label, body } = await sealedFile(table)
    t.match(label, { type: 'image/jpeg', record: { made: 'picture-1', covered: true } })
    t.ok((await red(body, 0.2, 0.2)) < 10)
    t.ok((await red(body, 0.75, 0.75)) > 150, 'the rest is as it was')
  }
})

t.test('a file that nobody covered has no such word in its record', async (t) => {
  const { noor } = await begin()
  await noor.post('/en/report/words', { words: 'a photo' })
  await noor.post('/en/report/send', {})
  t.same(Object.keys((await sealedFile('arrival_part')).label.record ?? {}).sort(), ['made', 'sha256'])
})

t.test('of a document one page is chosen and covered, with finer squares when wanted', async (t) => {
  const { noor, file } = await begin(await dirtyPdf())
  const first = await noor.post('/en/report/files/cover', { file })
  t.match(first.body, 'Page 1 of 2')
  const second = await noor.post('/en/report/files/cover', { file, page: '2' })
  t.match(second.body, /value="2" aria-current="true"/)
  t.notSame(pictureOf(first.body), pictureOf(second.body))
  const fine = await noor.post('/en/report/files/cover', { file, page: '2', columns: '12' })
  t.equal(hiddenValue(squaresOf(fine.body), 'rows'), '16')
  t.match(fine.body, 'Larger squares')
  const cell = Array.from({ length: 96 }, (_, i) => String(i))
  const grid = { page: '2', columns: '12', rows: '16' }
  await noor.post('/en/report/files/cover/boxes', { file, ...grid, cell })
  await noor.post('/en/report/words', { words: 'a document' })
  await noor.post('/en/report/send', {})
  const { label, body } = await sealedFile('arrival_part')
  t.match(label.record, { made: 'document-1', covered: true })
  const brightness = await Promise.all(
    readPicturePdf(body).map(async ({ jpeg }) =>
      Math.max(await red(jpeg, 0.2, 0.2), await red(jpeg, 0.8, 0.2), 0),
    ),
  )
  t.ok((brightness[0] ?? 0) > 150, 'the page that was not chosen')
  t.ok((brightness[1] ?? 999) < 10)
})

t.test('squares are never too small to hit on a telephone, whatever the shape of the picture', async (t) => {
  /** What is left of 360 pixels; pictures are drawn at least 44 pixels high. */
  const wide = 360 - 2 * 17
  for (const [width, height] of [
    [2560, 3],
    [2560, 400],
    [2560, 1920],
    [1000, 1000],
    [1920, 2560],
    [1181, 2560],
    [40, 2560],
  ] as const) {
    for (const columns of [6, 12]) {
      const high = Math.max(44, (wide * height) / width) / countRows({ width, height }, columns)
      t.ok(high >= 24 && wide / columns >= 24, `${width} by ${height}, ${columns} columns`)
    }
  }
})

t.test('covering is done again on what was covered, and a second click loses nothing', async (t) => {
  const { noor, file } = await begin()
  const cover = (cell: string[]) => noor.postOnly('/en/report/files/cover/boxes', { file, ...GRID, cell })
  const before = await chunks()
  // A double click, and a tab that was left open: all of them name the file as it was.
  const answers = await Promise.all([cover(RED), cover(RED), cover(['53'])])
  t.same(
    answers.map(({ statusCode, headers }) => [statusCode, headers.location]),
    answers.map(() => [303, '/en/report/files']),
  )
  const page = await noor.get('/en/report/files')
  t.equal(page.statusCode, 200)
  t.ok((await red(pictureOf(page.body), 0.2, 0.2)) < 10)
  t.ok((await red(pictureOf(page.body), 0.97, 0.97)) < 10)
  t.equal(await chunks(), before)
})

t.test('what is wrong with the squares is told at them, and what was ticked stays', async (t) => {
  const shown = { kind: 'shown', jpeg: new Uint8Array(1), width: 160, height: 240 } as const
  over = { show: async () => shown }
  const { noor, file } = await begin()
  const boxes = '/en/report/files/cover/boxes'
  const none = await noor.post(boxes, { file, ...GRID })
  t.equal(none.statusCode, 422)
  t.match(none.body, 'You have not ticked a square yet.')
  t.same(faultsOfErrors(none.body), [])
  t.same(faultsOfPage(none, 'en'), [])
  for (const wrong of [
    { cell: ['54'] },
    { cell: ['-1'] },
    { cell: ['1e1'] },
    { cell: ['0', ''] },
    { cell: RED, rows: '99' },
    { cell: RED, rows: '0' },
    { cell: RED, columns: '7' },
    { cell: RED, columns: '' },
  ]) {
    const page = await noor.post(boxes, { file, ...GRID, ...wrong })
    t.equal(page.statusCode, 422)
    t.match(page.body, 'Those squares do not belong to this picture', JSON.stringify(wrong))
    t.same(faultsOfErrors(page.body), [])
  }
  const failed = await noor.post(boxes, { file, ...GRID, page: '7', cell: ['3', '5'] })
  t.equal(failed.statusCode, 422)
  t.match(failed.body, 'It did not work. Nothing has been covered.')
  t.same(
    [...failed.body.matchAll(/value="(\d+)" checked/g)].map(([, cell]) => cell),
    ['3', '5'],
  )
  t.notMatch((await noor.get('/en/report/files')).body, 'You covered parts of it')
})

t.test('a file that is gone, or cannot be covered, is told at the list of files', async (t) => {
  const { noor, file, empty } = await begin()
  await noor.post('/en/report/files/cover', { file })
  await noor.post('/en/report/files/remove', { file })
  for (const [path, fields] of [
    ['/en/report/files/cover', {}],
    ['/en/report/files/cover/boxes', { ...GRID, cell: RED }],
    ['/en/report/files/cover/boxes', GRID],
  ] as const) {
    const page = await noor.post(path, { file, ...fields })
    t.equal(page.statusCode, 422)
    t.match(page.body, 'That file is not here any more.')
    t.same(faultsOfErrors(page.body), [])
  }
  t.equal((await noor.get('/en/report/files/cover')).headers.location, '/en/report/files')
  t.equal(await chunks(), empty)
})

t.test('sound and video have no such button, and asking for it all the same is refused', async (t) => {
  const sanitise: Sanitiser['sanitise'] = async () =>
    ({
      ...{ kind: 'stripped', type: 'audio/webm', bytes: new Uint8Array(9), width: 0, height: 0, pages: 1 },
      ...{ preview: new Uint8Array(), hidden: [] },
    }) as unknown as StrippedFile
  over = { sanitise }
  const { noor, file } = await begin()
  t.notMatch((await noor.get('/en/report/files')).body, /Cover parts|your appointment/)
  const page = await noor.post('/en/report/files/cover', { file })
  t.equal(page.statusCode, 422)
  t.match(page.body, 'Parts of this kind of file cannot be covered.')
  t.same(faultsOfErrors(page.body), [])
})

t.test('a picture that cannot be shown at this moment says so and keeps the way back', async (t) => {
  const show: Sanitiser['show'] = async () => ({ kind: 'refused', reason: 'took-too-long' })
  over = { show }
  const { noor, file } = await begin()
  const page = await noor.post('/en/report/files/cover', { file })
  t.equal(page.statusCode, 422)
  t.match(page.body, 'It did not work.')
  t.same(faultsOfPage(page, 'en'), [])
})

t.test('without a draft or a mailbox there is nothing to cover, and none is begun', async (t) => {
  const { intake, database } = apps
  const drafts = async () => (await database.owner.query('select from draft')).rowCount
  const before = await drafts()
  const stranger = createReporter(intake)
  for (const list of ['/en/report/files', '/en/return/files']) {
    for (const path of ['/cover', '/cover/boxes']) {
      const answer = await stranger.post(list + path, { file: 'x', ...GRID, cell: RED })
      t.equal(answer.statusCode, 404, list + path)
      t.match(answer.body, 'There is nothing here any more')
      t.ok([303, 404].includes((await stranger.get(list + path)).statusCode))
    }
  }
  t.equal(stranger.cookie(), '')
  t.equal(await drafts(), before)
})

t.test('a reporter who leaves while a part is being covered leaves nothing behind', async (t) => {
  let leave = async (): Promise<unknown> => undefined
  const cover: Sanitiser['cover'] = async (...given) => {
    await leave()
    return sanitiser.cover(...given)
  }
  over = { cover }
  const { noor, file, empty } = await begin()
  const otherTab = createReporter(apps.intake, { cookie: noor.cookie() })
  const post = (name: string) => noor.post('/en/report/files/cover/boxes', { file: name, ...GRID, cell: RED })
  leave = () => otherTab.post('/en/report/files/remove', { file })
  t.match((await post(file)).body, 'That file is not here any more.')
  t.equal(await chunks(), empty)
  leave = () => otherTab.get('/exit')
  const again = await noor.upload('/en/report/files', [{ bytes: await dirtyPhoto() }])
  t.equal((await post(hiddenValue(again.body, 'file'))).statusCode, 404)
  t.equal(await chunks(), empty)
  t.same(apps.log, [])
})

t.test(
  'the page alone has its own style and script, is not kept, and is light but for its picture',
  async (t) => {
    const { noor, file } = await begin()
    await noor.post('/en/report/files/cover', { file, columns: '12' })
    const page = await noor.get('/en/report/files/cover')
    const hashes = ({ headers }: typeof page) =>
      String(headers['content-security-policy']).match(/'sha256-[^']+'/g)?.length
    t.equal(hashes(page), 4)
    t.equal(hashes(await noor.get('/en/report/files')), 2)
    t.notMatch(page.headers['content-security-policy'], 'unsafe')
    t.equal(page.headers['cache-control'], 'no-store')
    t.equal(page.body.match(/name="cell"/g)?.length, 12 * 16)
    const head = Object.entries(page.headers).map(([name, value]) => `${name}: ${String(value)}\r\n`)
    for (const encoding of ['br', 'gzip'] as const) {
      const html = page.body.replace(/base64,[^"]+/, 'base64,')
      const bytes = (await encodeBody(html, encoding, false)).length + head.join('').length
      t.ok(bytes <= MOST_BYTES, `${encoding}: ${bytes} bytes`)
    }
  },
)
