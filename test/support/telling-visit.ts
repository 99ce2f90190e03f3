// Noor comes with everything that could tell who she is, and goes every road there is. Each thing has a canary of its
// own, so that a search says what was kept.
import { randomBytes } from 'node:crypto'
import { makeReceiptCode } from '../../server/intake/receipt.js'
import { type Canaries, spellingsOfCode, tellingAddress } from './canaries.js'
import { bombs, dirtyPdf, dirtyPhoto, polyglotPhoto } from './dirty-files.js'
import { type RawAnswer, sendRaw } from './raw-http.js'
import { type Answer, createVisitor, shownCode, type Visitor } from './visitor.js'

/** Where the photograph, its clip and the document say they were made. */
const PLACE_IN_FILES = ['+52.3700+004.8900', '52,22.2N']

export interface Noor {
  /** the same person with the same browser, whose own cookie is gone */
  comeAgain(to?: string): Visitor
  /** all answers on all of her visits */
  answers(): readonly Answer[]
}

/** Noor with headers and an address that nobody else has. */
export function createNoor(site: string, canaries: Canaries): Noor {
  const { make } = canaries
  const [from, throughProxy, real] = [tellingAddress(127), tellingAddress(100), tellingAddress(100)] as const
  canaries.watch('address', from)
  canaries.watch('X-Forwarded-For', throughProxy)
  canaries.watch('X-Real-IP', real)
  const network = [
    '2001',
    'db8',
    ...Array.from({ length: 6 }, () => `f${randomBytes(2).toString('hex').slice(1)}`),
  ]
  canaries.watch('Forwarded', network.join(':'))
  canaries.watch('place in files', ...PLACE_IN_FILES)
  const headers = {
    'user-agent': `Mozilla/5.0 (${make('user agent')}; rv:1) Gecko/1`,
    'accept-language': `${make('language')}, ro;q=0.7`,
    referer: `https://${make('referer')}.example/search?q=${make('search')}`,
    'x-forwarded-for': `${throughProxy}, 10.0.0.1`,
    'x-forwarded-host': make('forwarded host'),
    'x-real-ip': real,
    forwarded: `for="[${network.join(':')}]:4711";by=${make('proxy')};host=${make('host')}`,
    via: `1.1 ${make('via')}`,
    from: `${make('mail')}@mail.example`,
    // A cookie of the name that Baken uses itself, but not from here, and one of somebody else's.
    cookie: `s=${make('old cookie').padEnd(32, '0').slice(0, 32)}; ${make('cookie name')}=${make('cookie value')}`,
    'sec-ch-ua': `"${make('brand')}";v="1"`,
    'sec-ch-ua-model': `"${make('model')}"`,
    dnt: make('dnt'),
    authorization: `Basic ${Buffer.from(`noor:${make('password')}`).toString('base64')}`,
    'x-request-id': make('request id'),
    traceparent: `00-${make('trace')}-01`,
  }
  const visits: Visitor[] = []
  return {
    comeAgain: (to = site) => {
      const visitor = createVisitor(to, { from, headers })
      visits.push(visitor)
      return visitor
    },
    answers: () => visits.flatMap((visit) => visit.answers),
  }
}

/** What she types, each with a canary. */
export function makeWords({ make }: Pick<Canaries, 'make'>) {
  return {
    // Long enough to be compared with other reports.
    words: `Zwarte bestelwagen achter de oude loods bij het kanaal, ${make('words')}`,
    place: `behind ${make('place')}`,
    when: `each night ${make('when')}`,
    municipality: make('municipality'),
    choice: make('choice'),
    tooLong: make('too long').padEnd(2_001, '.'),
    answer: `white ${make('answer')}`,
    added: `and a dent ${make('added words')}`,
  }
}
type Words = ReturnType<typeof makeWords>

/** Her report up to the last click: every kind of page, field and file, and everything that can be refused. */
export async function writeReport(visit: Visitor, canaries: Canaries, words: Words): Promise<string> {
  const { make } = canaries
  for (const path of ['/en/', '/en/signs', '/en/help', '/en/report', '/en/report/danger', '/en/return'])
    await visit.get(path)
  await visit.post('/en/report/who', { vantage: words.choice, [make('field name')]: make('field value') })
  await visit.post('/en/report/danger', { danger: 'no' })
  await visit.post('/en/report/signs', { signs: words.choice })
  await visit.post('/en/report/words', { words: words.words })
  await visit.post('/en/report/where', { municipality: words.municipality, place: words.place })
  await visit.post('/en/report/where', { municipality: 'Utrecht', place: words.place })
  await visit.post('/en/report/when', { when: 'past', whenWords: words.tooLong })
  await visit.post('/en/report/when', { when: 'past', whenWords: words.when })
  await sendFiles(visit, canaries)
  await visit.post('/en/report/code', {})
  await visit.post('/en/report/send', { with_code: 'yes' })
  const code = shownCode((await visit.get('/en/report/code')).body)
  canaries.watch('code', ...spellingsOfCode(code))
  canaries.watch('cookie of the draft', visit.cookie().slice(2))
  await visit.get('/en/report/check')
  return code
}

