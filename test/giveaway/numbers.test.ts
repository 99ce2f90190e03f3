import fc from 'fast-check'
import t from 'tap'
import { passesElevenTest } from '../../server/giveaway/find-numbers.js'
import { fold } from '../../server/giveaway/fold.js'
import { loadGiveaways } from '../../server/giveaway/index.js'

const find = loadGiveaways()
const found = (text: string) => find({ text }).giveaways.map(({ kind, text }) => `${kind} ${text}`)

t.test('the eleven-test passes what the tax office would give out', async (t) => {
  for (const number of ['111222333', '123456782', '999999990', '10000008', '010000008'])
    t.equal(passesElevenTest(number), true, number)
  for (const number of ['123456789', '111222334', '000000000', '', '12345678a', '1234567820'])
    t.equal(passesElevenTest(number), false, number)
})

t.test('one wrong digit never passes the eleven-test', async () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 1, max: 9 }), (at, by) => {
      const digits = [...'123456782'].map(Number)
      digits[at] = ((digits[at] ?? 0) + by) % 10
      return !passesElevenTest(digits.join(''))
    }),
  )
})

t.test('an account number ends where its country says', async (t) => {
  t.same(found('NL91ABNA0417164300'), ['iban NL91ABNA0417164300'])
  t.same(found('NL91 ABNA 0417 1643 00 op naam van hem'), ['iban NL91 ABNA 0417 1643 00'])
  t.same(found('BE68-5390-0754-7034.'), ['iban BE68-5390-0754-7034'])
  t.same(found('NL92ABNA0417164300'), ['iban NL92ABNA0417164300'], 'mistyped')
  for (const text of [
    'NL91ABNA04171643001',
    'XNL91ABNA0417164300',
    'ZZ91ABNA0417164300',
    'NL91ABN10417164300',
  ])
    t.notMatch(found(text).join(), /iban/, text)
})

t.test('every sidecode of the Dutch vehicle authority is a plate when it has its dashes', async (t) => {
  const plates =
    'KL-12-34 12-34-KL 12-KL-34 KL-12-MN KL-MN-12 12-KL-MN 12-KLM-3 1-KLM-23 KL-123-M K-123-LM KLM-12-N K-12-LMN 1-KL-234 123-KL-4'
  for (const plate of plates.split(' ')) t.same(found(`de bus ${plate} stond er`), [`plate ${plate}`], plate)
})

t.test('without dashes only the forms that are nothing else, unless a word says it is a plate', async (t) => {
  t.same(found('de bus KL123M stond er'), ['plate KL123M'])
  t.same(found('postcode 1234KL'), [])
  t.same(found('kenteken 1234KL'), ['plate 1234KL'])
  t.same(found('de maat AB12CD'), [])
  t.same(found('tussen 12-en-13 man'), [])
  t.same(found('kenteken 12-en-13'), ['plate 12-en-13'])
  t.same(found('een foto, IMG123, KLM12 en A4'), [])
})

t.test('nine digits with another name are no personal number', async (t) => {
  t.same(found('order 123456782'), [])
  t.same(found('zij heeft 123456782'), ['bsn 123456782'])
  t.same(found('het kost 1.234.567,82 of +123456782'), [])
})

t.test('a date with a time is no telephone number', async (t) => {
  for (const text of [
    '03-11-2026 02:15',
    'bel mij, 03.11.2026 14 uur',
    '2026-11-03 0612',
    '01/02/26 10 mannen',
  ])
    t.same(found(text), [], text)
})

t.test('two numbers after each other are two', async (t) => {
  t.same(found('06-12345678 06-87654321'), ['phone 06-12345678', 'phone 06-87654321'])
})

t.test('every decimal digit of Unicode folds to its value', async (t) => {
  let blocks = 0
  for (let code = 0; code < 0x20000; code++) {
    const character = String.fromCodePoint(code)
    if (!/^\p{Nd}$/u.test(character)) continue
    const digits = Array.from({ length: 10 }, (_, i) => String.fromCodePoint(code + i)).join('')
    t.equal(fold(digits).plain, '0123456789', `U+${code.toString(16)}`)
    code += 9
    blocks++
  }
  t.ok(blocks > 50)
})
