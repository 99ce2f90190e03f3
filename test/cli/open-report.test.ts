import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { packJson } from '../../server/report/envelope.js'
import type { ReportHeader } from '../../server/report/report.js'
import { createSealer } from '../../server/sealing/index.js'
import { acceptKey } from '../../server/storage/owner-keys.js'
import { startApps, type TestApps } from '../support/apps.js'
import { hiddenValue } from '../support/calm-page.js'
import { baken, bakenJson, ownFolder } from '../support/cli.js'
import { databaseKind } from '../support/database.js'
import { signIn } from '../support/desk-client.js'
import { dirtyPhoto } from '../support/dirty-files.js'
import { makeProposal } from '../support/new-key.js'
import { createReporter } from '../support/reporter.js'

const sealer = createSealer(1)
t.teardown(() => sealer.close())

interface Office {
  readonly apps: TestApps
  readonly folder: string
  /** file with the desk's identity */
  readonly key: string
  readonly env: Readonly<Record<string, string>>
}

async function openOffice(t: Test): Promise<Office> {
  const apps = await startApps(t)
  const folder = ownFolder(t)
  const key = join(folder, 'key.txt')
  writeFileSync(key, apps.desk.keys.identity)
  return { apps, folder, key, env: { DATABASE_URL: apps.database.ownerUrl } }
}

/** Noor sends a report with a photo; gives its id. */
async function sendReport({ intake, database }: TestApps): Promise<string> {
  const noor = createReporter(intake)
  await noor.post('/en/report/words', { words: 'The door is locked from outside.' })
  const bytes = await dirtyPhoto({ canary: 'CANARY' })
  const file = hiddenValue((await noor.upload('/en/report/files', [{ bytes }])).body, 'file')
  const boxes = { page: '1', columns: '6', rows: '9', cell: '0' }
  await noor.postOnly('/en/report/files/cover/boxes', { file, ...boxes })
  await noor.post('/en/report/send', {})
  const { rows } = await database.owner.query<{ id: string }>('select id from arrival')
  return rows[0]?.id ?? ''
}

async function sealTo(
  apps: TestApps,
  label: Parameters<typeof packJson>[0],
  value: unknown,
): Promise<Uint8Array> {
  const { recipient, recoveryRecipient } = apps.desk.keys
  const [sealed] = await sealer.seal([packJson(label, value)], [recipient, recoveryRecipient])
  return sealed ?? new Uint8Array()
}

