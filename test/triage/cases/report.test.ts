// A report as its reader gets it: sealed parts out, a sealed assessment in.
import { randomUUID } from 'node:crypto'
import t from 'tap'
import { packJson } from '../../../server/report/envelope.js'
import { startApps } from '../../support/apps.js'
import { openPart } from '../../support/desk.js'
import { base64, type DeskClient, sealTo, signIn } from '../../support/desk-client.js'
import { dirtyPhoto } from '../../support/dirty-files.js'
import { createReporter } from '../../support/reporter.js'
import { createSecondDesk } from '../../support/second-desk.js'
import { sendReport } from '../../support/send-report.js'
import { countRows } from '../../support/stored-reports.js'

const apps = await startApps(t)
const { triage, intake, database, desk, log } = apps
await createSecondDesk(database.owner)
const [sam, ilse, bo] = [
  await signIn(triage, 'sam'),
  await signIn(triage, 'ilse'),
  await signIn(triage, 'bo'),
]

interface Facts {
  readonly mine: boolean
  readonly assessment: string | null
  readonly parts: readonly { id: string; kind: string; bytes: number }[]
}

const factsOf = async (member: DeskClient, report: string) =>
  (await member.get(`/reports/${report}`)).json() as Facts

/** The only report there is, claimed by Sam. */
async function claimed(): Promise<string> {
  await database.owner.query('delete from report')
  await sendReport(intake)
  await apps.release()
  return (await sam.claimNext()) ?? ''
}

const linesOf = async (report: string): Promise<string[]> => {
  const { rows } = await database.owner.query<{ act: string }>(
    'select act from audit where report = $1 order by number',
    [report],
  )
  return rows.map(({ act }) => act)
}

t.test('every part comes out as it was stored, also one that lies in several rows', async (t) => {
  await database.owner.query('delete from report')
  const noor = createReporter(intake)
  const sent = await noor.upload('/en/report/all', [{ bytes: await dirtyPhoto({ canary: 'X' }) }])
  t.equal(sent.statusCode, 200)
  await apps.release()
  const report = (await sam.claimNext()) ?? ''
  const file = await database.owner.query<{ id: string }>(`select id from report_part where kind = 'file'`)
  // The same bytes in three rows, laid down in the wrong order.
  await database.owner.query(
    `with whole as (delete from report_part where kind = 'file' returning *)
     insert into report_part select id, n, report, kind, substr(sealed, n * 5000 + 1, case n when 2 then 99999999 else 5000 end)
     from whole, generate_series(2, 0, -1) n`,
  )
  const { parts } = await factsOf(sam, report)
  t.same(parts.map(({ kind }) => kind).sort(), [
    'file',
    'header',
    'offenders',
    'place',
    'situation',
    'source',
    'victims',
  ])
  for (const { id, kind, bytes } of parts) {
    const answer = await sam.get(`/reports/${report}/parts/${id}`)
    t.equal(answer.headers['content-type'], 'application/octet-stream')
    t.equal(answer.rawPayload.length, bytes)
    const opened = await openPart(desk.keys.identity, answer.rawPayload)
    t.match(opened.label, { kind, of: report })
  }
  t.same(
    parts.filter(({ kind }) => kind === 'file').map(({ id }) => id),
    file.rows.map(({ id }) => id),
  )
})

t.test(
  'only the one who has a report opens it; once it is assessed everybody of the desk does',
  async (t) => {
    const report = await claimed()
    const { parts } = await factsOf(sam, report)
    const paths = [`/reports/${report}`, ...parts.map(({ id }) => `/reports/${report}/parts/${id}`)]
    for (const path of paths) {
      const refused = await ilse.get(path)
      t.equal(refused.statusCode, 403)
      t.equal(refused.body, '{"problem":"not-allowed"}')
    }
    await sam.assess(report, { usable: true, reason: 'concrete', note: '' })
    for (const path of paths) t.equal((await ilse.get(path)).statusCode, 200)
    t.match(await factsOf(ilse, report), { mine: false, state: 'assessed', claimedBy: 'sam' })
  },
)

t.test('a report that waits is open to nobody', async (t) => {
  await database.owner.query('delete from report')
  await sendReport(intake)
  await apps.release()
  const [item] = await sam.inbox()
  t.equal((await sam.get(`/reports/${item?.id}`)).statusCode, 403)
})

