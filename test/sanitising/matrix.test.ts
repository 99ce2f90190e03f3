// The proof that no file carries a trace of its maker: each place of each kind by itself (test/support/matrix).
import type { Matrix3x3 } from 'sharp'
import t from 'tap'
import { FILE_KINDS } from '../../server/report/file-kinds.js'
import { readPicturePdf } from '../../server/report/picture-pdf.js'
import { detectKind } from '../../server/sanitising/detect.js'
import { createSanitiser, type RefusedFile, type StrippedFile } from '../../server/sanitising/index.js'
import { launchBrowser } from '../support/browser.js'
import { CANARY, findCanary, readTagsOf, strangeTags } from '../support/dirty-files.js'
import { sound } from '../support/matrix/ffmpeg.js'
import { MATRIX, type Row, type Shown } from '../support/matrix/index.js'
import { lying } from '../support/matrix/picture.js'
import { type File, seenInBrowser } from '../support/matrix/shown-in-browser.js'

/** What lossy coding makes; a turn, a mirror, swapped colours or another tone make more than 20. */
const FURTHEST_APART = 8

const sanitiser = createSanitiser({ concurrency: 3 })
t.teardown(() => sanitiser.close())
const page = await (await launchBrowser(t)).newPage()

interface Case {
  readonly kind: string
  readonly row: Row
  readonly original: Uint8Array
  readonly outcome: StrippedFile | RefusedFile
}
/** Files as exiftool reads them, started once for all. */
type Tags = ReadonlyMap<Uint8Array, ReadonlyMap<string, string>>

const cases = await Promise.all(
  Object.entries(MATRIX).flatMap(([kind, rows]) =>
    rows.map(async (row): Promise<Case> => {
      const original = await row.make()
      return { kind, row, original, outcome: await sanitiser.sanitise(original) }
    }),
  ),
)
const tags = tagsOf(
  cases.flatMap(({ original, outcome }) => [
    original,
    ...(outcome.kind === 'stripped' ? [outcome.bytes] : []),
  ]),
)

function tagsOf(files: readonly Uint8Array[]): Tags {
  const found = readTagsOf(files)
  return new Map(files.map((file, i) => [file, found[i] ?? new Map()]))
}

function isShown(shown: Shown, bytes: Uint8Array): boolean {
  if ('tag' in shown) return shown.value.test(tags.get(bytes)?.get(shown.tag) ?? '')
  if ('word' in shown) return findCanary(bytes, CANARY).includes(shown.word)
  return Buffer.from(bytes).includes(shown.sign, 0, 'latin1')
}

/** What the desk and the reporter will see or hear. */
function partsOf({ type, bytes, preview }: StrippedFile): File[] {
  const small = { type: 'image/jpeg', bytes: preview }
  if (type === 'audio/webm') return [{ type, bytes }]
  if (type !== 'application/pdf') return [{ type, bytes }, small]
  return [...readPicturePdf(bytes).map(({ jpeg }) => ({ type: 'image/jpeg', bytes: jpeg })), small]
}

t.test('every kind that is taken stands in the matrix, and no other', async (t) => {
  t.same(Object.keys(MATRIX).sort(), [...FILE_KINDS].sort())
  for (const [kind, rows] of Object.entries(MATRIX)) {
    t.ok(rows.length > 0, kind)
    t.equal(new Set(rows.map(({ family }) => family)).size, rows.length, `${kind}: each family once`)
  }
})

t.test('the judge sees a turn, a mirror and swapped colours, and hears other tones', async (t) => {
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
  const backwards = { type: 'audio/wav', bytes: await sound({ ending: 'wav', words: ['-af', 'areverse'] }) }
  for (const seen of [...others, ...(await seenInBrowser(page, [backwards]))])
    t.ok('failed' in seen || Math.max(...seen.apart) > 20, JSON.stringify(seen))
})

for (const kind of FILE_KINDS) {
  t.test(`${kind}: each trace is there, and gone from the file made anew`, async (t) => {
    const ofKind = cases.filter((one) => one.kind === kind)
    const refused = ofKind.filter(({ outcome }) => outcome.kind === 'refused')
    const made = ofKind.flatMap(({ outcome, ...one }) =>
      outcome.kind === 'stripped' ? [{ ...one, file: outcome }] : [],
    )
    const areNone = (these: readonly { readonly row: Row }[], words: string) =>
      t.same(
        these.map(({ row }) => row.family),
        [],
        words,
      )
    areNone(refused, 'none is refused')
    areNone(
      ofKind.filter(({ original }) => detectKind(original) !== kind),
      'all are of this kind',
    )
    areNone(
      ofKind.filter(({ row, original }) => !isShown(row.shown, original)),
      'the trace was there',
    )
    areNone(
      made.filter(({ file }) => strangeTags(tags.get(file.bytes) ?? new Map()).length > 0),
      'exiftool finds structure only',
    )
    areNone(
      made.filter(({ file }) => findCanary(Buffer.concat([file.bytes, file.preview]), CANARY).length > 0),
      'the word is nowhere',
    )
    areNone(
      made.filter(({ row, file }) => isShown(row.shown, file.bytes)),
      'nor what showed the trace',
    )

    const parts = made.map(({ file }) => partsOf(file))
    const seen = await seenInBrowser(page, parts.flat())
    const far = made.flatMap(({ row }, i) => {
      const ofFile = seen.splice(0, parts[i]?.length)
      const strange = ofFile.filter(
        (one) => 'failed' in one || (!row.onlyOpens && Math.max(...one.apart) > FURTHEST_APART),
      )
      return strange.map((one) => `${row.family}: ${JSON.stringify(one)}`)
    })
    t.same(far, [], 'Chromium shows it, upright and in its colours, and plays its tones')

    const untold = made.flatMap(({ row, file }) =>
      (row.told ?? []).filter((told) => !file.hidden.includes(told)).map((told) => `${row.family}: ${told}`),
    )
    t.same(untold, [], 'the reporter is told')
  })
}
