// The basic level of a municipality: answered on a page, kept as a file by its owner, loaded again to compare. The site
// itself keeps nothing, and what comes back from somebody's disk is trusted in nothing.
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import t from 'tap'
import { readData } from '../../server/i18n/index.js'
import {
  compareAnswers,
  type FilledList,
  LARGEST_FILE_BYTES,
  LONGEST_NOTE,
  LONGEST_PLACE,
  readList,
  writeList,
} from '../../server/intake/information/basic-level-file.js'
import {
  ANSWERS,
  elementsOf,
  readBasicLevel,
  readBasicLevelTexts,
} from '../../server/intake/information/basic-level-list.js'
import { startApps } from '../support/apps.js'
import { multipartBody } from '../support/reporter.js'
import { invalidHtml } from '../support/valid-html.js'

const MOST_BYTES = 14_336
const IDS = readBasicLevel(readData).elements.map(({ id }) => id)
const LANGUAGES = ['nl', 'en'] as const
const textsOf = (language: string) => readBasicLevelTexts(readData, language)
const apps = await startApps(t, { clock: () => new Date('2026-11-23T23:30:00Z') })

type Fields = Record<string, string>

async function post(fields: Fields, file?: string | Uint8Array, language = 'nl') {
  const bytes = typeof file === 'string' ? Buffer.from(file) : file
  const { body, type } = multipartBody(bytes ? [{ name: 'x.json', bytes }] : [], fields)
  return apps.intake.inject({
    method: 'POST',
    url: `/${language}/basic-level`,
    headers: { 'content-type': type },
    payload: body,
  })
}

/** Every point with this answer. */
const all = (answer: string): Fields => Object.fromEntries(IDS.map((id) => [`answer-${id}`, answer]))

/** What a browser would send of a page's last form: its hidden fields, texts and ticks. */
function formOf(html: string): Fields {
  const fields: Fields = {}
  const attribute = (tag: string, name: string) =>
    unescaped(new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1] ?? '')
  for (const [tag] of html.matchAll(/<input [^>]*>/g)) {
    const type = attribute(tag, 'type')
    if (type === 'file' || (type === 'radio' && !/ checked/.test(tag))) continue
    fields[attribute(tag, 'name')] = attribute(tag, 'value')
  }
  for (const [, name = '', value = ''] of html.matchAll(
    /<textarea [^>]*name="([^"]*)"[^>]*>\n?([\s\S]*?)<\/textarea>/g,
  ))
    fields[name] = unescaped(value)
  return fields
}

function unescaped(text: string): string {
  return text
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&')
}

const answered = (html: string) =>
  Object.fromEntries(Object.entries(formOf(html)).filter(([name]) => /^(answer|note)-/.test(name)))

t.test('the page asks every point in every language and says that nothing is kept', async (t) => {
  for (const language of LANGUAGES) {
    const html = unescaped((await apps.intake.inject(`/${language}/basic-level`)).body)
    const texts = textsOf(language)
    for (const { id, number, question, explanation, evidence } of elementsOf(readData, texts)) {
      t.ok(html.includes(`${number}. ${question}`), `${language} ${id}`)
      t.ok(html.includes(explanation) && html.includes(evidence), `${language} ${id} explains itself`)
      for (const answer of ANSWERS) t.ok(html.includes(`name="answer-${id}" value="${answer}"`))
      t.ok(html.includes(`name="note-${id}"`))
    }
    t.ok(html.includes(texts.privacy))
  }
})

t.test(
  'the result gives next steps for what is open and a plan to print, and no mark for anybody',
  async (t) => {
    for (const language of LANGUAGES) {
      const texts = textsOf(language)
      const [first = '', second = '', third = '', fourth = ''] = IDS
      const fields = { [`answer-${first}`]: 'yes', [`answer-${second}`]: 'partly', [`answer-${third}`]: 'no' }
      const answer = await post({ ...fields, place: 'Dorp', do: 'result' }, undefined, language)
      t.equal(answer.statusCode, 200)
      const html = unescaped(answer.body)
      for (const { id, title, next } of elementsOf(readData, texts)) {
        const steps = id === second ? next.partly : id === third ? next.no : next.unknown
        for (const step of steps) t.equal(html.includes(`<li>${step}</li>`), id !== first, `${id}: ${step}`)
        const plan = html.slice(html.indexOf('class="fill"'))
        t.equal(plan.includes(`role="rowheader">${title}<`), id !== first, `${id} in the plan`)
      }
      t.ok(html.includes(texts.result_caution))
      t.ok(html.includes(texts.yes_next))
      t.ok(html.includes(`${texts.elements[fourth]?.title}: ${texts.no_answer}`))
      t.notMatch(html.slice(html.indexOf('<main')), /\d+ ?(%|punten|points|score)/i)
      t.same(await invalidHtml(answer.body), [])
      t.notOk(answer.headers['set-cookie'])
      t.equal(answer.headers['cache-control'], 'no-store')
    }
  },
)

