// Something inside fails between the last click and the answer. Nobody may see "received" then, everybody sees the
// calm page with telephone numbers, and trying again works.

import type { Worker } from 'node:worker_threads'
import t, { type Test } from 'tap'
import { firstWorkerOf } from '../sanitising/workers.js'
import { startApps, type TestApps } from '../support/apps.js'
import { until } from '../support/baken-process.js'
import { dirtyPhoto } from '../support/dirty-files.js'
import { createReporter, type Reporter } from '../support/reporter.js'

t.setTimeout(120_000)

type Answer = Awaited<ReturnType<Reporter['get']>>

function isCalm(t: Test, answer: Answer, status: number): void {
  t.equal(answer.statusCode, status)
  t.notMatch(answer.body, '<h1>Received</h1>')
  t.match(answer.body, 'tel:112')
  t.match(answer.body, 'href="/exit"')
  t.notMatch(answer.body, /error:|at .*\.js|postgres|sql/i)
}

async function countReports({ database }: TestApps): Promise<number | null> {
  return (await database.owner.query('select from arrival')).rowCount
}

async function withDraft(apps: TestApps, words: string): Promise<Reporter> {
  const noor = createReporter(apps.intake)
  await noor.post('/en/report/words', { words })
  return noor
}

t.test('a store that fails after sealing is never acknowledged, and the draft is still there', async (t) => {
  let failing = true
  const apps = await startApps(t, {
    through: (storage) => ({
      ...storage,
      storeReport: (...given) =>
        failing ? Promise.reject(new Error('no space left: secret words')) : storage.storeReport(...given),
    }),
  })
  const noor = await withDraft(apps, 'a van at night')
  isCalm(t, await noor.post('/en/report/send', {}), 500)
  isCalm(t, await noor.post('/en/report/all', { words: 'a van at night' }), 500)
  t.equal(await countReports(apps), 0)
  t.notMatch(apps.log.join(), 'secret words')
  failing = false
  t.match((await noor.get('/en/report/check')).body, 'a van at night')
  t.match((await noor.post('/en/report/send', {})).body, '<h1>Received</h1>')
  t.equal(await countReports(apps), 1)
})

t.test('what the database itself refuses is never acknowledged', async (t) => {
  const apps = await startApps(t)
  await apps.database.owner.query('revoke insert on submitted from baken_intake')
  const noor = await withDraft(apps, 'a van at night')
  isCalm(t, await noor.post('/en/report/send', {}), 500)
  await apps.database.owner.query('grant insert on submitted to baken_intake')
  t.match((await noor.post('/en/report/send', {})).body, '<h1>Received</h1>')
})

t.test('sealing threads that die cost a calm page, and others take their place', async (t) => {
  const threads: Worker[] = []
  const collect = (thread: Worker) => threads.push(thread)
  process.on('worker', collect)
  t.teardown(() => process.off('worker', collect))
  const apps = await startApps(t)
  const first = await withDraft(apps, 'one')
  t.match((await first.post('/en/report/send', {})).body, '<h1>Received</h1>')

  // Idle ones die unseen.
  await Promise.all(threads.splice(0).map((thread) => thread.terminate()))
  const second = await withDraft(apps, 'two')
  t.match((await second.post('/en/report/send', {})).body, '<h1>Received</h1>')

  // Busy ones take their reports along: those are told, and sent again.
  const crowd = await Promise.all(Array.from({ length: 12 }, (_, i) => withDraft(apps, `crowd ${i}`)))
  const failed: Answer[] = []
  const sent = crowd.map(async (one) => {
    const answer = await one.post('/en/report/send', {})
    if (!answer.body.includes('<h1>Received</h1>')) failed.push(answer)
  })
  let pending = true
  void Promise.all(sent).then(() => {
    pending = false
  })
  while (pending && failed.length === 0) {
    await new Promise((resolve) => setTimeout(resolve, 5))
    await Promise.all(threads.splice(0).map((thread) => thread.terminate()))
  }
  await Promise.all(sent)
  t.ok(failed.length > 0, 'some reports were being sealed')
  for (const answer of failed) isCalm(t, answer, 500)
  const again = await Promise.all(crowd.map((one) => one.post('/en/report/send', {})))
  for (const { body } of again) t.match(body, '<h1>Received</h1>')
  t.equal(await countReports(apps), 14)
})

