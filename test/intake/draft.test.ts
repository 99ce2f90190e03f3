// What somebody typed and did not send yet: only their browser opens it, nothing of it is lost while they go on, and
// nothing of it stays when they leave.
import { createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'
import t from 'tap'
import type { Situation } from '../../server/report/report.js'
import { startApps, type TestApps } from '../support/apps.js'
import { faultsOfRefusal } from '../support/calm-page.js'
import { openPart } from '../support/desk.js'
import { createReporter } from '../support/reporter.js'
import { countRows, openSections } from '../support/stored-reports.js'
import { takingAnything } from '../support/taking-anything.js'

const ANSWERS: readonly (readonly [
  step: string,
  fields: Record<string, string | string[]>,
  shown: string,
])[] = [
  ['who', { vantage: 'client' }, 'value="client" checked'],
  ['danger', { danger: 'no' }, 'value="no" checked'],
  ['what', { forms: ['labour', 'organ'] }, 'value="organ" checked'],
  ['signs', { signs: ['l1', 'l2'] }, 'value="l2" checked'],
  ['words', { words: 'a van & "more"' }, 'a van &amp; &quot;more&quot;'],
  ['where', { municipality: 'Delft', place: 'by the water' }, 'by the water'],
  ['when', { when: 'past', whenWords: 'in spring' }, 'in spring'],
]
const photo = { bytes: randomBytes(3_000) }

/** One of the rounds of ten minutes in which drafts age. */
async function sweep({ database, intakeStorage }: TestApps): Promise<void> {
  await database.owner.query(`update maintenance set last_run = now() - interval '11 minutes'`)
  await intakeStorage.sweep()
}

t.test('looking begins nothing: no cookie and no draft until something is sent', async (t) => {
  const { intake, database } = await startApps(t)
  const steps = ['', '/who', '/words', '/files', '/check', '/code', '/received', '/all', '/send', '/nowhere']
  const paths = [
    ...steps.map((step) => `/en/report${step}`),
    '/en/',
    '/en/return',
    '/en/return/messages',
    '/exit',
    '/',
  ]
  for (const url of paths) {
    const answer = await intake.inject({ url })
    t.notOk(String(answer.headers['set-cookie'] ?? '').includes('s=A'), url)
    if (url !== '/exit') t.notOk(answer.headers['set-cookie'], url)
  }
  t.equal(await countRows(database.owner, 'draft'), 0)
  await intake.inject({ method: 'POST', url: '/en/report/danger', payload: { danger: 'no' } })
  t.equal(await countRows(database.owner, 'draft'), 0, 'nor when it cannot be read')
  await createReporter(intake).post('/en/report/danger', { danger: 'no' })
  t.equal(await countRows(database.owner, 'draft'), 1)
})

t.test('the cookie is one for the session that no script reads and no other site sends', async (t) => {
  for (const secure of [false, true]) {
    const { intake } = await startApps(t, { secure })
    const answer = await createReporter(intake).postOnly('/en/report/danger', { danger: 'no' })
    const [cookie = '', ...others] = [answer.headers['set-cookie'] ?? []].flat()
    t.same(others, [])
    const name = secure ? '__Host-s' : 's'
    t.match(cookie, new RegExp(`^${name}=[\\w-]{32}; `))
    const attributes = cookie.split('; ').slice(1).sort()
    t.same(attributes, ['HttpOnly', 'Path=/', 'SameSite=Strict', ...(secure ? ['Secure'] : [])])
    t.notOk((await createReporter(intake).get('/en/help')).headers['set-cookie'])
  }
})

t.test('every earlier question shows what was answered, in any language, also after Back', async (t) => {
  const { intake } = await startApps(t)
  const noor = createReporter(intake)
  for (const [step, fields] of ANSWERS) await noor.post(`/nl/report/${step}`, fields)
  for (const language of ['nl', 'en']) {
    for (const [step, , shown] of ANSWERS) {
      const answer = await noor.get(`/${language}/report/${step}`)
      t.equal(answer.statusCode, 200)
      t.ok(answer.body.includes(shown), `${language} ${step}`)
    }
    t.match((await noor.get(`/${language}/report/check`)).body, 'by the water')
  }
  await noor.post('/en/report/words', { words: 'told better' })
  t.match((await noor.get('/nl/report/words')).body, 'told better', 'changed in the other language')
})

t.test(
  'seven tabs that answer seven questions at once lose nothing, and a file comes in meanwhile',
  async (t) => {
    const { intake } = await startApps(t, { sanitiser: takingAnything() })
    const noor = createReporter(intake)
    await noor.postOnly('/en/report/who', { vantage: 'other' })
    await Promise.all([
      ...ANSWERS.map(([step, fields]) => noor.postOnly(`/en/report/${step}`, fields)),
      noor.upload('/en/report/files', [photo, photo]),
    ])
    for (const [step, , shown] of ANSWERS) {
      t.ok((await noor.get(`/en/report/${step}`)).body.includes(shown), step)
    }
    t.match((await noor.get('/en/report/files')).body, 'File 2: photo')
  },
)

t.test('what lies in the database is opened by the cookie and by nothing that lies there', async (t) => {
  const { intake, database } = await startApps(t, { sanitiser: takingAnything() })
  const noor = createReporter(intake)
  await noor.post('/en/report/words', { words: 'canary words' })
  await noor.upload('/en/report/files', [{ bytes: Buffer.from('canary file'.repeat(99)) }])
  const { rows } = await database.owner.query(
    'select d.key, d.body, c.body as piece from draft d join draft_chunk c using (key)',
  )
  const { key, body, piece } = rows[0] as Record<'key' | 'body' | 'piece', Buffer>
  const token = noor.cookie().split('=')[1] ?? ''
  t.same(key, createHash('sha256').update(token).digest())
  for (const bytes of [body, piece]) t.notOk(bytes.includes('canary'))

  const derive = (from: string | Buffer) =>
    Buffer.from(hkdfSync('sha256', from, '', 'baken draft content', 32))
  const open = (secret: Buffer): string => {
    const decipher = createDecipheriv('aes-256-gcm', secret, body.subarray(0, 12)).setAAD(
      Buffer.from('draft'),
    )
    decipher.setAuthTag(body.subarray(-16))
    return Buffer.concat([decipher.update(body.subarray(12, -16)), decipher.final()]).toString()
  }
  t.match(open(derive(token)), 'canary words', 'the cookie opens it')
  for (const secret of [key, derive(key), derive(key.toString('hex')), derive(key.toString('base64url'))]) {
    t.throws(() => open(secret), 'the key of the row does not')
  }
})

t.test('one browser never gets what another one typed, not even when rows change places', async (t) => {
  const { intake, database } = await startApps(t)
  const [noor, max] = [createReporter(intake), createReporter(intake)]
  await noor.post('/en/report/words', { words: 'of Noor' })
  await max.post('/en/report/words', { words: 'of Max' })
  for (const cookie of [
    's=',
    's=x',
    `s=${'A'.repeat(32)}`,
    `s=${'A'.repeat(33)}`,
    "s=' or true --",
    's=%00',
  ]) {
    const answer = await intake.inject({ url: '/en/report/words', headers: { cookie } })
    t.equal(answer.statusCode, 404, cookie)
    t.notMatch(answer.body, /of (Noor|Max)/)
  }
  await database.owner.query('update draft d set body = o.body from draft o where o.key <> d.key')
  for (const reporter of [noor, max])
    t.notMatch((await reporter.get('/en/report/words')).body, /of (Noor|Max)/)
})

t.test('the way out takes the draft and its files away and forgets the cookie', async (t) => {
  const { intake, database } = await startApps(t, { sanitiser: takingAnything() })
  const noor = createReporter(intake)
  await noor.upload('/en/report/files', [photo])
  const cookie = noor.cookie()
  const exit = await noor.get('/exit')
  t.equal(exit.statusCode, 303)
  t.equal(exit.headers.location, 'https://weather.example/')
  t.equal(noor.cookie(), '')
  for (const table of ['draft', 'draft_chunk']) t.equal(await countRows(database.owner, table), 0)
  t.equal((await intake.inject({ url: '/en/report/files', headers: { cookie } })).statusCode, 404)
})

t.test('removing a file takes its pieces away, and only those', async (t) => {
  const { intake, database } = await startApps(t, { sanitiser: takingAnything() })
  const noor = createReporter(intake)
  const page = await noor.upload('/en/report/files', [{ bytes: randomBytes(2_500_000) }, photo])
  t.equal(await countRows(database.owner, 'draft_chunk'), 4)
  const first = /name="file" value="([^"]+)"/.exec(page.body)?.[1] ?? ''
  const after = await noor.post('/en/report/files/remove', { file: first })
  t.match(after.body, 'File 1: photo')
  t.notMatch(after.body, 'File 2')
  t.equal(await countRows(database.owner, 'draft_chunk'), 1)
})