t.test('a list goes out as a file, comes back a year later, and stands beside the one of now', async (t) => {
  const [first = '', second = '', third = '', fourth = ''] = IDS
  const note = 'Twee regels\nmet "aanhalingstekens", <b> & é 漢 👍'
  const then = {
    [`answer-${first}`]: 'no',
    [`note-${first}`]: note,
    [`answer-${second}`]: 'yes',
    [`answer-${third}`]: 'partly',
  }
  const result = await post({ ...then, date: '3-11-2025', place: "'s-Dorp", do: 'result' })
  const saved = await post({ ...formOf(result.body), do: 'save' })
  t.equal(saved.statusCode, 200)
  t.match(saved.headers['content-type'], 'application/json')
  t.equal(saved.headers['content-disposition'], 'attachment; filename="answers-2025-11-03.json"')
  t.match(saved.json(), { version: 1, date: '2025-11-03', place: "'s-Dorp" })

  const opened = await post({ do: 'open' }, saved.body)
  t.equal(opened.statusCode, 200)
  t.same(answered(opened.body), { ...Object.fromEntries(IDS.map((id) => [`note-${id}`, ''])), ...then })

  const beside = await post({ do: 'with' }, saved.body)
  t.equal(beside.statusCode, 200)
  t.match(unescaped(beside.body), 'Vorige keer: Voor een deel')
  t.match(unescaped(beside.body), '3 november 2025')
  const now = {
    [`answer-${first}`]: 'yes',
    [`answer-${second}`]: 'partly',
    [`answer-${third}`]: 'partly',
    [`answer-${fourth}`]: 'no',
  }
  const compared = await post({ ...formOf(beside.body), ...now, do: 'result' })
  const rows = [
    ...compared.body.matchAll(
      /data-head="Toen">([^<]*)<\/td><td role="cell" data-head="Nu">([^<]*)<\/td><td role="cell" data-head="Verschil">([^<]*)/g,
    ),
  ]
  t.equal(rows.length, IDS.length)
  t.same(
    rows.slice(0, 5).map((row) => row.slice(1)),
    [
      ['Nee', 'Ja', 'Vooruit'],
      ['Ja', 'Voor een deel', 'Terug'],
      ['Voor een deel', 'Voor een deel', 'Gelijk'],
      ['Niet ingevuld', 'Nee', 'Nieuw ingevuld'],
      ['Niet ingevuld', 'Niet ingevuld', 'Niet te vergelijken'],
    ],
  )
  t.same(await invalidHtml(compared.body), [])
  const again = await post({ ...formOf(compared.body), do: 'change' })
  t.match(
    unescaped(again.body),
    'Vorige keer: Voor een deel',
    'the earlier list stays while answers are changed',
  )
  const straight = await post({ ...now, do: 'result' }, saved.body)
  t.match(straight.body, 'Vooruit', 'a file beside the answers is enough')
})

t.test('a file without a date bears the day of the Netherlands, and never a time', async (t) => {
  const saved = await post({ ...all('yes'), do: 'save' })
  t.equal(saved.headers['content-disposition'], 'attachment; filename="answers-2026-11-24.json"')
  t.notMatch(saved.body, /\d{2}:\d{2}/)
})

t.test('a file that cannot be read is told at its field, with everything kept', async (t) => {
  const good = writeList({ place: '', date: '', answers: new Map() })
  const typed = {
    ...all('partly'),
    [`note-${IDS[0]}`]: 'een eigen notitie',
    place: 'Dorp',
    date: '2026-01-02',
  }
  for (const [name, file, says] of [
    ['none', undefined, 'Kies eerst een bestand.'],
    ['empty', '', 'Wij kunnen dit bestand niet lezen.'],
    ['words', 'hello', 'Wij kunnen dit bestand niet lezen.'],
    ['another kind', '{"kind":"x","version":1}', 'Wij kunnen dit bestand niet lezen.'],
    ['an unknown field', good.replace('{', '{"more":1,'), 'Wij kunnen dit bestand niet lezen.'],
    [
      'an unknown answer',
      good.replace('"answers": {', '"answers": {"x":{"answer":"maybe","note":""}'),
      'niet lezen',
    ],
    ['a day that is none', good.replace('"date": ""', '"date": "2026-02-30"'), 'niet lezen'],
    ['bytes that are no text', Uint8Array.of(0xff, 0xfe, 0x00), 'niet lezen'],
    ['a later version', good.replace('"version": 1', '"version": 2'), 'van een andere versie'],
    ['too large', `${good}${' '.repeat(LARGEST_FILE_BYTES)}`, 'te groot'],
  ] as const) {
    for (const act of ['open', 'with']) {
      const answer = await post({ ...typed, do: act }, file)
      t.equal(answer.statusCode, 422, name)
      const html = unescaped(answer.body)
      t.match(html, /<title>[^<]*Vragenlijst/, name)
      t.ok(html.includes(says), `${name}: ${says}`)
      t.match(html, /<a href="#file">/, `${name} leads to the field`)
      t.match(formOf(answer.body), typed, `${name}: everything is kept`)
      if (name === 'words') t.same(await invalidHtml(answer.body), [], name)
    }
  }
  const atResult = await post({ ...typed, 'at-result': 'yes', do: 'result' }, 'hello')
  t.equal(atResult.statusCode, 422)
  t.match(atResult.body, 'Uw uitkomst', 'beside a result the error stays beside the result')
  t.match(formOf(atResult.body), typed)
})

