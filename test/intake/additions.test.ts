// With the code a reporter can add words and files, withdraw, and end the mailbox. The desk sees it with the batch.
import t, { type Test } from 'tap'
import { startApps, type TestApps } from '../support/apps.js'
import { faultsOfErrors, faultsOfPage, hiddenValue } from '../support/calm-page.js'
import { type DeskClient, signIn } from '../support/desk-client.js'
import { dirtyPdf, dirtyPhoto } from '../support/dirty-files.js'
import { createReporter, type Reporter } from '../support/reporter.js'
import { sendReport } from '../support/send-report.js'
import { countRows } from '../support/stored-reports.js'

const apps = await startApps(t, { maxFileBytes: 1024 * 1024 })
const { intake, triage, database, release } = apps
const sam = await signIn(triage, 'sam')
t.beforeEach(async () => {
  await database.owner.query(
    'delete from report; delete from mailbox; delete from arrival; delete from draft',
  )
})

interface Back {
  readonly noor: Reporter
  readonly code: string
  readonly mailbox: string
}

/** Noor reported, the desk has it, and she came back with her code. */
async function comeBack({ intake }: Pick<TestApps, 'intake'> = apps, desk: DeskClient = sam): Promise<Back> {
  const code = await sendReport(intake, { words: 'canary of the report', written: 'yes' })
  await release()
  const [item] = await desk.inbox()
  const mailbox = item && (await desk.header(item)).mailbox
  if (!mailbox) throw new Error('no mailbox')
  const noor = createReporter(intake)
  await noor.post('/en/return', { code })
  return { noor, code, mailbox }
}

const waiting = () => countRows(database.owner, 'arrival_addition')
const photo = async () => ({ bytes: await dirtyPhoto({ canary: 'canary in the photo' }) })
const pdf = async () => ({ type: 'application/pdf', bytes: await dirtyPdf({ canary: 'canary in the PDF' }) })

t.test('words that Noor adds are received, hidden until the batch, and then read by the desk', async (t) => {
  const { noor, mailbox, code } = await comeBack()
  const page = await noor.get('/en/return/add')
  t.same(faultsOfPage(page, 'en'), [])
  t.notMatch(page.body, 'canary')
  const after = await noor.post('/en/return/add', { words: 'They moved,\r\nto the <farm>' })
  t.match(after.body, 'What you added was received.')
  t.notMatch(after.body, /moved|farm/, 'what was sent never shows again')
  t.same(await sam.additions(mailbox), [], 'not before the batch')
  await release()
  t.same(await sam.additions(mailbox), ['addition They moved,\nto the <farm>'])
  const again = await createReporter(intake).post('/en/return', { code })
  t.match(again.body, '<h1>Your report was received</h1>')
  t.notMatch(again.body, /added was received|moved/, 'another visit shows nothing of it')
})

t.test('the same words sent twice or at once are one addition, other words one more', async (t) => {
  const { noor, mailbox } = await comeBack()
  const click = () => noor.post('/en/return/add', { words: 'a second van' })
  for (const answer of await Promise.all([click(), click(), click()])) t.match(answer.body, 'was received')
  t.match((await click()).body, 'was received')
  await noor.post('/en/return/add', { words: 'a third van' })
  await release()
  t.same(await sam.additions(mailbox), ['addition a second van', 'addition a third van'])
})

t.test('what is wrong with added words is told at the field, with the words still there', async (t) => {
  const { noor } = await comeBack()
  for (const words of ['', ' \n', 'w'.repeat(50_001)]) {
    const refused = await noor.post('/en/return/add', { words })
    t.equal(refused.statusCode, 422)
    t.same(faultsOfErrors(refused.body), [])
    t.ok(refused.body.includes(words.trim()))
  }
  t.equal(await waiting(), 0)
})

t.test('without a live desk nothing is taken in, and the words wait', async (t) => {
  const { noor } = await comeBack()
  await database.owner.query('update desk set closed = true')
  t.teardown(() => database.owner.query('update desk set closed = false'))
  t.equal((await noor.post('/en/return/add', { words: 'nobody reads' })).statusCode, 503)
  t.match((await noor.get('/en/return/add')).body, 'nobody reads')
  for (const act of ['withdraw', 'end']) {
    t.equal((await noor.post(`/en/return/${act}`, { go: 'yes' })).statusCode, 503, act)
  }
  t.match((await noor.get('/en/return/messages')).body, '<h1>Your report was received</h1>')
  t.equal(await waiting(), 0)
})

