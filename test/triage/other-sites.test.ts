// What other sites can make the browser of a member send. A site on another port or under the same domain counts as the
// same site, so the cookie goes along; what a page may send there without asking is a form, a text or nothing.
import t from 'tap'
import { startApps } from '../support/apps.js'
import { signIn } from '../support/desk-client.js'
import { sendReport } from '../support/send-report.js'
import { countRows } from '../support/stored-reports.js'

const apps = await startApps(t)
const { triage, intake, database } = apps
const sam = await signIn(triage, 'sam')
const NOBODY = '00000000-0000-4000-8000-000000000000'

/** A POST with the cookie as another site's page can send it; `type` is null for no body. */
const send = (url: string, type: string | null, body = '{}') =>
  triage.inject({
    method: 'POST',
    url,
    headers: { cookie: sam.cookie, 'x-baken-proof': sam.proof, ...(type && { 'content-type': type }) },
    ...(type && { payload: body }),
  })

const SIMPLE = [
  null,
  'text/plain',
  'text/plain; charset=application/json',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'text/html, application/json',
]

t.test('what another site can send does nothing, though the cookie goes along', async (t) => {
  await sendReport(intake)
  await apps.release()
  const [item] = await sam.inbox()
  const lines = await countRows(database.owner, 'audit')
  for (const type of SIMPLE) {
    for (const url of [
      '/claim-next',
      `/reports/${item?.id}/claim`,
      `/reports/${item?.id}/hand-back`,
      `/reports/${item?.id}/assessment`,
      `/mailboxes/${NOBODY}/close`,
      `/mailboxes/${NOBODY}/questions`,
      `/members/${NOBODY}/share`,
      '/sign-out',
    ]) {
      const answer = await send(url, type)
      t.equal(answer.statusCode, 415, `${type} ${url}`)
      t.equal(answer.body, '{"problem":"wrong-content-type"}')
    }
  }
  t.match(await sam.inbox(), [{ state: 'waiting' }])
  t.equal(await countRows(database.owner, 'audit'), lines)
})

t.test('nobody is signed in or joins by the page of another site', async (t) => {
  const body = JSON.stringify({ name: 'sam', authentication: 'A'.repeat(44), token: 'A'.repeat(43) })
  for (const type of SIMPLE) {
    for (const url of ['/sign-in', '/sign-in/begin', '/join', '/join/begin']) {
      const answer = await send(url, type, body)
      t.ok([400, 415].includes(answer.statusCode), `${type} ${url}`)
      t.notOk(answer.headers['set-cookie'])
    }
  }
})

t.test('a page of another site that asks whether it may send JSON gets no yes', async (t) => {
  const asked = await triage.inject({
    method: 'OPTIONS',
    url: '/claim-next',
    headers: { origin: 'https://other.example', 'access-control-request-method': 'POST' },
  })
  t.equal(asked.statusCode, 404)
  t.notMatch(Object.keys(asked.headers).join(), /access-control/)
})

t.test('no answer lets another site read it or put it in a frame', async (t) => {
  for (const url of ['/inbox', '/session', '/nl/', '/desk.js', '/nowhere']) {
    const { headers } = await triage.inject({
      url,
      headers: { cookie: sam.cookie, 'x-baken-proof': sam.proof, origin: 'https://other.example' },
    })
    t.equal(headers['access-control-allow-origin'], undefined, url)
    t.equal(headers['cross-origin-resource-policy'], 'same-origin')
    t.match(headers['content-security-policy'], /frame-ancestors 'none'/)
  }
})
