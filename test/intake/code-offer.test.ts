// To whom a code is offered, and how: chosen by the reporter, and for somebody who may be a minor in trouble only after
// the reason why not.
import t from 'tap'
import { startApps } from '../support/apps.js'
import { createReporter, type Reporter } from '../support/reporter.js'
import { countRows } from '../support/stored-reports.js'

const { intake, database } = await startApps(t)
const REASON = 'Are you younger than 18? Then we advise against a code.'
const MINORS_SIGN = 's16'
const OTHER_SIGN = 's1'

async function begin(vantage: string, signs: string): Promise<Reporter> {
  const noor = createReporter(intake)
  await noor.post('/en/report/who', { vantage })
  await noor.post('/en/report/signs', { signs })
  return noor
}

t.test(
  'somebody to whom it happens who ticks a sign of minors reads the reason before the offer',
  async (t) => {
    const noor = await begin('affected', MINORS_SIGN)
    const { body } = await noor.get('/en/report/check')
    t.ok(body.includes(REASON))
    const details = body.slice(body.indexOf('<details>'), body.indexOf('</details>'))
    t.match(details, 'action="/en/report/code"', 'the offer itself is folded away')
    t.notMatch(body.replace(details, ''), 'action="/en/report/code"')
    t.ok(body.indexOf(REASON) < body.indexOf('<details>'))
  },
)

t.test('with a code shown to them, sending without it is the main choice', async (t) => {
  const noor = await begin('affected', MINORS_SIGN)
  const { body } = await noor.post('/en/report/code', {})
  t.ok(body.includes(REASON))
  const main = /<button name="go" value="yes">([^<]*)/.exec(body)?.[1]
  t.equal(main, 'Send without a code after all')
  t.ok(body.indexOf(main ?? '') < body.indexOf('Send the report with this code'))
  const sent = await noor.post('/en/report/send', { with_code: 'yes', written: 'yes' })
  t.match(sent.body, '<h1>Received</h1>', 'who wants one gets it')
  t.equal(await countRows(database.owner, 'arrival_mailbox'), 1)
})

t.test('nobody else is held up by it', async (t) => {
  for (const [vantage, sign] of [
    ['citizen', MINORS_SIGN],
    ['professional', MINORS_SIGN],
    ['affected', OTHER_SIGN],
  ] as const) {
    const noor = await begin(vantage, sign)
    const { body } = await noor.get('/en/report/check')
    t.notOk(body.includes(REASON), `${vantage} ${sign}`)
    t.notMatch(body, '<details>')
    t.notOk((await noor.post('/en/report/code', {})).body.includes(REASON))
  }
})

t.test('the one page says it to everybody, as nothing is ticked there yet', async (t) => {
  const { body } = await createReporter(intake).get('/en/report/all')
  t.ok(body.includes(REASON))
  t.ok(body.indexOf(REASON) < body.indexOf('class="code"'))
  t.notMatch(/<input[^>]*id="written"[^>]*>/.exec(body)?.[0], 'checked', 'and no code is asked for by itself')
})
