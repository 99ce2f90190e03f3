import t from 'tap'
import { GIVEAWAY_KINDS, type GiveawayKind, loadGiveaways } from '../../server/giveaway/index.js'
import { loadTexts } from '../../server/i18n/index.js'

const find = loadGiveaways()
const found = (text: string, kind?: GiveawayKind): string[] =>
  find({ text })
    .giveaways.filter((one) => kind === undefined || one.kind === kind)
    .map((one) => one.text)

const SHOWN: Readonly<Record<GiveawayKind, readonly (readonly [text: string, words: string])[]>> = {
  phone: [
    ['Bel 06-12345678.', '06-12345678'],
    ['tel.0612345678', '0612345678'],
    ['(020) 123 45 67 is van de zaak', '(020) 123 45 67'],
    ['numer 512 345 678', '512 345 678'],
    ['nummer 06 1234567 mist een cijfer', '06 1234567'],
    ['bel nul zes 12345678', 'nul zes 12345678'],
    ['mine, 07911 123456, so', '07911 123456'],
    ['0612-34-56-78', '0612-34-56-78'],
  ],
  email: [
    ['kim.sample@example.org, please', 'kim.sample@example.org'],
    ['noor at voorbeeld dot nl', 'noor at voorbeeld dot nl'],
    ['lee (at) example (dot) com', 'lee (at) example (dot) com'],
    ['piet apenstaartje voorbeeld.nl', 'piet apenstaartje voorbeeld.nl'],
  ],
  iban: [
    ['naar NL91 ABNA 0417 1643 00 morgen', 'NL91 ABNA 0417 1643 00'],
    ['de89370400440532013000', 'de89370400440532013000'],
  ],
  bsn: [
    ['Zij heeft 123456782.', '123456782'],
    ['bsn 123456789 klopt niet', '123456789'],
  ],
  plate: [
    ['Een bus, 12-GB-BX.', '12-GB-BX'],
    ['een busje met 12-gb-bx', '12-gb-bx'],
    ['kenteken ab1234', 'ab1234'],
    ['rej. po1ab23', 'po1ab23'],
    ['een golf 9xyz99', '9xyz99'],
    ['a van ab12cde', 'ab12cde'],
    ['Kennzeichen? kenteken B-XY 4821', 'B-XY 4821'],
  ],
  name: [
    ['Mijn naam is Teun van der Plas.', 'Mijn naam is Teun van der Plas'],
    ['ik heet samira en ik zag het', 'ik heet samira'],
    ['My name is J. Okoro and', 'My name is J. Okoro'],
    ['mă numesc Ana', 'mă numesc Ana'],
    ['ik heet kim de vries en ik', 'ik heet kim de vries'],
    ['hi, kim is my name', 'kim is my name'],
    ['Jan de Vries is mijn naam', 'Jan de Vries is mijn naam'],
    ['kasia to moje imię', 'kasia to moje imię'],
    ['واسمي هدى المنصوري', 'واسمي هدى المنصوري'],
  ],
  relation: [
    ['Mijn oudste dochter ging mee.', 'Mijn oudste dochter'],
    ['a colleague of mine', 'a colleague of mine'],
    ['dat me vriend zegt', 'me vriend'],
    ['Mijn collega Karin Vis zag het', 'Mijn collega Karin Vis'],
    ['szef? Mojego brata nie ma', 'Mojego brata'],
  ],
  place: [
    ['Ik woon aan de Kade 12 en kijk', 'Ik woon aan de Kade 12'],
    ['from my window', 'my window'],
  ],
  act: [
    ['I paid her 20 euros and left', 'I paid her 20 euros'],
    ['Ik heb geen papieren.', 'Ik heb geen papieren'],
    ['i gave her 50', 'i gave her 50'],
    ['my appointment', 'my appointment'],
  ],
  signature: [
    ['Er is iets mis.\nMet vriendelijke groet,\nP. de Wit', 'Met vriendelijke groet,\nP. de Wit'],
    ['Thanks, Omar', 'Thanks, Omar'],
    ['mvg, piet', 'mvg, piet'],
    ['doe er wat aan groetjes kim uit almere', 'groetjes kim uit almere'],
    ['thx - kim', 'thx - kim'],
    ['Regards,\nDr. P. Whit\nTest Clinic', 'Regards,\nDr. P. Whit\nTest Clinic'],
    ['شكرا لكم\nأحمد سالم', 'شكرا لكم\nأحمد سالم'],
  ],
}

