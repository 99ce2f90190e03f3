// Every page must come over a slow line as one request of at most 14 KB, headers included, before anybody typed
// anything: that is what fits into the first packets of a connection.
import t from 'tap'
import { loadTexts } from '../../server/i18n/index.js'
import { publicPages } from '../../server/intake/page-routes.js'
import { loadSite } from '../../server/intake/site.js'
import { detailName } from '../../server/report/details.js'
import { startApps } from '../support/apps.js'
import { createReporter } from '../support/reporter.js'

const MOST_BYTES = 14 * 1024
const STEPS = ['who', 'danger', 'what', 'signs', 'words', 'where', 'when', 'files', 'check', 'code']

const { intake } = await startApps(t, { demonstration: true })
const site = loadSite({ siteName: 'Baken', defaultLanguage: 'nl', demonstration: true })
const { languages } = loadTexts()

function bytesOnTheWire(answer: { headers: Record<string, unknown>; rawPayload: Buffer }): number {
  const head = Object.entries(answer.headers).map(([name, value]) => `${name}: ${String(value)}\r\n`)
  return Buffer.byteLength(`HTTP/1.1 200 OK\r\n${head.join('')}\r\n`) + answer.rawPayload.length
}

for (const encoding of ['br', 'gzip']) {
  for (const { code } of languages) {
    t.test(`pages without a draft (${code}, ${encoding})`, async (t) => {
      const open = [...publicPages(site).keys()].filter((path) => path.startsWith(`/${code}/`))
      const more = ['/report', '/report/danger', '/report/all', '/return', '/nowhere', '/report/words']
      for (const url of [...open, ...more.map((path) => `/${code}${path}`)]) {
        const answer = await intake.inject({ url, headers: { 'accept-encoding': encoding } })
        t.ok([200, 203, 404].includes(answer.statusCode), url)
        const bytes = bytesOnTheWire(answer)
        t.ok(bytes <= MOST_BYTES, `${url}: ${bytes} bytes`)
      }
    })

    t.test(`pages of a draft and of a mailbox (${code}, ${encoding})`, async (t) => {
      const noor = createReporter(intake, { 'accept-encoding': encoding })
      await noor.postOnly(`/${code}/report/danger`, { danger: 'yes' })
      await noor.postOnly(`/${code}/report/who`, { vantage: 'professional' })
      await noor.postOnly(`/${code}/report/what`, { forms: [] })
      await noor.postOnly(`/${code}/report/code`, {})
      const path = (step: string) => `/${code}/report/${step}`
      for (const step of [...STEPS, 'now', 'first', 'more/people', 'more/behind', 'more/spot', 'more/know']) {
        const answer = await noor.get(path(step))
        t.equal(answer.statusCode, 200, step)
        const bytes = bytesOnTheWire(answer)
        t.ok(bytes <= MOST_BYTES, `${step}: ${bytes} bytes`)
      }
      await noor.postOnly(path('danger'), { danger: 'no' })
      await noor.postOnly(path('send'), { with_code: 'yes', written: 'yes' })
      for (const [step, status] of [
        ['code', 422],
        ['check', 422],
      ] as const) {
        const answer = await noor.get(path(step))
        t.ok([200, status].includes(answer.statusCode), step)
        t.ok(bytesOnTheWire(answer) <= MOST_BYTES, step)
      }
    })
  }
}

t.test('with its errors and everything chosen the one page still fits', async (t) => {
  const signs = site.signs('nl').map(({ id }) => id)
  const forms = site.forms('nl').map(({ code }) => code as string)
  const chosen = site.catalogue.details.flatMap((group) =>
    group.questions.map((question) => [detailName(group, question), question.options.map(({ id }) => id)]),
  )
  for (const encoding of ['br', 'gzip']) {
    const noor = createReporter(intake, { 'accept-encoding': encoding })
    const answer = await noor.post('/nl/report/all', {
      signs,
      forms,
      municipality: 'x',
      vantage: 'x',
      when: 'x',
      ...Object.fromEntries(chosen),
    })
    t.equal(answer.statusCode, 422)
    const bytes = bytesOnTheWire(answer)
    t.ok(bytes <= MOST_BYTES, `${encoding}: ${bytes} bytes`)
  }
})
