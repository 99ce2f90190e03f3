// The queue on the screen: two triagers side by side, filters and views that the server does not learn, the calm sign of
// something urgent, giving a report to a colleague, and a claim that time took back.
import type { Page } from 'playwright-core'
import t from 'tap'
import { startApps } from '../support/apps.js'
import { findings, OVERFLOWS } from '../support/axe.js'
import { DESKTOP, launchBrowser, listen, NARROW, type Visit, visit } from '../support/browser.js'
import { PASSPHRASE } from '../support/desk.js'
import { makeReports, type ReportToMake } from '../support/make-reports.js'
import { sendReport } from '../support/send-report.js'

t.setTimeout(180_000)
const apps = await startApps(t)
const { owner } = apps.database
const origin = await listen(apps.triage)
const browser = await launchBrowser(t)
await owner.query(`update member set reading_languages = '{pl}' where name = 'sam'`)
await owner.query(`update member set roles = '{triager}', reading_languages = '{nl}' where name = 'ilse'`)

interface Seat extends Visit {
  /** everything the page sent */
  readonly sent: string[]
}

/** Somebody of the desk with the inbox on the screen. Sounds are counted in the page, as `sounds`. */
async function sitDown(
  name: string,
  options: object = { viewport: DESKTOP },
  prepare: (page: Page) => Promise<unknown> = async () => undefined,
): Promise<Seat> {
  const seat = await visit(browser, origin, options)
  const sent: string[] = []
  const { page } = seat
  await prepare(page)
  page.on('request', (request) => sent.push(`${request.url()} ${request.postData() ?? ''}`))
  await page.addInitScript(`
    window.sounds = 0
    const start = OscillatorNode.prototype.start
    OscillatorNode.prototype.start = function (...rest) { window.sounds++; return start.apply(this, rest) }`)
  await page.goto(`${origin}/en/`)
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('Your six words').fill(PASSPHRASE)
  await page.keyboard.press('Enter')
  await page.locator('.views').waitFor()
  return { ...seat, sent }
}

/** These reports wait, and nothing else. */
async function waiting(...reports: readonly ReportToMake[]): Promise<string[]> {
  await owner.query('delete from report')
  const ids = await makeReports(owner, apps.desk, reports)
  await apps.release()
  return ids
}

const goTo = (page: Page, route: string) => page.evaluate(`location.hash = '${route}'`)
const rows = (page: Page) => page.locator('.row')
const opened = (page: Page) => page.locator('.row', { hasNotText: 'Being opened' })

t.test('two triagers take a hundred reports side by side: each goes to one of them', async (t) => {
  await waiting(...Array.from({ length: 100 }, () => ({})))
  const seats = await Promise.all([sitDown('sam'), sitDown('ilse')])
  const taken = await Promise.all(
    seats.map(async ({ page }) => {
      const got: string[] = []
      for (;;) {
        const answer = page.waitForResponse((response) => response.url().endsWith('/claim-next'))
        await page.getByRole('button', { name: 'Take the next report' }).click()
        const { report } = (await (await answer).json()) as { report: string | null }
        if (report === null) return got
        got.push(report)
        await page.getByRole('heading', { name: 'Report', exact: true }).waitFor()
        await goTo(page, 'inbox')
      }
    }),
  )
  t.ok(
    taken.every((got) => got.length > 0),
    taken.map((got) => got.length).join(' and '),
  )
  t.equal(taken.flat().length, 100)
  t.equal(new Set(taken.flat()).size, 100)
  const { rows: lines } = await owner.query(
    `select count(*)::integer as n from audit where act = 'report.claimed'`,
  )
  t.same(lines, [{ n: 100 }])
  for (const { context } of seats) await context.close()
})