for (const kind of GIVEAWAY_KINDS) {
  t.test(`${kind}: found where it stands, to the last character`, async (t) => {
    for (const [text, words] of SHOWN[kind]) t.same(found(text, kind), [words], text)
  })
}

t.test('what is about others, or only looks alike, is no giveaway', async (t) => {
  const calm = [
    'Zij heet Maria en haar baas heet Rico.',
    'His daughter paid 2,500 euros on 03-11-2026 at 22.40.',
    'Advertentie 123456782 en order 123456782, 3-11-2026 02:15.',
    'Hoofdstraat 12-B, 1234 AB, kamer 312, van 9-12 uur.',
    'I called my report important. Ik ben bang. I am Dutch.',
    'Ona pracuje tam codziennie. Ele locuiesc acolo.',
    'We look at example sites. 12-en-13 en 2026-11-03',
    'Thanks. Maria was there later.',
    'Bedankt allemaal. Thanks for reading this. Dziękuję bardzo',
    'Dit is mijn naam niet. He knows what my name is, that is my name.',
    'Ik heb nooit betaald, en ik heb gehoord dat zij een afspraak heeft.',
    'ik woon niet in de buurt. hij stuurde me klanten',
    'one two three four five six seven eight',
  ]
  for (const text of calm) t.same(found(text), [], text)
})

t.test(
  'what hides a number from a machine does not hide it: digits, spaces and marks of any script',
  async (t) => {
    const written = [
      '٠٦١٢٣٤٥٦٧٨',
      '۰۶۱۲۳۴۵۶۷۸',
      '०६१२३४५६७८',
      '０６１２３４５６７８',
      '𝟎𝟔𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖',
      '06\u200b1234\u20605678',
      '\u202e06\u202c 12345678',
      '06\u00a012345678',
      '06–1234–5678',
    ]
    for (const number of written) t.same(found(`bel ${number} nu`, 'phone').length, 1, number)
    t.same(found('MÃ NUMESC Ana. Ma\u0302 numesc Ion.', 'name').length, 2, 'accents in one or two characters')
  },
)

t.test('a finding takes its accents along and splits no character', async (t) => {
  t.same(found('Mijn naam is Noe\u0308', 'name'), ['Mijn naam is Noe\u0308'])
  t.same(found('👩‍👧 ik heet Bo👩‍👧', 'name'), ['ik heet Bo'])
  t.same(found('\ud83d ik heet Bo\ude00', 'name'), ['ik heet Bo'])
})

t.test('where two kinds meet, each word belongs to one of them', async (t) => {
  const { giveaways } = find({ text: 'Ik woon daar met mijn dochter, 06-12345678.' })
  t.same(
    giveaways.map(({ kind, text }) => [kind, text]),
    [
      ['place', 'Ik woon daar met'],
      ['relation', 'mijn dochter'],
      ['phone', '06-12345678'],
    ],
  )
})

t.test('what would be left of a finding without its core is no finding', async (t) => {
  t.same(found('my 0612345678 boss'), ['0612345678'])
})

t.test('fields keep their order and their names', async (t) => {
  const { giveaways, more } = find({ what: 'mijn baas', where: undefined, extra: 'my boss. my boss' })
  t.same(
    giveaways.map(({ field, start, end }) => [field, start, end]),
    [
      ['what', 0, 9],
      ['extra', 0, 7],
      ['extra', 9, 16],
    ],
  )
  t.equal(more, false)
})

t.test('a hundred questions are enough, and it says when there would be more', async (t) => {
  t.match(find({ text: 'mijn baas. '.repeat(100) }), { more: false, giveaways: { length: 100 } })
  t.match(find({ text: 'mijn baas. '.repeat(101) }), { more: true, giveaways: { length: 100 } })
  t.equal(find({ text: 'x'.repeat(50_000) }).more, false)
  const tooLong = find({ text: `${'x'.repeat(50_000)} mijn baas` })
  t.match(tooLong, { more: true, giveaways: { length: 0 } }, 'longer than any field may be')
})

t.test('each kind has a name and a reason in every language of the site', async (t) => {
  const texts = loadTexts()
  for (const { code } of texts.languages) {
    const say = texts.translate(code)
    for (const kind of GIVEAWAY_KINDS) {
      t.ok(say(`giveaway.kind.${kind}`))
      t.match(say(`giveaway.why.${kind}`), /[.?]$/)
    }
  }
})
