import t from 'tap'
import { loadHelp } from '../../server/help/directory.js'
import { loadTexts } from '../../server/i18n/index.js'
import { alteredTexts } from '../support/altered-texts.js'

const texts = loadTexts()
const help = loadHelp(texts)

t.test('every language has the same organisations, each with a source and a way to reach it', async (t) => {
  const ids = texts.languages.map(({ code }) => help(code).map(({ id }) => id))
  for (const own of ids) t.same(own, ids[0])
  t.equal(new Set(ids[0]).size, ids[0]?.length, 'none stands twice')
  for (const { id, phone, website, source } of help('nl')) {
    t.ok(phone !== null || website !== null, `${id} can be reached`)
    t.ok(source, id)
  }
})

t.test('a number that is dialled is the number that is read', async (t) => {
  for (const { id, phone, tel } of help('nl')) {
    t.equal(phone === null, tel === null, id)
    if (phone === null || tel === null) continue
    t.match(tel, /^\+?\d{3,15}$/, id)
    const national = (number: string) => number.replace(/\D/g, '').replace(/^(0031|31|0)(?=\d{4})/, '')
    t.equal(national(tel), national(phone.replace('(0)', '')), `${id}: ${phone}`)
  }
})

t.test('the numbers that stand on pages of failures are there', async (t) => {
  const ids = help('nl').map(({ id }) => id)
  for (const id of ['emergency', 'mma', 'comensha']) t.ok(ids.includes(id), id)
})

t.test('what is not to be published is shown nowhere, and needs no text', async (t) => {
  const altered = await alteredTexts(t)
  await altered.change('help-directory.json', (json) =>
    JSON.stringify(
      (JSON.parse(json) as { id: string }[]).map((row) =>
        row.id === 'mma' ? { ...row, id: 'x', publish: false } : row,
      ),
    ),
  )
  const i18n = await altered.load<{ loadTexts: typeof loadTexts }>('i18n/index.js')
  const directory = await altered.load<{ loadHelp: typeof loadHelp }>('help/directory.js')
  const rows = directory.loadHelp(i18n.loadTexts())('nl')
  t.equal(rows.length, help('nl').length - 1)
  t.notOk(rows.some(({ id }) => id === 'mma' || id === 'x'))
})

t.test('an organisation without a text or without a source stops the start', async (t) => {
  for (const [edit, message] of [
    [(json: string) => json.replace('"id": "mma"', '"id": "unheard-of"'), 'no help text for unheard-of'],
    [(json: string) => json.replace(/"source": "[^"]+"/, '"source": ""'), /source/],
  ] as const) {
    const altered = await alteredTexts(t)
    await altered.change('help-directory.json', edit)
    const i18n = await altered.load<{ loadTexts: typeof loadTexts }>('i18n/index.js')
    const directory = await altered.load<{ loadHelp: typeof loadHelp }>('help/directory.js')
    t.throws(() => directory.loadHelp(i18n.loadTexts()), { message })
  }
})