t.test('files are made anew at once, sent when Noor says so, and opened by the desk', async (t) => {
  const { noor, mailbox } = await comeBack()
  const page = await noor.upload('/en/return/files', [await photo(), await pdf()])
  t.same(faultsOfPage(page, 'en'), [])
  t.match(page.body, /File 1: photo, made anew[\s\S]*File 2: document/)
  t.equal(await waiting(), 0, 'nothing goes before she sends it')
  const sent = await noor.post('/en/return/files/send', { go: 'yes' })
  t.match(sent.body, 'Your files were received.')
  t.match((await noor.post('/en/return/files/send', { go: 'yes' })).body, 'Your files were received.')
  await release()
  t.same(await sam.additions(mailbox), ['added_file application/pdf', 'added_file image/jpeg'])
  t.equal(await countRows(database.owner, 'draft_chunk'), 0, 'no piece of them stays')
  t.equal(await countRows(database.owner, `audit where act = 'mailbox.file-opened'`), 2)
})

t.test('two clicks on sending files are one sending', async (t) => {
  const { noor, mailbox } = await comeBack()
  await noor.upload('/en/return/files', [await photo()])
  const clicks = [1, 2, 3].map(() => noor.post('/en/return/files/send', { go: 'yes' }))
  for (const answer of await Promise.all(clicks)) t.match(answer.body, 'Your files were received.')
  await release()
  t.same(await sam.additions(mailbox), ['added_file image/jpeg'])
})

t.test(
  'a file that cannot be made anew is left out with the reason, and one can be taken away',
  async (t) => {
    const { noor } = await comeBack()
    const mixed = [await photo(), { bytes: Buffer.from('no picture') }]
    const refused = await noor.upload('/en/return/files', mixed)
    t.equal(refused.statusCode, 422)
    t.match(refused.body, 'File 2 is left out.')
    t.match(refused.body, 'File 1: photo')
    const removed = await noor.post('/en/return/files/remove', { file: hiddenValue(refused.body, 'file') })
    t.equal(removed.statusCode, 200)
    t.notMatch(removed.body, 'File 1: photo')
    const empty = await noor.post('/en/return/files/send', { go: 'yes' })
    t.equal(empty.statusCode, 422)
    t.same(faultsOfErrors(empty.body.replaceAll('type="file"', 'type="file" ')), [])
    t.equal((await noor.upload('/en/return/files', [])).statusCode, 422)
    t.equal(await countRows(database.owner, 'draft_chunk'), 0)
  },
)

t.test('more files than a report may have, or a larger one, are left out', async (t) => {
  const { noor } = await comeBack()
  const six = await Promise.all([1, 2, 3, 4, 5, 6].map(photo))
  t.match((await noor.upload('/en/return/files', six)).body, 'There are enough files already.')
  const { noor: other } = await comeBack()
  const large = await other.upload('/en/return/files', [{ bytes: Buffer.alloc(1024 * 1024 + 1, 1) }])
  t.match(large.body, 'It is too large.')
})

t.test('files that were never sent go when Noor leaves or types another code', async (t) => {
  const { noor, code } = await comeBack()
  await noor.upload('/en/return/files', [await photo()])
  await noor.post('/en/return', { code })
  t.equal(await countRows(database.owner, 'draft_chunk'), 0)
  await noor.upload('/en/return/files', [await photo()])
  await noor.post('/en/return/leave', { go: 'yes' })
  t.equal(await countRows(database.owner, 'draft_chunk'), 0)
  t.equal(await waiting(), 0)
})

t.test('withdrawing says first what it can and cannot do, then the mailbox says withdrawn', async (t) => {
  const { noor, mailbox, code } = await comeBack()
  await sam.ask(mailbox, 'Which street?')
  const page = await noor.get('/en/return/withdraw')
  t.same(faultsOfPage(page, 'en'), [])
  t.match(page.body, /passed on to an organisation we cannot fetch back/)
  t.equal(await waiting(), 0, 'looking does nothing')
  const done = await noor.post('/en/return/withdraw', { go: 'yes' })
  t.match(done.body, '<h1>You withdrew your report</h1>')
  t.notMatch(done.body, /Which street|return\/add|return\/withdraw/)
  t.match((await noor.post('/en/return/withdraw', { go: 'yes' })).body, '<h1>You withdrew your report</h1>')
  t.match(
    (await createReporter(intake).post('/en/return', { code })).body,
    '<h1>You withdrew your report</h1>',
  )
  t.same((await sam.get('/mailboxes/withdrawn')).json(), { mailboxes: [] }, 'hidden until the batch')
  await release()
  t.same((await sam.get('/mailboxes/withdrawn')).json(), { mailboxes: [mailbox] })
  t.same(await sam.additions(mailbox), ['withdrawal'])
  t.match(
    (await createReporter(intake).post('/en/return', { code })).body,
    '<h1>You withdrew your report</h1>',
  )
  await t.rejects(sam.ask(mailbox, 'Why?'), /409/)
})

