// The moment something fails inside is the moment a server likes to tell everything: the request, the values of the
// row, the statement. Here the database fails Noor in different ways, and all that was written is searched for her.
import { join } from 'node:path'
import t from 'tap'
import { until } from '../support/baken-process.js'
import { createCanaries } from '../support/canaries.js'
import { databaseKind } from '../support/database.js'
import { dirtyPhoto } from '../support/dirty-files.js'
import { createNoor, knockAtDesk, makeWords, type Noor, writeReport } from '../support/telling-visit.js'
import { startTwoProcesses } from '../support/two-processes.js'
import type { Answer, Visitor } from '../support/visitor.js'
import { childrenNow, listFiles, watchFolders } from '../support/watch-files.js'
import { everyRow, readFiles, serverFiles } from '../support/whole-database.js'

t.setTimeout(240_000)
const begun = Date.now()
const apps = await startTwoProcesses(t, { REQUESTS_PER_MINUTE: '6000' })
const { database, site, partnerSite, folder, temporary, intake, triage } = apps
const canaries = createCanaries()
const words = makeWords(canaries)
const noor = createNoor(site, canaries)
const folders = watchFolders(t, [folder, temporary, join(folder, 'data')])
const filesBefore = listFiles(folder)
const roles = [database.intakeUrl, database.triageUrl].map((url) => new URL(url).username)

/** What breaks, how, and how it is mended. */
const FAILURES: Readonly<Record<string, readonly [string, string]>> = {
  'the role may not store drafts any more': [
    'revoke execute on function draft_put(bytea, integer, bytea) from baken_intake',
    'grant execute on function draft_put(bytea, integer, bytea) to baken_intake',
  ],
  'a row of a draft is refused, and the error quotes it': [
    'alter table draft add constraint planted check (version = 0) not valid',
    'alter table draft drop constraint planted',
  ],
  'a row of a report is refused, and the error quotes it': [
    'alter table arrival add constraint planted check (urgent is null) not valid; alter table arrival_answer add constraint planted check (half_day is null) not valid',
    'alter table arrival drop constraint planted; alter table arrival_answer drop constraint planted',
  ],
  'a table is not where a function looks for it': [
    'alter table draft rename to elsewhere; alter table mailbox rename to elsewhere_too',
    'alter table elsewhere rename to draft; alter table elsewhere_too rename to mailbox',
  ],
  'neither app is let in, and what they had open is ended': [
    roles.map((role) => `alter role "${role}" nologin`).join(';') +
      `; select pg_terminate_backend(pid) from pg_stat_activity where usename in ('${roles.join("','")}')`,
    roles.map((role) => `alter role "${role}" login`).join(';'),
  ],
}

for (const [what, [breaks, mends]] of Object.entries(FAILURES)) {
  t.test(`${what}: no log, row or file tells of her`, async (t) => {
    const visit = noor.comeAgain()
    await writeReport(visit, canaries, words)
    const before = failuresLogged()
    await database.owner.query(breaks)
    const answers = await tryEverything(noor, visit).finally(() => database.owner.query(mends))
    const failed = answers.filter(({ statusCode }) => statusCode === 500)
    t.ok(failed.length > 0, 'something failed')
    t.ok(failuresLogged() > before, 'and a line says so')
    t.same(canaries.find(intake.output() + triage.output()), [])
    t.same(canaries.find(failed.map(({ body }) => body).join()), [])
    // Her own cookie is set again with what leads on, and goes back to her alone.
    const others = answers.map(({ headers: { 'set-cookie': _own, ...rest } }) => JSON.stringify(rest))
    t.same(canaries.find(others.join()), [])
    const cookies = answers.map(({ headers }) => JSON.stringify(headers['set-cookie'] ?? ''))
    t.same(
      canaries.find(cookies.join()).filter((found) => !found.startsWith('cookie of')),
      [],
    )
    t.same(canaries.findIn(await everyRow(database.owner)), [])
  })
}

t.test('the line of a failure has its code, its route and the place in our code, no more', async (t) => {
  const lines = intake.output().trim().split('\n')
  const failures = lines.map((line) => JSON.parse(line)).filter(({ event }) => event === 'request.failed')
  t.same([...new Set(failures.flatMap(Object.keys))].sort(), ['code', 'event', 'level', 'route', 'where'])
})

t.test('killed in the middle of a file, the public app leaves nothing of it', async (t) => {
  const visit = noor.comeAgain()
  await visit.post('/en/report/words', { words: words.words })
  const photo = await dirtyPhoto({ canary: canaries.make('inside'), width: 2_000, height: 3_000 })
  const file = { name: canaries.make('name'), bytes: photo }
  const hungUp = t.rejects(visit.upload('/en/report/files', [file]))
  await until('the file is being made anew', () => childrenNow(intake.pid).length > 0)
  await intake.stop('SIGKILL')
  await hungUp
  t.same([...folders.changed], [])
  t.same(listFiles(folder), filesBefore)
})

t.test('no file of the database server holds any of it, nor does its log of all these errors', async (t) => {
  const files = await serverFiles(database.owner, begun)
  if (!files) return t.comment('the files of this server cannot be reached from here')
  if (databaseKind === 'system') t.ok(files.some((path) => path.endsWith('/log')))
  t.same(canaries.findIn(readFiles(files)), [])
})

/** Everything that asks the database, from a draft that was begun before and from nothing. */
async function tryEverything(noor: Noor, begunVisit: Visitor): Promise<readonly Answer[]> {
  const from = noor.answers().length
  const file = {
    name: `${canaries.make('name of photo')}.jpg`,
    bytes: await dirtyPhoto({ canary: canaries.make('inside photo') }),
  }
  for (const visit of [begunVisit, noor.comeAgain()]) {
    await visit.post('/en/report/words', { words: words.words })
    await visit.upload('/en/report/files', [file])
    await visit.post('/en/report/where', { municipality: words.municipality, place: words.place })
    await visit.get(`/en/report/check?${canaries.make('query')}`)
    await visit.post('/en/report/send', {})
    await visit.post('/en/return', { code: canaries.make('wrong code') })
    await visit.upload('/en/report/all', [file], { words: words.words, place: words.place })
  }
  await knockAtDesk(noor.comeAgain(partnerSite), canaries)
  return noor.answers().slice(from)
}

function failuresLogged(): number {
  return intake.output().split('request.failed').length
}