t.test('filters work on what was opened; a view is kept sealed, and its address says nothing', async (t) => {
  await waiting(
    { urgent: true, header: { language: 'pl', danger: 'yes', municipality: 'GM0344' } },
    { header: { language: 'pl', municipality: 'GM0363' }, files: 2 },
    { header: { language: 'nl', minor: true }, halfDay: '2026-11-20 am' },
    { header: { language: 'nl', mailbox: '8c8c5d1e-6f3c-4c5e-9a53-0d6b6c8d1f00' } },
  )
  const sam = await sitDown('sam')
  const { page } = sam
  const tick = (name: RegExp) => page.locator('.facets').getByRole('checkbox', { name }).check()
  await opened(page).nth(3).waitFor()
  await page.getByText('Filter the list').click()
  await page.getByLabel(/^Polish 2/).waitFor()
  await tick(/^Polish/)
  t.equal(await rows(page).count(), 2)
  t.match(await page.locator('.filters-on').innerText(), /shows 2 reports.*Polish/s)
  await tick(/^With files/)
  t.equal(await rows(page).count(), 1, 'both at once')
  t.equal(await page.getByLabel(/^Dutch 0|^Dutch/).count(), 0, 'with these files nothing is in Dutch')
  await page
    .locator('.filters-on')
    .getByRole('button', { name: /With files/ })
    .click()
  await page.getByLabel('Part of the name of a municipality').fill('trech')
  t.equal(await rows(page).count(), 1)
  t.match(await rows(page).textContent(), 'Utrecht')
  await page.getByText('Keep this filter as a view').click()
  await page.getByLabel('Name of the view').fill('canary of a name')
  await page.getByLabel('For the whole team').check()
  await page.getByRole('button', { name: 'Keep the view' }).click()
  await page.getByText('The view is kept.').waitFor()
  t.match(page.url(), /#view-[0-9a-f-]{36}$/)
  t.notMatch(await page.title(), 'canary')
  const posted = sam.sent.join('\n')
  t.match(posted, '/views ')
  t.notMatch(posted, /canary|trech|"pl"|GM0344/)
  const stored = await owner.query(`select encode(sealed, 'escape') as sealed from saved_view`)
  t.equal(stored.rowCount, 1)
  t.notMatch(JSON.stringify(stored.rows), /canary|trech/)

  const ilse = await sitDown('ilse')
  await ilse.page.getByRole('link', { name: 'canary of a name (team)' }).click()
  await ilse.page.locator('.filters-on').getByText('shows 1 report').waitFor()
  t.match(await rows(ilse.page).textContent(), 'Utrecht')
  t.equal(await ilse.page.getByRole('button', { name: 'Remove this view' }).count(), 0)
  await page.getByRole('button', { name: 'Remove this view' }).click()
  await page.getByText('The view is removed.').waitFor()
  await page.locator('.filters-on').getByText('Polish').waitFor()
  t.pass('the list goes on as it was filtered')
  await page.getByRole('button', { name: 'Clear the filter' }).click()
  t.equal(await rows(page).count(), 4)
  await page.getByRole('button', { name: 'Lock now' }).click()
  await page.getByRole('heading', { name: 'Locked' }).waitFor()
  t.notMatch(await page.content(), /canary|Polish/)
  t.same([...sam.complaints, ...ilse.complaints], [])
  await Promise.all([sam.context.close(), ilse.context.close()])
})

t.test(
  'something urgent is said calmly, to each member until they heard it, with a sound only if asked',
  async (t) => {
    await waiting({})
    const [sam, ilse] = await Promise.all([sitDown('sam'), sitDown('ilse')])
    const sounds = (page: Page) => page.evaluate<number>('window.sounds')
    const sign = (page: Page) => page.locator('.alerts .urgent-sign')
    await ilse.page.getByLabel('A soft sound when something urgent is new').check()
    t.equal(await sounds(ilse.page), 2, 'two notes, to know it')
    await goTo(sam.page, 'help')
    await sam.page.getByRole('heading', { name: 'Help directory', exact: true }).waitFor()
    t.equal(await sign(sam.page).count(), 0)
    const [urgent = ''] = await makeReports(owner, apps.desk, [{ urgent: true }])
    await apps.triageStorage.releaseArrivals(false)
    for (const { page } of [sam, ilse]) {
      await sign(page).waitFor()
      t.match(await sign(page).innerText(), '1 urgent report')
      t.match(await page.title(), /^\(!\) /)
    }
    t.same([await sounds(sam.page), await sounds(ilse.page)], [0, 4])
    t.equal(
      await sign(ilse.page).evaluate(
        'getComputedStyle(document.querySelector(".urgent-sign")).animationName',
      ),
      'none',
    )
    // Sam reads it: for Ilse nothing is silenced by that, and nothing sounds again.
    await sam.page.getByRole('link', { name: 'Show the reports' }).click()
    await sam.page.locator(`#act-${urgent}`).click()
    await sam.page.getByRole('heading', { name: 'Report', exact: true }).waitFor()
    await ilse.page.locator(`#row-${urgent}`).getByText('sam reads this').waitFor()
    t.equal(await sign(ilse.page).count(), 1)
    t.equal(await sounds(ilse.page), 4)
    await sign(sam.page).waitFor({ state: 'detached' })
    await ilse.page.getByRole('button', { name: 'Heard', exact: true }).click()
    await sign(ilse.page).waitFor({ state: 'detached' })
    t.notMatch(await ilse.page.title(), /\(!\)/)
    await ilse.page.getByRole('button', { name: 'Refresh now' }).click()
    await ilse.page.getByRole('button', { name: 'Lock now' }).click()
    await ilse.page.getByLabel('Your six words').fill(PASSPHRASE)
    await ilse.page.keyboard.press('Enter')
    await opened(ilse.page).first().waitFor()
    t.equal(await sign(ilse.page).count(), 0, 'what was heard stays heard')
    t.same([...sam.complaints, ...ilse.complaints], [])
    await Promise.all([sam.context.close(), ilse.context.close()])
  },
)

t.test(
  'the next one in a language that one reads; a report is given on, and its new member is told',
  async (t) => {
    const [dutch = '', polish = ''] = await waiting(
      { header: { language: 'nl' }, halfDay: '2026-11-20 am' },
      { header: { language: 'pl' } },
    )
    const [sam, ilse] = await Promise.all([sitDown('sam'), sitDown('ilse')])
    await opened(sam.page).nth(1).waitFor()
    await sam.page.getByRole('button', { name: 'Take the next one in Polish' }).click()
    await sam.page.getByRole('heading', { name: 'Report', exact: true }).waitFor()
    t.match(sam.page.url(), polish, 'although the other one waits for longer')
    await goTo(sam.page, 'inbox')
    await sam.page.getByRole('button', { name: 'Take the next one in Polish' }).click()
    await sam.page.getByText('none of them is in a language that you read').waitFor()

    await sam.page.locator(`#more-${dutch}`).click()
    const dialog = sam.page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Follow this report' }).click()
    await sam.page.getByText('You follow this report now.').waitFor()
    t.equal(await sam.page.evaluate('document.activeElement.id'), `more-${dutch}`)
    await sam.page.locator(`#more-${dutch}`).click()
    await dialog.getByRole('button', { name: 'Give the report' }).click()
    t.equal(await dialog.locator('.error-summary a').count(), 2, 'to whom, and why')
    t.match(await dialog.innerText(), /ilse – reads Dutch \(the language of this report\)/)
    await dialog.getByLabel(/^ilse/).check()
    await dialog.getByLabel('Language', { exact: true }).check()
    await dialog.getByRole('button', { name: 'Give the report' }).click()
    await sam.page.getByText('ilse has the report now.').waitFor()
    const told = ilse.page.locator('.notice', { hasText: 'sam gave you a report' })
    await told.waitFor()
    t.match(await told.innerText(), 'Why: Language.')
    await told.getByRole('button', { name: /^Open/ }).click()
    await ilse.page.getByRole('button', { name: 'Give the report back' }).click()
    await sam.page.locator('.notice', { hasText: 'A report that you follow changed' }).waitFor()
    await goTo(sam.page, 'watched')
    await rows(sam.page).first().waitFor()
    t.same(await rows(sam.page).evaluateAll((all) => all.map((row) => row.getAttribute('data-report'))), [
      dutch,
    ])
    await sam.page.getByRole('button', { name: /^Heard/ }).click()
    await sam.page.getByText('The message is gone.').waitFor()
    t.equal(await sam.page.locator('.notice').count(), 0)
    t.same([...sam.complaints, ...ilse.complaints], [])
    await Promise.all([sam.context.close(), ilse.context.close()])
  },
)

t.test(
  'a claim that time took back says so, and what was typed is there when it is taken again',
  async (t) => {
    await owner.query('delete from report')
    await sendReport(apps.intake, { words: 'a van at night' })
    await apps.release()
    const { page, context, complaints } = await sitDown('ilse')
    await page.getByRole('button', { name: 'Take the next report' }).click()
    await page.getByText('a van at night').waitFor()
    await page.getByLabel('Usable', { exact: true }).check()
    await page.getByLabel('Note').fill('a long thought')
    await owner.query(`update queue_item set leased_until = now() - interval '1 second'`)
    t.equal(await apps.triageStorage.endLeases(), 1)
    const lost = page.locator('.notice', { hasText: 'not with you any more' })
    await lost.waitFor()
    await page.getByLabel('Concrete enough to work with').check()
    await page.getByRole('button', { name: 'Save the assessment' }).click()
    await page.getByText('What you typed is still here').waitFor()
    await lost.getByRole('button', { name: 'Take this report' }).click()
    await page.getByText('The report is with you.').waitFor()
    await page.getByText('a van at night').waitFor()
    t.equal(await page.getByLabel('Note').inputValue(), 'a long thought')
    await page.getByRole('button', { name: 'Save the assessment' }).click()
    await page.getByText('The assessment is saved.').waitFor()
    t.same(
      complaints.filter((text) => !/status of 40[39]/.test(text)),
      [],
    )
    await context.close()
  },
)

t.test('a claim is renewed each minute while somebody is at work, and not while nobody is', async (t) => {
  await owner.query('delete from report')
  await sendReport(apps.intake, { words: 'a van at night' })
  await apps.release()
  const { page, context, sent } = await sitDown('ilse', { viewport: DESKTOP }, (seat) => seat.clock.install())
  await page.getByRole('button', { name: 'Take the next report' }).click()
  await page.getByText('a van at night').waitFor()
  const renewals = () => sent.filter((request) => /\/renew /.test(request)).length
  const minutes = async (count: number) => {
    for (let i = 0; i < count; i++) await page.clock.runFor(60_000)
  }
  await page.getByLabel('Note').fill('at work')
  await page.keyboard.press('End')
  const renewed = page.waitForResponse((response) => response.url().endsWith('/renew'))
  await minutes(1)
  t.equal((await renewed).status(), 204)
  await minutes(6)
  const before = renewals()
  t.ok(before >= 1 && before <= 6, `${before} renewals`)
  await minutes(5)
  t.equal(renewals(), before, 'the page is open, and nobody there')
  await context.close()
})

t.test('without the line a page asks once a minute, and opens the line again', async (t) => {
  const [urgent = ''] = await waiting({ urgent: true })
  let isCut = true
  const { page, context, sent } = await sitDown('sam', { viewport: DESKTOP }, async (seat) => {
    await seat.clock.install()
    await seat.route('**/events', (route) => (isCut ? route.abort() : route.continue()))
  })
  const row = page.locator(`#row-${urgent}`)
  await row.getByText('within the hour').waitFor()
  await owner.query('update queue_age set rounds_left = 0')
  await page.clock.runFor(61_000)
  await row.getByText('over an hour').waitFor()
  t.match(await page.locator('.group.urgent .band').allTextContents(), ['Over the target'])
  isCut = false
  const opened = page.waitForResponse((response) => response.url().endsWith('/events'))
  await page.clock.runFor(11_000)
  t.equal((await opened).status(), 200)
  await makeReports(owner, apps.desk, [{ urgent: true }])
  await apps.triageStorage.releaseArrivals(false)
  await page.locator('.group.urgent .row').nth(1).waitFor()
  t.ok(sent.filter((request) => request.includes('/events')).length < 20, 'and does not ask on and on')
  await context.close()
})

t.test(
  'after a flood the page holds the five thousand most pressing and draws fifty of a group',
  async (t) => {
    await owner.query('delete from report')
    await owner.query(
      `insert into arrival select gen_random_uuid(), $1, 'national', n % 100 = 0, '2026-11-23 pm', 0
     from generate_series(1, 6000) n`,
      [apps.desk.id],
    )
    await apps.release()
    const { page, context } = await sitDown('sam')
    await page.getByText('here are the 5000 most pressing ones').waitFor()
    const waitingRows = page.locator('.group.waiting .row')
    t.equal(await waitingRows.count(), 50)
    t.equal(await page.locator('.group.urgent .row').count(), 50)
    t.equal(await page.locator('.group.urgent h2 .count').innerText(), '60')
    const fiftieth = await waitingRows.nth(49).getAttribute('data-report')
    await page.locator('#show-more-waiting').click()
    t.equal(await waitingRows.count(), 100)
    t.equal(await waitingRows.nth(49).getAttribute('data-report'), fiftieth)
    t.equal(
      await page.evaluate('document.activeElement.closest(".row")?.dataset.report'),
      await waitingRows.nth(50).getAttribute('data-report'),
      'the focus is at the first new one',
    )
    await context.close()
  },
)

t.test(
  'the views of the queue are clean: narrow and dark, in forced colours, from right to left',
  async (t) => {
    const ids = await waiting(
      { urgent: true, header: { danger: 'yes', language: 'pl' } },
      { header: { language: 'nl' } },
      {},
    )
    const { rows: people } = await owner.query(`select id, name from member order by name`)
    const idOf = (name: string) => people.find((one) => one.name === name)?.id
    const given = {
      desk: apps.desk.id,
      report: ids[1] ?? '',
      by: idOf('ilse'),
      to: idOf('sam'),
      reason: 'absent' as const,
    }
    await apps.triageStorage.assign({ ...given, isLead: true })
    for (const look of [
      { name: 'narrow, dark', viewport: NARROW, colorScheme: 'dark' },
      { name: 'desktop, forced colours', viewport: DESKTOP, forcedColors: 'active' },
    ] as const) {
      const { page, context } = await sitDown('sam', look)
      const looksGood = async (state: string) => {
        t.same(await findings(page), [], `${state}, ${look.name}`)
        for (const direction of ['ltr', 'rtl']) {
          await page.evaluate(`document.documentElement.dir = '${direction}'`)
          t.notOk(await page.evaluate(OVERFLOWS), `${state} fits, ${direction}, ${look.name}`)
        }
      }
      await opened(page).nth(2).waitFor()
      await page.locator('.notice').waitFor()
      await page.getByText('Filter the list').click()
      await page
        .locator('.facets')
        .getByRole('checkbox', { name: /^Polish/ })
        .check()
      await page.getByText('Keep this filter as a view').click()
      await page.getByRole('button', { name: 'Keep the view' }).click()
      await page.locator('.error-summary').waitFor()
      await looksGood('inbox with filter, sign and notice')
      await page.locator(`#more-${ids[0]}`).click()
      await page.getByRole('button', { name: 'Give the report' }).click()
      await looksGood('giving with errors')
      await page.keyboard.press('Escape')
      await goTo(page, 'workload')
      await page.getByLabel('An urgent report is assessed').fill('7')
      await page.getByRole('button', { name: 'Save the targets' }).click()
      await page.locator('.error-summary').waitFor()
      await looksGood('work with errors')
      await page.getByLabel('An urgent report is assessed').fill('30')
      await page.getByRole('button', { name: 'Save the targets' }).click()
      await page.getByText('The targets are saved.').waitFor()
      await context.close()
    }
  },
)