t.test(
  'ending asks first; then the code is told like one that never was, before and after the batch',
  async (t) => {
    const { noor, mailbox, code } = await comeBack()
    await sam.ask(mailbox, 'Which street?')
    t.same(faultsOfPage(await noor.get('/en/return/end'), 'en'), [])
    const done = await noor.post('/en/return/end', { go: 'yes' })
    t.same(faultsOfPage(done, 'en'), [])
    t.match(done.body, '<h1>The messages are closed</h1>')
    t.match((await noor.post('/en/return/end', { go: 'yes' })).body, '<h1>The messages are closed</h1>')
    for (const page of ['messages', 'add', 'files', 'withdraw'])
      t.ok([404, 303].includes((await noor.get(`/en/return/${page}`)).statusCode), page)
    const { rows } = await database.owner.query('select lookup from mailbox where id = $1', [mailbox])
    for (const time of ['before', 'after']) {
      const again = await createReporter(intake).post('/en/return', { code })
      t.equal(again.statusCode, 422, time)
      t.match(again.body, 'There is nothing for this code')
      await release()
    }
    t.same(await sam.additions(mailbox), ['ending'])
    t.equal((await sam.get(`/mailboxes/${mailbox}`)).json().closed, true)
    await t.rejects(sam.ask(mailbox, 'Why?'), /409/)
    const after = await database.owner.query('select lookup from mailbox where id = $1', [mailbox])
    t.notSame(after.rows, rows, 'what found the mailbox is forgotten')
  },
)

t.test('a mailbox can be ended before it was ever released, and its code is not used again', async (t) => {
  const noor = createReporter(intake)
  const page = (await noor.get('/en/report/all')).body
  const hidden = ['token', 'code', 'code_proof'].map((name) => [name, hiddenValue(page, name)] as const)
  const fields = { ...Object.fromEntries(hidden), written: 'yes' }
  await noor.post('/en/report/all', { ...fields, words: 'first' })
  await noor.post('/en/return', { code: Object.fromEntries(hidden).code ?? '' })
  t.match((await noor.post('/en/return/end', { go: 'yes' })).body, '<h1>The messages are closed</h1>')
  const second = await noor.post('/en/report/all', { ...fields, words: 'second' })
  t.equal(second.statusCode, 422)
  t.match(second.body, 'That code cannot be used')
})

t.test('once the desk closed the mailbox nothing is added, and the words come back to be kept', async (t) => {
  const { noor, mailbox, code } = await comeBack()
  await noor.upload('/en/return/files', [await photo()])
  await sam.post(`/mailboxes/${mailbox}/close`)
  const refused = await noor.post('/en/return/add', { words: 'too late' })
  t.equal(refused.statusCode, 422)
  t.match(refused.body, /Your words were not sent[\s\S]*id="words"[\s\S]*too late/)
  t.match((await noor.post('/en/return/files/send', { go: 'yes' })).body, 'You cannot add anything more')
  t.equal(await waiting(), 0)
  t.match((await noor.get('/en/return/messages')).body, '/en/return/end', 'ending is still possible')
  t.match((await createReporter(intake).post('/en/return', { code })).body, '/en/return/withdraw')
})

t.test('without an open mailbox every one of these pages is the neutral one', async (t) => {
  const noor = createReporter(intake)
  for (const page of ['add', 'files', 'withdraw', 'end', 'ended', 'messages']) {
    t.equal((await noor.get(`/en/return/${page}`)).statusCode, 404, page)
    if (page !== 'ended')
      t.equal((await noor.post(`/en/return/${page}`, { go: 'yes' })).statusCode, 404, page)
  }
  t.equal((await noor.upload('/en/return/files', [await photo()])).statusCode, 404)
  t.equal(await waiting(), 0)
})

t.test(
  'an addition is as large as an answer, whatever it says, and its kind is all the clear tells',
  async (t) => {
    const { noor } = await comeBack()
    await noor.post('/en/return/add', { words: 'a' })
    await noor.post('/en/return/add', { words: 'b'.repeat(1500) })
    await noor.post('/en/return/withdraw', { go: 'yes' })
    await noor.post('/en/return/end', { go: 'yes' })
    await sizesAreEqual(t)
  },
)

async function sizesAreEqual(t: Test): Promise<void> {
  const { rows } = await database.owner.query('select distinct length(sealed) as bytes from arrival_addition')
  t.equal(rows.length, 1)
}