t.test(
  'a draft goes about an hour after the last action, whatever is only looked at counts too',
  async (t) => {
    const apps = await startApps(t, { sanitiser: takingAnything() })
    const noor = createReporter(apps.intake)
    await noor.upload('/en/report/files', [photo], { words: 'x' })
    for (let round = 0; round < 5; round++) await sweep(apps)
    t.equal((await noor.get('/en/report/files')).statusCode, 200, 'after fifty minutes it is there')
    for (let round = 0; round < 5; round++) await sweep(apps)
    t.equal(await countRows(apps.database.owner, 'draft'), 1)
    await sweep(apps)
    for (const table of ['draft', 'draft_chunk']) t.equal(await countRows(apps.database.owner, table), 0)
    t.equal((await noor.get('/en/report/files')).statusCode, 404)
  },
)

t.test('any number of processes that sweep age a draft once in ten minutes', async (t) => {
  const { intake, database, intakeStorage, triageStorage } = await startApps(t)
  await createReporter(intake).post('/en/report/words', { words: 'x' })
  await database.owner.query(`update maintenance set last_run = now() - interval '11 minutes'`)
  await Promise.all([1, 2, 3, 4].flatMap(() => [intakeStorage.sweep(), triageStorage.sweep()]))
  t.same((await database.owner.query('select sweeps_left from draft')).rows, [{ sweeps_left: 5 }])
})