t.test('a killed sanitising process costs that file, and the rest of the report goes on', async (t) => {
  const apps = await startApps(t)
  const noor = await withDraft(apps, 'with a photo')
  const photo = await dirtyPhoto({ canary: 'CANARY' })
  const uploading = noor.upload('/en/report/files', [{ bytes: photo }])
  process.kill(await firstWorkerOf(process.pid), 'SIGKILL')
  const refused = await uploading
  t.equal(refused.statusCode, 422)
  t.match((await noor.get('/en/report/check')).body, 'with a photo')
  const again = await noor.upload('/en/report/files', [{ bytes: photo }])
  t.equal(again.statusCode, 200)
  t.match((await noor.post('/en/report/send', {})).body, '<h1>Received</h1>')
  t.equal((await apps.database.owner.query('select from arrival where file_count = 1')).rowCount, 1)
})

t.test('more reports with files at once than the database has connections all go through', async (t) => {
  const apps = await startApps(t, { connect: { connections: 4 } })
  const photo = await dirtyPhoto({ canary: 'CANARY' })
  const crowd = await Promise.all(
    Array.from({ length: 12 }, async (_, i) => {
      const one = await withDraft(apps, `crowd ${i}`)
      await one.upload('/en/report/files', [{ bytes: photo }])
      return one
    }),
  )
  const answers = await Promise.all(crowd.map((one) => one.post('/en/report/send', {})))
  for (const { body } of answers) t.match(body, '<h1>Received</h1>')
  t.equal(await countReports(apps), 12)
})

t.test('a database that falls silent costs a calm page, and is used again when it speaks', async (t) => {
  const apps = await startApps(t, { connect: { connections: 2, silenceMs: 300 } })
  const noor = await withDraft(apps, 'a van at night')
  t.match((await noor.post('/en/report/danger', { danger: 'no' })).body, '<h1>')
  const { rows } = await apps.database.owner.query<{ pid: number }>(
    'select pid from pg_stat_activity where usename = $1',
    [new URL(apps.database.intakeUrl).username],
  )
  const silence = (signal: NodeJS.Signals) => {
    for (const { pid } of rows) process.kill(pid, signal)
  }
  t.teardown(() => silence('SIGCONT'))
  silence('SIGSTOP')
  isCalm(t, await noor.get('/en/report/words'), 500)
  t.match((await noor.get('/en/help')).body, 'tel:', 'pages that need no database go on')
  // The silent connection is given up, and a new one serves.
  t.match((await noor.get('/en/report/words')).body, 'a van at night')
  t.match((await noor.post('/en/report/send', {})).body, '<h1>Received</h1>')
})

t.test('a statement that the database gives up is never acknowledged, and can be sent again', async (t) => {
  const apps = await startApps(t)
  const noor = await withDraft(apps, 'a van at night')
  const blocker = await apps.database.owner.connect()
  await blocker.query('begin; lock table arrival in access exclusive mode')
  const sending = noor.post('/en/report/send', {})
  const waiting = `select pid from pg_locks where not granted and relation = 'arrival'::regclass`
  await until('the report waits', async () => (await blocker.query(waiting)).rowCount === 1)
  // What the server does itself after 30 seconds.
  await blocker.query(`select pg_cancel_backend(pid) from (${waiting}) w`)
  isCalm(t, await sending, 500)
  await blocker.query('rollback')
  blocker.release()
  t.match((await noor.post('/en/report/send', {})).body, '<h1>Received</h1>')
  t.equal(await countReports(apps), 1)
})

t.test('when all connections are taken, the other pages go on and nobody is told too much', async (t) => {
  const apps = await startApps(t, { connect: { connections: 4, silenceMs: 1_000 } })
  const crowd = await Promise.all(Array.from({ length: 6 }, (_, i) => withDraft(apps, `crowd ${i}`)))
  const blocker = await apps.database.owner.connect()
  await blocker.query('begin; lock table arrival in access exclusive mode')
  const sending = crowd.map((one) => one.post('/en/report/send', {}))
  t.match((await createReporter(apps.intake).get('/en/')).body, '<h1>')
  t.match(
    (await withDraft(apps, 'meanwhile')).cookie(),
    /^s=/,
    'others write on: their connections are apart',
  )
  const answers = await Promise.all(sending)
  for (const answer of answers) isCalm(t, answer, 500)
  await blocker.query('rollback')
  blocker.release()
  for (const one of crowd) t.match((await one.post('/en/report/send', {})).body, '<h1>Received</h1>')
  t.equal(await countReports(apps), 6)
})