t.test('what is too long or no day is told at its field, with everything kept', async (t) => {
  const [first = ''] = IDS
  for (const [field, value, link] of [
    [`note-${first}`, 'é'.repeat(LONGEST_NOTE + 1), `#note-${first}`],
    ['place', 'x'.repeat(LONGEST_PLACE + 1), '#place'],
    ['date', 'gisteren', '#date'],
    ['date', '31-2-2026', '#date'],
  ] as const) {
    for (const act of ['result', 'save', 'open']) {
      const answer = await post({ ...all('no'), [field]: value, do: act })
      t.equal(answer.statusCode, 422, `${field}, ${act}`)
      t.match(answer.body, `href="${link}"`)
      t.equal(formOf(answer.body)[field], value)
      if (act === 'result') t.same(await invalidHtml(answer.body), [], field)
    }
  }
  for (const date of ['2-1-2026', '02/01/2026', '2026-01-02'])
    t.equal((await post({ date, do: 'save' })).json().date, '2026-01-02', date)
})

t.test('a stranger’s file puts no markup and no hidden letters on the page', async (t) => {
  const [first = ''] = IDS
  const file = JSON.stringify({
    kind: 'basic-level',
    version: 1,
    date: '',
    place: '"><script>alert(1)</script>',
    answers: {
      [first]: { answer: 'no', note: '</textarea><img src=x>\u202e\u0007' },
      __proto__x: { answer: 'yes', note: '' },
    },
  })
  for (const act of ['open', 'with', 'result']) {
    const { body } = await post({ do: act }, file)
    for (const bad of ['<script>alert', '<img', '\u202e', '\u0007'])
      t.notOk(body.includes(bad), `${act}: ${bad}`)
    t.same(await invalidHtml(body), [], act)
  }
})

t.test('nothing of it is logged, kept or put into an address', async (t) => {
  const canary = 'canary-4711'
  const before = apps.log.length
  const answer = await post({ [`note-${IDS[0]}`]: canary, place: canary, do: 'result' })
  t.match(answer.body, canary)
  t.notMatch(JSON.stringify(answer.headers), canary)
  await post({ place: canary.repeat(100), do: 'save' }, canary)
  t.equal(apps.log.length, before)
  const { rows } = await apps.database.owner.query<{ all: string }>(
    `select query_to_xml('select * from draft', true, false, '')::text as all`,
  )
  t.notMatch(rows[0]?.all, canary)
})

t.test('a damaged, endless or crowded form is refused calmly', async (t) => {
  const { body, type } = multipartBody([], { do: 'result' })
  const send = (payload: Buffer | string, contentType: string) =>
    apps.intake.inject({
      method: 'POST',
      url: '/nl/basic-level',
      headers: { 'content-type': contentType },
      payload,
    })
  t.equal((await send(body.subarray(0, body.length - 10), type)).statusCode, 400, 'cut off')
  t.equal((await send('x', 'text/plain')).statusCode, 415)
  const crowd = Object.fromEntries(Array.from({ length: 61 }, (_, i) => [`f${i}`, 'x']))
  t.equal((await post(crowd)).statusCode, 413, 'too many fields')
  t.equal((await post({ place: 'x'.repeat(300_000) })).statusCode, 413, 'too many bytes')
  const plain = await send('do=result&answer-all_forms=yes', 'application/x-www-form-urlencoded')
  t.equal(plain.statusCode, 200, 'a browser that knows no files still gets its result')
})