t.test(
  'expired, never begun and cookies off give one and the same page, which leads to the one page',
  async (t) => {
    const { intake, database } = await startApps(t)
    const noor = createReporter(intake)
    await noor.post('/en/report/words', { words: 'soon gone' })
    await database.owner.query('truncate draft cascade')
    const nobody = createReporter(intake)
    for (const step of ['words', 'files', 'check', 'code', 'received']) {
      const [expired, none] = [await noor.get(`/en/report/${step}`), await nobody.get(`/en/report/${step}`)]
      t.equal(expired.statusCode, 404)
      t.same(faultsOfRefusal(expired, 'en'), [])
      t.equal(expired.body, none.body, step)
      t.match(none.body, 'href="/en/report/all"')
    }
    const [sent, off] = [await noor.post('/en/report/send', {}), await nobody.post('/en/report/send', {})]
    t.equal(sent.body, off.body)
    t.equal((await noor.get('/en/return/messages')).body, off.body)
    t.equal((await noor.get('/en/report/danger')).statusCode, 200, 'the first question begins anew')
  },
)

t.test('somebody whose browser keeps no cookies is told at the second question', async (t) => {
  const { intake } = await startApps(t)
  const noor = createReporter(intake)
  const first = await noor.postOnly('/en/report/danger', { danger: 'no' })
  t.equal(first.headers.location, '/en/report/who')
  noor.forgetCookie()
  const second = await noor.get('/en/report/who')
  t.match(second.body, 'your browser keeps no cookies')
})

t.test(
  'when all drafts vanish, as in a crash of the database, a report that was sent still is "received"',
  async (t) => {
    const { intake, database } = await startApps(t)
    const [sent, lost] = [createReporter(intake), createReporter(intake)]
    for (const noor of [sent, lost]) await noor.post('/en/report/words', { words: 'before the crash' })
    await sent.post('/en/report/send', {})
    await database.owner.query('truncate draft cascade')
    for (const path of ['received', 'words', 'check', 'send']) {
      const answer =
        path === 'send' ? await sent.post('/en/report/send', {}) : await sent.get(`/en/report/${path}`)
      const last = answer.statusCode === 303 ? await sent.get(String(answer.headers.location)) : answer
      t.match(last.body, '<h1>Received</h1>', path)
    }
    t.equal((await lost.get('/en/report/words')).statusCode, 404)
    t.equal((await lost.post('/en/report/send', {})).statusCode, 404)
    t.equal(await countRows(database.owner, 'arrival'), 1)
    t.equal(
      (await lost.post('/en/report/words', { words: 'anew' })).statusCode,
      200,
      'and one can begin anew',
    )
  },
)

