// What of a report lies in which part, and who can open it.
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import t from 'tap'
import { parseReport } from '../../server/intake/parse-report.js'
import { sealReport } from '../../server/intake/seal-report.js'
import { loadSite } from '../../server/intake/site.js'
import { packJson } from '../../server/report/envelope.js'
import { asHalfDay } from '../../server/report/half-day.js'
import {
  type Answers,
  headerSchema,
  NO_ANSWERS,
  placeSchema,
  situationSchema,
} from '../../server/report/report.js'
import { FORMS } from '../../server/report/signs.js'
import { createSealer } from '../../server/sealing/index.js'
import { openPart } from '../support/desk.js'
import { gather, inPieces } from '../support/pieces.js'

const sealer = createSealer(1)
t.teardown(() => sealer.close())
const { catalogue } = loadSite({ siteName: 'Baken', defaultLanguage: 'nl', demonstration: false })
const [desk, recovery, stranger] = await Promise.all([1, 2, 3].map(() => generateX25519Identity()))
const keys = { desk: desk ?? '', recovery: recovery ?? '', stranger: stranger ?? '' }
const recipients = [await identityToRecipient(keys.desk), await identityToRecipient(keys.recovery)] as const
const id = '6f1c2a4e-0000-4000-8000-000000000000'

const answers = {
  ...NO_ANSWERS,
  vantage: 'client' as const,
  forms: ['sexual' as const],
  words: 'WORDS canary',
  municipality: 'Amsterdam',
  place: 'PLACE canary',
  whenWords: 'WHEN canary',
}

/** The report sealed; the texts of its sections as the desk reads them. */
async function sealed(over: Partial<Answers> = {}, mailbox: string | null = null) {
  const parsed = parseReport({ ...answers, ...over }, 0, 'nl', catalogue)
  if (parsed.kind === 'errors') throw new Error('the answers are not right')
  let made = 0
  const read = () => inPieces(new Uint8Array([1, 2, 3]), [2])
  const file = { id, type: 'image/png' as const, covered: false, bytes: 3, sha256: '', read }
  const report = await sealReport(
    { report: parsed.report, files: [file] },
    {
      id,
      desk: { id: 'desk', recipients },
      halfDay: asHalfDay('2026-11-23 pm'),
      mailbox,
      details: catalogue.details,
      seal: sealer.seal,
      sealStream: sealer.sealStream,
      randomId: () => `id ${made++}`,
    },
  )
  const texts = new Map<string, string>()
  for (const part of report.sections) {
    const { label, body } = await openPart(keys.desk, part.sealed)
    t.same([label.kind, label.of], [part.kind, id], 'a part says what it is of which report')
    texts.set(part.kind, Buffer.from(body).toString())
  }
  return { report, texts }
}

t.test('each text lies in its own section and in no other one', async (t) => {
  const { texts } = await sealed()
  t.same([...texts.keys()].sort(), ['header', 'offenders', 'place', 'situation', 'source', 'victims'])
  for (const [canary, home] of [
    ['WORDS', 'situation'],
    ['WHEN', 'situation'],
    ['PLACE', 'place'],
  ] as const) {
    const found = [...texts].filter(([, text]) => text.includes(`${canary} canary`)).map(([kind]) => kind)
    t.same(found, [home], canary)
  }
  headerSchema.parse(JSON.parse(texts.get('header') ?? ''))
  situationSchema.parse(JSON.parse(texts.get('situation') ?? ''))
  placeSchema.parse(JSON.parse(texts.get('place') ?? ''))
})

t.test('the desk and its recovery key open every part and file, and nobody else opens one', async (t) => {
  const { report } = await sealed()
  const files = await Promise.all(report.files.map(({ sealed }) => gather(sealed)))
  t.equal(files.length, 1)
  for (const part of [...report.sections.map(({ sealed }) => sealed), ...files]) {
    for (const identity of [keys.desk, keys.recovery]) await openPart(identity, part)
    await t.rejects(openPart(keys.stranger, part))
  }
})

t.test('outside the seal stand four coarse facts, whatever was told', async (t) => {
  const { report } = await sealed()
  const { sections, files, ...clear } = report
  t.same(clear, {
    id,
    desk: 'desk',
    policeUnit: 'Amsterdam',
    urgent: false,
    halfDay: '2026-11-23 pm',
    fileCount: 1,
  })
})

t.test('an empty section and a full one, a tick and a page of text, look alike', async (t) => {
  const sizes = async (words: string) =>
    (await sealed({ words })).report.sections.map((part) => part.sealed.length)
  const [short, long] = [await sizes(''), await sizes('x'.repeat(1_200))]
  t.same(short, long)
  t.equal(new Set(short).size, 1)
})

t.test('the largest header there can be is as large as the smallest, with and without words', async (t) => {
  const least: Answers = { ...NO_ANSWERS, danger: 'yes' }
  const most: Answers = {
    ...NO_ANSWERS,
    ...{ vantage: 'professional', danger: 'unknown', when: 'planned', municipality: 'Utrecht' },
    ...{ forms: [...FORMS], signs: catalogue.signs.map(({ id }) => id) },
  }
  const sizes = new Set<number>()
  for (const words of ['', 'every night a white van stops behind the old shed '.repeat(99)]) {
    for (const over of [least, most]) {
      const { report, texts } = await sealed({ ...over, words }, id)
      sizes.add(report.sections.find(({ kind }) => kind === 'header')?.sealed.length ?? 0)
      const header = headerSchema.parse(JSON.parse(texts.get('header') ?? ''))
      t.equal(header.alike?.by, words ? 'words' : 'answers')
      const language = 'x'.repeat(99)
      t.equal(
        packJson({ kind: 'header', of: id }, { ...header, language }).length,
        2048,
        'whatever the language',
      )
    }
  }
  t.equal(sizes.size, 1)
})