t.test(
  'a report opens from the database itself, released or not, when no app is there any more',
  async (t) => {
    const { apps, folder, key, env } = await openOffice(t)
    const report = await sendReport(apps)
    for (const release of [async () => {}, apps.release]) {
      await release()
      const out = join(folder, 'out')
      const { code, stdout, stderr } = await baken(
        ['open', '--identity', key, '--report', report, '--out', out],
        {
          env,
        },
      )
      t.equal(code, 0, stderr)
      t.match(stdout, 'words: The door is locked from outside.')
      t.match(
        stdout,
        /made anew \(picture-1\), parts covered by the reporter before sending, SHA-256 \w{64}: still the same/,
      )
      t.same(stdout.match(/^\w+(?= \(report )/gm), [
        ...['header', 'situation', 'place', 'victims', 'offenders', 'source'],
        'file',
      ])
    }
    t.match(readFileSync(join(folder, 'out', 'file-1.jpg')).subarray(0, 2), Buffer.from([0xff, 0xd8]))
  },
)

t.test('the assessment and the talk in the mailbox come with it', async (t) => {
  const { apps, key, env } = await openOffice(t)
  const { owner } = apps.database
  const report = await sendReport(apps)
  await apps.release()
  const [mailbox, question] = [randomUUID(), randomUUID()]
  const header: ReportHeader = {
    ...{ language: 'nl', vantage: null, municipality: null, forms: [], signs: 0, danger: null },
    ...{ minor: false, when: null, mailbox, alike: null },
  }
  await owner.query(`update report_part set sealed = $2 where report = $1 and kind = 'header'`, [
    report,
    await sealTo(apps, { kind: 'header', of: report }, header),
  ])
  await owner.query(`insert into mailbox values ($1, 'x', 'age1', '2026-11-23 pm', false)`, [mailbox])
  await owner.query('insert into question values ($1, $2, $3)', [
    question,
    mailbox,
    await sealTo(apps, { kind: 'question', of: mailbox }, { text: 'Which door?' }),
  ])
  await owner.query(`insert into arrival_answer values (gen_random_uuid(), $1, $2, '2026-11-23 pm')`, [
    question,
    await sealTo(apps, { kind: 'answer', of: question }, { text: 'The green one.' }),
  ])
  await owner.query(
    `insert into arrival_addition values (gen_random_uuid(), 0, $1, 'addition', $2, '2026-11-23 pm')`,
    [mailbox, await sealTo(apps, { kind: 'addition', of: mailbox }, { text: 'And a second one.' })],
  )
  await owner.query(`insert into assessment select $1, id, $2 from member where name = 'sam'`, [
    report,
    await sealTo(
      apps,
      { kind: 'assessment', of: report },
      { usable: true, reason: 'concrete', note: 'seen' },
    ),
  ])
  const { code, stdout, stderr } = await baken(['open', '--identity', key, '--report', report], { env })
  t.equal(code, 0, stderr)
  t.match(stdout, /assessment .*\n {2}usable: true\n/)
  t.match(stdout, /Which door\?\n[\s\S]*The green one\.[\s\S]*addition \(mailbox [\s\S]*And a second one\./)
})

t.test('a part that somebody put in the place of another one is not shown', async (t) => {
  const { apps, key, env } = await openOffice(t)
  const report = await sendReport(apps)
  const foreign = await sealTo(apps, { kind: 'situation', of: randomUUID() }, { words: 'planted' })
  await apps.database.owner.query(`update arrival_part set sealed = $1 where kind = 'situation'`, [foreign])
  const { code, stdout, stderr } = await baken(['open', '--identity', key, '--report', report], { env })
  t.equal(code, 1)
  t.match(stderr, 'the part situation is another part: somebody put it in this place.')
  t.notMatch(stdout, 'planted')
})

t.test('an id that is none, or of no report, is told', async (t) => {
  const { key, env } = await openOffice(t)
  const none = await baken(['open', '--identity', key, '--report', '42'], { env })
  t.equal(none.code, 2)
  t.match(none.stderr, '--report is not an id')
  const unknown = await baken(['open', '--identity', key, '--report', randomUUID()], { env })
  t.equal(unknown.code, 1)
  t.match(unknown.stderr, 'there is no report of this id')
})

t.test('a dump of the database opens without a database, pieces of large files put together', async (t) => {
  const { apps, folder, key } = await openOffice(t)
  const report = await sendReport(apps)
  await apps.release()
  await cutFileIntoPieces(apps)
  const dump = join(folder, 'dump.sql')
  writeFileSync(dump, await dumpOf(apps))
  const out = join(folder, 'out')
  const { code, json, stderr } = await bakenJson(['open', '--identity', key, dump, '--out', out])
  t.equal(code, 0, stderr)
  const { parts } = json as { parts: { kind: string; of: string }[] }
  t.same(parts.map(({ kind }) => kind).sort(), [
    ...['file', 'header', 'offenders', 'place', 'situation', 'source', 'victims'],
  ])
  t.ok(parts.every(({ of }) => of === report))
  t.same(readdirSync(out), ['file-1.jpg'])
})

t.test('the newest key opens what came before it, out of the database and out of a dump', async (t) => {
  const { apps, folder, env } = await openOffice(t)
  const { desk, triage, database } = apps
  const report = await sendReport(apps)
  await apps.release()
  const sam = await signIn(triage, 'sam')
  const state = (await sam.get('/key')).json()
  const { keys, body } = await makeProposal(
    { deskKey: desk.keys.identity, liveKey: sam.desk.key },
    state.members,
  )
  t.equal((await sam.post('/key/proposal', body)).statusCode, 204)
  t.equal(await acceptKey(database.owner, desk.id, () => true), 'accepted')
  const sheet = join(folder, 'sheet.txt')
  writeFileSync(sheet, keys.recoveryIdentity)
  const stored = await baken(['open', '--identity', sheet, '--report', report], { env })
  t.match(stored.stdout, 'The door is locked from outside.')
  const dump = join(folder, 'dump.sql')
  writeFileSync(dump, await dumpOf(apps))
  const opened = await baken(['open', '--identity', sheet, dump])
  t.match(opened.stdout, 'The door is locked from outside.')
})

/** Rows lie in random order, so the pieces do too. */
async function cutFileIntoPieces({ database }: TestApps): Promise<void> {
  await database.owner.query(
    `insert into report_part select id, 2, report, kind, substr(sealed, 2001) from report_part where kind = 'file'`,
  )
  await database.owner.query(
    `insert into report_part select id, 1, report, kind, substr(sealed, 1001, 1000) from report_part
     where kind = 'file' and chunk = 0`,
  )
  await database.owner.query(
    `update report_part set sealed = substr(sealed, 1, 1000) where kind = 'file' and chunk = 0`,
  )
}

/** What pg_dump writes; where only the embedded server is, the same layout, which has no such program. */
async function dumpOf({ database }: TestApps): Promise<string> {
  if (databaseKind === 'system') {
    const dump = spawnSync('pg_dump', [database.ownerUrl], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
    if (dump.status !== 0) throw new Error(dump.stderr)
    return dump.stdout
  }
  const { rows } = await database.owner.query<Record<string, string>>(
    `select id, chunk::text, report, kind, '\\\\x' || encode(sealed, 'hex') as sealed from report_part`,
  )
  const shares = await database.owner.query<Record<string, string>>(
    `select desk, member, '\\\\x' || encode(sealed, 'hex') as sealed from desk_key_share`,
  )
  const keys = await database.owner.query<Record<string, string>>(
    `select id, coalesce('\\\\x' || encode(earlier, 'hex'), '\\N') as earlier from desk_key`,
  )
  return `--
-- PostgreSQL database dump
--
${copyBlock('desk_key', ['id', 'earlier'], keys.rows)}
${copyBlock('desk_key_share', ['desk', 'member', 'sealed'], shares.rows)}
${copyBlock('report_part', ['id', 'chunk', 'report', 'kind', 'sealed'], rows)}`
}

function copyBlock(
  table: string,
  columns: readonly string[],
  rows: readonly Record<string, string>[],
): string {
  const lines = rows.map((row) => columns.map((column) => row[column]).join('\t'))
  return `COPY public.${table} (${columns.join(', ')}) FROM stdin;\n${lines.join('\n')}\n\\.\n`
}