t.test('sending takes the draft and its files away, and the desk gets the files whole', async (t) => {
  const { intake, database, desk } = await startApps(t, { sanitiser: takingAnything() })
  const noor = createReporter(intake)
  const bytes = randomBytes(2_345_678)
  await noor.upload('/en/report/files', [{ bytes }])
  t.match((await noor.post('/en/report/send', {})).body, '<h1>Received</h1>')
  for (const table of ['draft', 'draft_chunk']) t.equal(await countRows(database.owner, table), 0)
  const { rows } = await database.owner.query(
    `select sealed from arrival_part where kind = 'file' order by chunk`,
  )
  t.equal(rows.length, 3)
  const opened = await openPart(desk.keys.identity, Buffer.concat(rows.map(({ sealed }) => sealed)))
  t.ok(Buffer.from(opened.body).equals(bytes))
})

t.test('an answer that changes while the report is being sent goes along', async (t) => {
  let meanwhile: (() => Promise<unknown>) | null = null
  const { intake, database, desk } = await startApps(t, {
    through: (storage) => ({
      ...storage,
      storeReport: async (...given) => {
        const act = meanwhile
        meanwhile = null
        await act?.()
        return storage.storeReport(...given)
      },
    }),
  })
  const noor = createReporter(intake)
  await noor.post('/en/report/words', { words: 'first' })
  meanwhile = () => noor.postOnly('/en/report/words', { words: 'second thought' })
  t.match((await noor.post('/en/report/send', {})).body, '<h1>Received</h1>')
  const situations = await openSections<Situation>(database.owner, desk, 'situation')
  t.same(
    situations.map(({ words }) => words),
    ['second thought'],
  )
})

t.test('a draft that changes at every try to send it is not sent, and not lost', async (t) => {
  let count = 0
  const { intake, database } = await startApps(t, {
    through: (storage) => ({
      ...storage,
      storeReport: async (...given) => {
        await noor.postOnly('/en/report/words', { words: `try ${++count}` })
        return storage.storeReport(...given)
      },
    }),
  })
  const noor = createReporter(intake)
  await noor.post('/en/report/words', { words: 'first' })
  const answer = await noor.post('/en/report/send', {})
  t.equal(answer.statusCode, 409)
  t.same(faultsOfRefusal(answer, 'en'), [])
  t.match((await noor.get('/en/report/words')).body, `try ${count}`)
  t.equal(await countRows(database.owner, 'arrival'), 0)
})

t.test(
  'an address that only takes forms, opened after a broken connection, leads to where one can go on',
  async (t) => {
    const { intake } = await startApps(t)
    const noor = createReporter(intake)
    await noor.post('/en/report/words', { words: 'x' })
    const where = async (path: string) => String((await noor.get(path)).headers.location)
    t.equal(await where('/en/report/send'), '/en/report/check')
    t.equal(await where('/en/report/files/remove'), '/en/report/files')
    t.equal(await where('/en/return/leave'), '/en/return')
    await noor.post('/en/report/send', {})
    t.equal(await where('/en/report/send'), '/en/report/check')
    t.equal(await where('/en/report/check'), '/en/report/received')
  },
)

t.test('leaving the mailbox keeps the report that is being written', async (t) => {
  const { intake } = await startApps(t)
  const noor = createReporter(intake)
  await noor.post('/en/report/words', { words: 'still writing' })
  await noor.post('/en/return', { code: '123' })
  await noor.post('/en/return/leave', {})
  t.match((await noor.get('/en/report/words')).body, 'still writing')
  t.equal((await noor.get('/en/return')).statusCode, 200, 'and what was typed there is gone')
})
