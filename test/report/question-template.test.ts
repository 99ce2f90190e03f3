import t from 'tap'
import { fillQuestion, type SlotKind, slotsIn, writeSlot } from '../../server/report/question-template.js'

const PLACES = { GM0344: 'Utrecht' }
const write = (kind: SlotKind, value: string, language = 'en') => writeSlot(kind, value, language, PLACES)

t.test('a day is written as people of that language say it', (t) => {
  t.equal(write('day', '2026-11-23'), 'Monday, November 23')
  t.equal(write('day', '2026-11-23', 'nl'), 'maandag 23 november')
  t.equal(write('day', '2028-02-29', 'nl'), 'dinsdag 29 februari')
  t.end()
})

t.test('what is not of its kind is not written', (t) => {
  const wrong: Record<SlotKind, string[]> = {
    day: ['', '23-11-2026', '2026-02-30', '2026-13-01', 'Monday'],
    time: ['', '24:00', '9:30', '12:60', 'noon'],
    plate: ['', '-', 'A', '<b>', 'AB-12-CD-34-EF-56-GH', 'AB.12'],
    municipality: ['', 'Utrecht', 'GM9999', 'constructor', '__proto__'],
    words: ['', ' \n', 'w'.repeat(201)],
  }
  for (const [kind, values] of Object.entries(wrong))
    for (const value of values) t.equal(write(kind as SlotKind, value), null, `${kind} ${value.slice(0, 20)}`)
  t.end()
})

t.test('times, plates, places and own words are written as they are in every language', (t) => {
  const right: [SlotKind, string, string][] = [
    ['time', '21:30', '21:30'],
    ['plate', ' ab-12-cd ', 'AB-12-CD'],
    ['plate', 'жк 123', 'ЖК 123'],
    ['municipality', 'GM0344', 'Utrecht'],
    ['words', ' the van ', 'the van'],
  ]
  for (const [kind, value, written] of right)
    for (const language of ['nl', 'en']) t.equal(write(kind, value, language), written)
  t.end()
})

t.test('each gap is filled with its own value as it is, and one without a value is seen to be empty', (t) => {
  const text = 'Between {from} and {to}, {other}?'
  t.same(slotsIn(text), ['from', 'to', 'other'])
  const values = new Map([
    ['from', '{to}'],
    ['to', '$&'],
  ])
  t.equal(fillQuestion(text, values), 'Between {to} and $&, …?')
  t.end()
})
