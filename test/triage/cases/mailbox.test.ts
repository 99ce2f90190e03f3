import { randomUUID } from 'node:crypto'
import t from 'tap'
import { startApps } from '../../support/apps.js'
import { base64, signIn } from '../../support/desk-client.js'
import { dirtyPhoto } from '../../support/dirty-files.js'
import { createReporter } from '../../support/reporter.js'
import { sendReport } from '../../support/send-report.js'
import { countRows } from '../../support/stored-reports.js'

const LARGEST_BYTES = 256 * 1024

const apps = await startApps(t)
const { triage, intake, database, log } = apps
const sam = await signIn(triage, 'sam')

/** A report with a code, opened by Sam: the id of its mailbox, and the code. */
async function mailbox(): Promise<{ id: string; code: string }> {
  await database.owner.query('delete from report')
  const code = await sendReport(intake, { words: 'a van at night', written: 'yes' })
  await apps.release()
  const [item] = await sam.inbox()
  const id = item && (await sam.header(item)).mailbox
  if (!id) throw new Error('the report has no mailbox')
  return { id, code }
}

const sealed = (bytes: number) => base64(new Uint8Array(bytes).fill(7))
const questionsIn = (id: string) => countRows(database.owner, `question where mailbox = '${id}'`)

t.test('a question reaches the holder of the code, and the answer comes back to the desk', async (t) => {
  const { id, code } = await mailbox()
  const question = await sam.ask(id, 'Which street was it?')
  const noor = createReporter(intake)
  t.match((await noor.post('/en/return', { code })).body, 'Which street was it?')
  const answered = await noor.post('/en/return/messages', { question, answer: 'Harbour street.' })
  t.equal(answered.statusCode, 200)
  t.same(await sam.answers(id), [], 'an answer comes with the batch')
  await apps.release()
  t.same(await sam.answers(id), ['Harbour street.'])
  const { questions } = (await sam.get(`/mailboxes/${id}`)).json()
  t.same(Object.keys(questions[0]).sort(), ['answers', 'id', 'sealed'])
  t.same(Object.keys(questions[0].answers[0]).sort(), ['halfDay', 'id', 'sealed'])
  t.match(questions[0].answers[0].halfDay, /^\d{4}-\d\d-\d\d (am|pm)$/)
})

t.test('a mailbox tells its recipient and whether it is closed, and not what finds it', async (t) => {
  const { id } = await mailbox()
  const found = (await sam.get(`/mailboxes/${id}`)).json()
  t.match(found, { id, closed: false, questions: [], recipient: /^age1/ })
  t.notOk('lookup' in found)
})

t.test('the same question sent again is one question, with one line', async (t) => {
  const { id } = await mailbox()
  const before = await countRows(database.owner, `audit where act = 'mailbox.question-asked'`)
  const body = { id: randomUUID(), sealed: sealed(100) }
  const answers = await Promise.all([1, 2, 3].map(() => sam.post(`/mailboxes/${id}/questions`, body)))
  t.same(
    answers.map(({ statusCode }) => statusCode),
    [204, 204, 204],
  )
  t.equal(await questionsIn(id), 1)
  t.equal(await countRows(database.owner, `audit where act = 'mailbox.question-asked'`), before + 1)
})

t.test('the id of a question in one mailbox cannot stand in another one', async (t) => {
  const [one, other] = [await mailbox(), await mailbox()]
  const body = { id: randomUUID(), sealed: sealed(100) }
  t.equal((await sam.post(`/mailboxes/${one.id}/questions`, body)).statusCode, 204)
  t.equal((await sam.post(`/mailboxes/${other.id}/questions`, body)).statusCode, 409)
  t.equal(await questionsIn(other.id), 0)
})

