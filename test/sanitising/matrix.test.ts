// The proof that no file carries a trace of its maker: each place of each kind by itself (test/support/matrix).
import type { Matrix3x3 } from 'sharp'
import t from 'tap'
import { FILE_KINDS } from '../../server/report/file-kinds.js'
import { readPicturePdf } from '../../server/report/picture-pdf.js'
import { detectKind } from '../../server/sanitising/detect.js'
import { createSanitiser, type StrippedFile } from '../../server/sanitising/index.js'
import { launchBrowser } from '../support/browser.js'
import { CANARY, findCanary, readTagsOf, strangeTags } from '../support/dirty-files.js'
import { MATRIX, type Row, type Shown } from '../support/matrix/index.js'
import { lying } from '../support/matrix/picture.js'
import { type File, seenInBrowser } from '../support/matrix/shown-in-browser.js'

/** Mean difference a channel that lossy coding makes; a turn, a mirror or swapped colours make more than 20. */
const FURTHEST_APART = 8

const sanitiser = createSanitiser({ concurrency: 3 })
t.teardown(() => sanitiser.close())
const page = await (await launchBrowser(t)).newPage()

interface Case {
  readonly row: Row
  readonly original: Uint8Array
  readonly file: StrippedFile
}

function isShown(shown: Shown, bytes: Uint8Array, tags: ReadonlyMap<string, string>): boolean {
  if ('tag' in shown) return shown.value.test(tags.get(shown.tag) ?? '')
  if ('word' in shown) return findCanary(bytes, CANARY).includes(shown.word)
  return Buffer.from(bytes).includes(shown.sign, 0, 'latin1')
}

/** What the desk and the reporter will see or hear. */
function partsOf({ type, bytes, preview }: StrippedFile): File[] {
  const small = { type: 'image/jpeg', bytes: preview }
  if (type !== 'application/pdf') return [{ type, bytes }, small]
  return [...readPicturePdf(bytes).map(({ jpeg }) => ({ type: 'image/jpeg', bytes: jpeg })), small]
}

t.test('every kind that is taken stands in the matrix, and no other', async (t) => {
  t.same(Object.keys(MATRIX).sort(), [...FILE_KINDS].sort())
  for (const [kind, rows] of Object.entries(MATRIX)) {
    t.ok(rows.length > 5, kind)
    t.equal(new Set(rows.map(({ family }) => family)).size, rows.length, `${kind}: each family once`)
  }
})

t.test('the judge of pictures sees a turn, a mirror and swapped colours', async (t) => {
  const upright = await lying()
  const swapped: Matrix3x3 = [
    [0, 1, 0],
    [1, 0, 0],
    [0, 0, 1],
  ]
  const pictures = [
    ...(await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map((orientation) => lying(orientation)))),
    upright.clone().recomb(swapped),
    upright.clone().resize(120, 120, { fit: 'fill' }),
  ]
  const files = pictures.map(async (one) => ({ type: 'image/png', bytes: await one.png().toBuffer() }))
  const [same, ...others] = await seenInBrowser(page, await Promise.all(files))
  t.same(same, { apart: [0, 0, 0] })
  for (const seen of others) t.ok('failed' in seen || Math.max(...seen.apart) > 20, JSON.stringify(seen))
})

for (const kind of FILE_KINDS) {
  t.test(`${kind}: each trace is there, and gone from the file made anew`, async (t) => {
    const rows = MATRIX[kind] ?? []
    const originals = await Promise.all(rows.map(({ make }) => make()))
    const outcomes = await Promise.all(originals.map((original) => sanitiser.sanitise(original)))
    const cases = rows.flatMap((row, i): Case[] => {
      const [original, file] = [originals[i] ?? new Uint8Array(), outcomes[i]]
      if (file?.kind === 'stripped') return [{ row, original, file }]
      t.fail(`${row.family}: ${file?.reason}`)
      return []
    })
    const failing = (fails: (one: Case, index: number) => boolean) =>
      cases.filter(fails).map(({ row }) => row.family)

    const before = readTagsOf(cases.map(({ original }) => original))
    t.same(
      failing(({ original }) => detectKind(original) !== kind),
      [],
      'is of this kind',
    )
    t.same(
      failing(({ row, original }, i) => !isShown(row.shown, original, before[i] ?? new Map())),
      [],
      'the trace was there',
    )

    const after = readTagsOf(cases.map(({ file }) => file.bytes))
    t.same(
      failing((_, i) => strangeTags(after[i] ?? new Map()).length > 0),
      [],
      'exiftool finds structure only',
    )
    t.same(
      failing(({ file }) => [file.bytes, file.preview].some((bytes) => findCanary(bytes, CANARY).length > 0)),
      [],
      'the word is nowhere',
    )
    t.same(
      failing(({ row, file }, i) => isShown(row.shown, file.bytes, after[i] ?? new Map())),
      [],
      'nor what showed the trace',
    )

    const parts = cases.map(({ file }) => partsOf(file))
    const seen = await seenInBrowser(page, parts.flat())
    const far = cases.flatMap(({ row }, i) => {
      const ofCase = seen.splice(0, parts[i]?.length)
      const strange = ofCase.filter((one) => 'failed' in one || Math.max(...one.apart) > FURTHEST_APART)
      return strange.map((one) => `${row.family}: ${JSON.stringify(one)}`)
    })
    t.same(far, [], 'Chromium shows the picture, upright and in its colours')

    const untold = cases.flatMap(({ row, file }) =>
      (row.told ?? []).filter((told) => !file.hidden.includes(told)).map((told) => `${row.family}: ${told}`),
    )
    t.same(untold, [], 'the reporter is told')
  })
}