t.test('every state of it comes within 14,336 bytes, before anybody typed anything', async (t) => {
  const saved = (await post({ ...all('partly'), do: 'save' })).body
  for (const language of LANGUAGES) {
    const states = [
      await post({ ...all('no'), do: 'result' }, saved, language),
      await post({ ...all('no'), do: 'with' }, saved, language),
      await post({ ...all('unknown'), date: 'x', do: 'save' }, undefined, language),
    ]
    for (const { body, headers } of states) {
      const head = Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}\r\n`)
      const bytes = gzipSync(body).length + Buffer.byteLength(head.join(''))
      t.ok(bytes <= MOST_BYTES, `${language}: ${bytes} bytes`)
    }
  }
})

const clean = fc
  .string({ unit: 'grapheme', maxLength: 60 })
  .map((text) => text.replace(/(?!\n)\p{C}|[\u2066-\u2069\u202a-\u202e\ufff9-\ufffb]/gu, '').trim())
const lists: fc.Arbitrary<FilledList> = fc.record(
  {
    place: clean.map((text) => text.slice(0, LONGEST_PLACE).toWellFormed()),
    date: fc.constantFrom('', '2024-02-29', '1999-12-31', '2026-11-23'),
    answers: fc
      .subarray([...IDS])
      .chain((ids) =>
        fc.tuple(
          ...ids.map((id) =>
            fc
              .record({ answer: fc.constantFrom(...ANSWERS, null), note: clean }, { noNullPrototype: true })
              .map((one) => [id, one] as [string, typeof one]),
          ),
        ),
      )
      .map((entries) => new Map(entries)),
  },
  { noNullPrototype: true },
)
const isSound = ({ place, date, answers }: FilledList): boolean =>
  place.length <= LONGEST_PLACE &&
  /^(\d{4}-\d{2}-\d{2})?$/.test(date) &&
  [...answers].every(
    ([id, { answer, note }]) =>
      IDS.includes(id) && (answer === null || ANSWERS.includes(answer)) && note.length <= LONGEST_NOTE,
  )

t.test('any list survives the way to a file and back', async (t) => {
  fc.assert(
    fc.property(lists, (list) => {
      const read = readList(Buffer.from(writeList(list)), IDS)
      return read.kind === 'read' && fc.stringify(read.list) === fc.stringify(list)
    }),
    { numRuns: 300 },
  )
  const fullest: FilledList = {
    place: '𠮷'.repeat(LONGEST_PLACE / 2),
    date: '2026-11-23',
    answers: new Map(
      IDS.map((id) => [id, { answer: 'unknown' as const, note: '\n"'.repeat(LONGEST_NOTE / 2) }]),
    ),
  }
  t.ok(Buffer.byteLength(writeList(fullest)) <= LARGEST_FILE_BYTES, 'the fullest list fits into a file')
  t.same(readList(Buffer.from(writeList(fullest)), IDS), { kind: 'read', list: fullest })
})

t.test('any bytes are a sound list or are refused, and nothing throws', async (t) => {
  const sound = (bytes: Uint8Array): boolean => {
    const read = readList(bytes, IDS)
    return read.kind === 'refused' || isSound(read.list)
  }
  fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), sound), { numRuns: 300 })
  fc.assert(
    fc.property(
      fc.json().map((text) => Buffer.from(text)),
      sound,
    ),
    { numRuns: 300 },
  )
  // Damaged files of ours: bytes replaced, taken out and doubled.
  const damaged = fc
    .tuple(lists, fc.array(fc.tuple(fc.nat(), fc.nat(255), fc.nat(2)), { minLength: 1, maxLength: 4 }))
    .map(([list, changes]) => {
      let bytes = [...Buffer.from(writeList(list))]
      for (const [at, value, how] of changes) {
        const place = at % bytes.length
        if (how === 0) bytes[place] = value
        else
          bytes =
            how === 1
              ? bytes.toSpliced(place, 1)
              : bytes.toSpliced(place, 0, ...bytes.slice(place, place + 9))
      }
      return Uint8Array.from(bytes)
    })
  fc.assert(fc.property(damaged, sound), { numRuns: 500 })
  const nested = Buffer.from('['.repeat(LARGEST_FILE_BYTES))
  t.equal(readList(nested, IDS).kind, 'refused')
  const polluting = writeList({ place: '', date: '', answers: new Map() }).replace(
    '"answers": {',
    '"answers": {"__proto__":{"answer":"yes","note":"x"},"constructor":{"answer":"yes","note":""}',
  )
  const read = readList(Buffer.from(polluting), [...IDS, '__proto__', 'constructor', 'toString'])
  t.ok(read.kind === 'refused' || !read.list.answers.has('toString'))
  t.equal(({} as { note?: string }).note, undefined)
})

t.test('two answers are compared only where both say how far it is', async (t) => {
  t.equal(compareAnswers('no', 'partly'), 'better')
  t.equal(compareAnswers('yes', 'no'), 'worse')
  t.equal(compareAnswers('unknown', 'unknown'), 'same')
  t.equal(compareAnswers('unknown', 'no'), 'new')
  t.equal(compareAnswers(null, 'yes'), 'new')
  t.equal(compareAnswers('yes', 'unknown'), 'unclear')
  t.equal(compareAnswers('yes', null), 'unclear')
})