async function sendFiles(visit: Visitor, { make }: Canaries): Promise<void> {
  const locked = (await bombs()).find(({ reason }) => reason === 'password')?.bytes ?? new Uint8Array()
  await visit.upload('/en/report/files', [
    { name: `${make('name of photo')}.jpg`, bytes: await dirtyPhoto({ canary: make('inside photo') }) },
    { name: `${make('name of document')}.pdf`, bytes: await dirtyPdf({ canary: make('inside document') }) },
  ])
  await visit.upload('/en/report/files', [
    {
      name: `${make('name of text')}.txt`,
      type: `text/${make('kind')}`,
      bytes: Buffer.from(make('inside text')),
    },
    {
      name: `${make('name of locked')}.pdf`,
      bytes: Buffer.concat([locked, Buffer.from(make('inside locked'))]),
    },
    { name: `${make('name of page')}.html`, bytes: await polyglotPhoto(make('inside page')) },
  ])
}

/** Requests that no form of ours makes; gives the answers to those that no browser can make. */
export async function goAstray(visit: Visitor, site: string, { make }: Canaries): Promise<RawAnswer[]> {
  const form = 'application/x-www-form-urlencoded'
  await visit.get(`/en/${make('path')}?${make('query')}`)
  await visit.get(`/en/report/words?${make('query of a page')}`)
  await visit.send('/en/report/words', Buffer.from(`{"words":"${make('JSON')}`), 'application/json')
  await visit.send('/en/report/words', Buffer.from(make('type')), `x/${make('content type')}`)
  await visit.send('/en/report/words', Buffer.from(`words=${make('too much')}${'x'.repeat(3_000_000)}`), form)
  await visit.send(
    '/en/report/files',
    Buffer.from(`--b\r\n${make('cut off')}`),
    'multipart/form-data; boundary=b',
  )
  const requests = [
    `GET /en/%zz${make('damaged path')} HTTP/1.1\r\nHost: ${make('name of host')}\r\n\r\n`,
    `GET /en/${make('broken')} HTTP/1.1\r\nHost: x\r\n${make('damaged header')}\r\n\r\n`,
    `${make('method')} /en/ HTTP/1.1\r\nHost: x\r\n\r\n`,
  ]
  return Promise.all(requests.map((request) => sendRaw(Number(new URL(site).port), request)))
}

/** Tries the doors of the desk. */
export async function knockAtDesk(visit: Visitor, { make }: Canaries): Promise<void> {
  const json = 'application/json'
  await visit.get('/')
  await visit.get(`/${make('path of desk')}?${make('query of desk')}`)
  await visit.send('/sign-in/begin', Buffer.from(JSON.stringify({ name: make('name') })), json)
  await visit.send('/sign-in', Buffer.from(JSON.stringify({ name: make('name'), authentication: 'x' })), json)
  await visit.send('/sign-in', Buffer.from(`{${make('no JSON')}`), json)
}

/** Comes back with a wrong code, one that nobody has, and her own; answers the question, adds words and a file, withdraws. */
export async function comeBack(
  visit: Visitor,
  canaries: Canaries,
  code: string,
  words: Words,
): Promise<void> {
  const unknown = makeReceiptCode(randomBytes)
  canaries.watch('unknown code', ...spellingsOfCode(unknown))
  await visit.post('/en/return', { code: canaries.make('wrong code') })
  await visit.post('/en/return', { code: unknown })
  const page = (await visit.post('/en/return', { code })).body
  canaries.watch('cookie of the mailbox', visit.cookie().slice(2))
  const question = /name="question" value="([^"]+)"/.exec(page)?.[1] ?? ''
  await visit.post('/en/return/messages', { question, answer: words.answer })
  await visit.post('/en/return/add', { words: words.added })
  const photo = await dirtyPhoto({ canary: canaries.make('inside added photo') })
  await visit.upload('/en/return/files', [
    { name: `${canaries.make('name of added photo')}.jpg`, bytes: photo },
    {
      name: `${canaries.make('name of added text')}.txt`,
      bytes: Buffer.from(canaries.make('inside added text')),
    },
  ])
  await visit.post('/en/return/files/send', { go: 'yes' })
  await visit.post('/en/return/withdraw', { go: 'yes' })
}

/** The one page without a cookie: refused once, then received. */
export async function sendOnePage(visit: Visitor, canaries: Canaries, words: Words): Promise<Answer> {
  const { body } = await visit.get('/en/report/all')
  const hidden = (name: string) => new RegExp(`name="${name}" value="([^"]+)"`).exec(body)?.[1] ?? ''
  canaries.watch('code of the one page', ...spellingsOfCode(hidden('code')))
  const kept = {
    token: hidden('token'),
    code: hidden('code'),
    code_proof: hidden('code_proof'),
    written: 'yes',
  }
  canaries.watch('token of the one page', kept.token)
  const photo = await dirtyPhoto({ canary: canaries.make('inside second photo') })
  const file = { name: `${canaries.make('name of second photo')}.jpg`, bytes: photo }
  const { words: text, place } = words
  await visit.upload('/en/report/all', [file], {
    ...kept,
    words: text,
    place,
    municipality: words.municipality,
  })
  return visit.upload('/en/report/all', [file], { ...kept, words: text, place })
}