t.test('a question of another shape or beyond its size is refused', async (t) => {
  const { id } = await mailbox()
  const bodies: [object, number][] = [
    [{ id: randomUUID() }, 400],
    [{ id: randomUUID(), sealed: '' }, 400],
    [{ id: 'x', sealed: sealed(10) }, 400],
    // Version 7 carries a time.
    [{ id: '0193571e-7a1c-7000-8000-000000000000', sealed: sealed(10) }, 400],
    [{ id: randomUUID(), sealed: sealed(10), text: 'in clear' }, 400],
    [{ id: randomUUID(), sealed: sealed(LARGEST_BYTES + 3) }, 400],
    [{ id: randomUUID(), sealed: sealed(2 * LARGEST_BYTES) }, 413],
  ]
  for (const [body, status] of bodies) {
    const answer = await sam.post(`/mailboxes/${id}/questions`, body)
    t.equal(answer.statusCode, status, JSON.stringify(body).slice(0, 60))
  }
  t.equal(await questionsIn(id), 0)
  const largest = { id: randomUUID(), sealed: sealed(LARGEST_BYTES) }
  t.equal((await sam.post(`/mailboxes/${id}/questions`, largest)).statusCode, 204)
})

t.test('a closed mailbox takes no question, and the holder of the code is told it is closed', async (t) => {
  const { id, code } = await mailbox()
  await sam.ask(id, 'Which street was it?')
  t.equal((await sam.post(`/mailboxes/${id}/close`)).statusCode, 204)
  t.equal((await sam.post(`/mailboxes/${id}/close`)).statusCode, 204, 'twice is harmless')
  const body = { id: randomUUID(), sealed: sealed(100) }
  t.equal((await sam.post(`/mailboxes/${id}/questions`, body)).statusCode, 409)
  t.equal((await sam.get(`/mailboxes/${id}`)).json().closed, true)
  t.notMatch((await createReporter(intake).post('/en/return', { code })).body, 'Which street')
})

t.test('a mailbox that is not there is told alike, whatever was asked for', async (t) => {
  const body = { id: randomUUID(), sealed: sealed(100) }
  for (const id of [randomUUID(), 'x', "'--", '%00']) {
    t.equal((await sam.get(`/mailboxes/${id}`)).statusCode, 404, id)
    t.equal((await sam.post(`/mailboxes/${id}/close`)).statusCode, 404, id)
    const asked = await sam.post(`/mailboxes/${id}/questions`, body)
    t.ok([404, 409].includes(asked.statusCode), id)
  }
  t.same(log, [])
})

t.test(
  'a file that was added opens through its own mailbox alone, for members, each time with a line',
  async (t) => {
    const { id, code } = await mailbox()
    const noor = createReporter(intake)
    await noor.post('/en/return', { code })
    await noor.upload('/en/return/files', [{ bytes: await dirtyPhoto() }])
    await noor.post('/en/return/files/send', { go: 'yes' })
    await apps.release()
    const { additions } = (await sam.get(`/mailboxes/${id}`)).json()
    t.match(additions, [{ kind: 'added_file', sealed: null, halfDay: /^\d{4}-\d\d-\d\d (am|pm)$/ }])
    const url = `/mailboxes/${id}/files/${additions[0].id}`
    const lines = () => countRows(database.owner, `audit where act = 'mailbox.file-opened'`)
    const before = await lines()
    t.equal((await sam.get(url)).statusCode, 200)
    t.equal(await lines(), before + 1)
    const { id: other } = await mailbox()
    for (const wrong of [
      `/mailboxes/${other}/files/${additions[0].id}`,
      `/mailboxes/${id}/files/${randomUUID()}`,
    ])
      t.equal((await sam.get(wrong)).statusCode, 404)
    for (const path of [url, '/mailboxes/withdrawn'])
      t.equal((await triage.inject(path)).statusCode, 401, path)
    t.equal(await lines(), before + 1, 'and no line where nothing was given')
  },
)

t.test('lines about a mailbox name neither the mailbox nor a report', async (t) => {
  const { rows } = await database.owner.query(`select report from audit where act like 'mailbox.%'`)
  t.ok(rows.length > 0)
  t.ok(rows.every(({ report }) => report === null))
})