t.test('another desk is told the same of a report that is there and of one that is not', async (t) => {
  const report = await claimed()
  await sam.assess(report, { usable: true, reason: 'concrete', note: '' })
  const { parts } = await factsOf(sam, report)
  for (const path of ['', `/parts/${parts[0]?.id}`, `/parts/${randomUUID()}`]) {
    const [known, unknown] = await Promise.all(
      [report, randomUUID()].map((id) => bo.get(`/reports/${id}${path}`)),
    )
    t.equal(known?.statusCode, 404)
    t.equal(known?.body, '{"problem":"not-found"}')
    t.same([known?.body, known?.statusCode], [unknown?.body, unknown?.statusCode])
  }
  const sealed = base64(new Uint8Array(10))
  t.equal((await bo.post(`/reports/${report}/assessment`, { sealed })).statusCode, 404)
})

t.test('a part is given only as a part of its own report', async (t) => {
  const first = await claimed()
  await sendReport(intake)
  await apps.release()
  const second = (await ilse.claimNext()) ?? ''
  const { parts } = await factsOf(ilse, second)
  t.equal((await sam.get(`/reports/${first}/parts/${parts[0]?.id}`)).statusCode, 404)
})

t.test('ids that are unknown, none at all or built to break something are not found', async (t) => {
  const report = await claimed()
  const { parts } = await factsOf(sam, report)
  const ids = [randomUUID(), '1', 'header', '%00', "'--", '..%2f..%2fetc', `${report}x`, 'a'.repeat(100)]
  for (const id of ids) {
    for (const path of [
      `/reports/${id}`,
      `/reports/${report}/parts/${id}`,
      `/reports/${id}/parts/${parts[0]?.id}`,
    ]) {
      const answer = await sam.get(path)
      t.equal(answer.statusCode, 404, path)
      t.equal(answer.body, '{"problem":"not-found"}')
    }
  }
  t.same(log, [])
})

t.test('each opening of a report and of a file leaves a line, of a section none', async (t) => {
  await database.owner.query('delete from report')
  await createReporter(intake).upload('/en/report/all', [{ bytes: await dirtyPhoto({ canary: 'X' }) }])
  await apps.release()
  const report = (await sam.claimNext()) ?? ''
  const { parts } = await factsOf(sam, report)
  for (const { id } of parts) await sam.get(`/reports/${report}/parts/${id}`)
  t.same(await linesOf(report), ['report.claimed', 'report.opened', 'report.file-opened'])
})

t.test('an assessment comes back as it was sealed, once, from the one who has the report', async (t) => {
  const report = await claimed()
  const packed = packJson({ kind: 'assessment', of: report }, { usable: true, reason: 'concrete', note: 'n' })
  const sealed = base64(await sealTo([desk.keys.recipient], packed))
  const path = `/reports/${report}/assessment`
  t.equal((await ilse.post(path, { sealed })).statusCode, 403)
  t.equal((await sam.get(`/reports/${report}`)).json().assessment, null)
  const answers = await Promise.all(Array.from({ length: 6 }, () => sam.post(path, { sealed })))
  t.same(answers.map(({ statusCode }) => statusCode).sort(), [204, 409, 409, 409, 409, 409])
  t.equal((await factsOf(ilse, report)).assessment, sealed)
  t.equal((await ilse.post(path, { sealed })).statusCode, 409, 'nobody overwrites it')
  t.equal((await linesOf(report)).filter((act) => act === 'report.assessed').length, 1)
  t.same(log, [])
})

t.test('an assessment of another shape or beyond its size is refused and leaves nothing', async (t) => {
  const report = await claimed()
  const path = `/reports/${report}/assessment`
  const bodies: [object, number][] = [
    [{}, 400],
    [{ sealed: '' }, 400],
    [{ sealed: 'not base64!' }, 400],
    [{ sealed: 12 }, 400],
    [{ sealed: ['AAAA'] }, 400],
    [{ sealed: 'AAAA', note: 'in clear' }, 400],
    [{ sealed: base64(new Uint8Array(256 * 1024 + 3)) }, 400],
    [{ sealed: 'A'.repeat(600 * 1024) }, 413],
  ]
  for (const [body, status] of bodies) {
    const answer = await sam.post(path, body)
    t.equal(answer.statusCode, status, JSON.stringify(body).slice(0, 40))
    t.match(answer.body, /^\{"problem":"[a-z-]+"\}$/)
  }
  t.equal(await countRows(database.owner, `assessment where report = '${report}'`), 0)
  t.match(await factsOf(sam, report), { state: 'claimed' })
  t.equal((await sam.post(path, { sealed: base64(new Uint8Array(256 * 1024)) })).statusCode, 204)
})
