// Wim had the key and left. Sam makes a new one, the operator accepts it after hearing six words, and open work is sealed
// anew; later nobody has the key any more, and the sheet in the safe brings everything back.
import { randomBytes } from 'node:crypto'
import type { BrowserContextOptions, Page } from 'playwright-core'
import t from 'tap'
import { makeDeskKeys, makeMemberKeys, makeVouch, sealShare } from '../../server/member-keys.js'
import { packPart, unpackPart } from '../../server/report/envelope.js'
import { createMember } from '../../server/storage/owner.js'
import { ACCESS, accessOf, type RouteName } from '../../server/triage/access-table.js'
import { actorIn, ask } from '../support/access.js'
import { startApps } from '../support/apps.js'
import { findings, OVERFLOWS } from '../support/axe.js'
import { DESKTOP, launchBrowser, listen, NARROW, type Visit, visit } from '../support/browser.js'
import { baken, bakenJson } from '../support/cli.js'
import { PASSPHRASE } from '../support/desk.js'
import { sealTo, signIn } from '../support/desk-client.js'
import { dirtyPhoto } from '../support/dirty-files.js'
import { createReporter } from '../support/reporter.js'
import { openedBy, sealedRows } from '../support/sealed-rows.js'
import { sendReport } from '../support/send-report.js'

const OPEN = ['waiting', 'claimed']
/** The parts of a report without files. */
const SECTIONS = 6
const ROW_BYTES = 1024 * 1024
/** at the end */
const OPEN_REPORTS = 4

t.setTimeout(240_000)
const apps = await startApps(t)
const { database, desk, triage, intake } = apps
const { owner } = database
const origin = await listen(triage)
const browser = await launchBrowser(t)
const env = { DATABASE_URL: database.ownerUrl, PARTNER_ORIGIN: origin, DEFAULT_LANGUAGE: 'en' }

async function typeWords(page: Page, name: string, words = PASSPHRASE): Promise<void> {
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('Your six words').fill(words)
  await page.keyboard.press('Enter')
}

async function openAs(name: string, look: BrowserContextOptions = { viewport: DESKTOP }): Promise<Visit> {
  const seen = await visit(browser, origin, look)
  await seen.page.goto(`${origin}/en/`)
  await typeWords(seen.page, name)
  await seen.page.locator('nav').first().waitFor()
  return seen
}

const said = (page: Page, words: string | RegExp) => page.locator('.message').getByText(words).waitFor()

/** A report with a picture; gives its code. */
async function reportWithFile(words: string): Promise<string> {
  const noor = createReporter(intake)
  await noor.post('/en/report/words', { words })
  await noor.upload('/en/report/files', [{ bytes: await dirtyPhoto({ canary: 'canary' }) }])
  const page = (await noor.post('/en/report/code', {})).body
  const code = /(?:\d{4} ?){6}/.exec(page.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' '))?.[0] ?? ''
  const received = await noor.post('/en/report/send', { with_code: 'yes', written: 'yes' })
  if (!received.body.includes('Received')) throw new Error('the report was not received')
  return code.replace(/\D/g, '')
}

/** Reads the words on the page to the operator, who accepts. */
async function accept(page: Page): Promise<void> {
  const words = await page.locator('#new-key-words').innerText()
  const typed = words.toUpperCase().replaceAll(' ', '-')
  const ran = await baken(['keys', 'accept', '--desk', 'Test desk', '--words', typed], { env })
  if (ran.code !== 0) throw new Error(ran.stderr)
}

async function addMember(name: string): Promise<string> {
  const keys = await makeMemberKeys(PASSPHRASE)
  return createMember(owner, {
    desk: desk.id,
    name,
    roles: ['triager'],
    keys,
    share: await sealShare(desk.keys.identity, keys.recipient),
    vouch: makeVouch(desk.keys.identity, name, keys.recipient),
  })
}

let code = ''
let otherCode = ''

t.test('who leaves is refused at once, everywhere, and the desk is told to make a new key', async (t) => {
  code = await reportWithFile('the first house')
  otherCode = await reportWithFile('the second house')
  await apps.release()
  const wimId = await addMember('wim')
  const wim = await signIn(triage, 'wim')
  const kim = await actorIn(apps, 'administrator')
  const sam = await openAs('sam')
  t.equal(await sam.page.locator('#key-gone').count(), 0)

  t.equal((await kim.client.post(`/members/${wimId}/leave`)).statusCode, 204)
  const names = (Object.keys(ACCESS) as RouteName[]).filter((name) => accessOf(name).roles !== 'anyone')
  for (const name of names) {
    const answer = await ask(triage, name, {}, { cookie: wim.cookie, 'x-baken-proof': wim.proof })
    t.same(answer, { status: 401, problem: 'not-signed-in' }, name)
  }
  await t.rejects(signIn(triage, 'wim'))
  const { rowCount } = await owner.query('select from desk_key_share where member = $1', [wimId])
  t.equal(rowCount, 0, 'the share is gone')
  await sam.page.getByRole('button', { name: 'Refresh now' }).click()
  t.match(await sam.page.locator('section', { has: sam.page.locator('#key-gone') }).innerText(), /wim/)
  await sam.context.close()
})

t.test('a new key goes live when the operator heard its words, and open work is sealed anew', async (t) => {
  const ilseClient = await signIn(triage, 'ilse')
  const ilse = await openAs('ilse')
  const claimed = await ilseClient.claimNext()
  const { rows: mailboxes } = await owner.query<{ id: string }>('select id from mailbox order by id')
  for (const { id } of mailboxes) await ilseClient.ask(id, 'What colour?')
  const noor = createReporter(intake)
  const page = (await noor.post('/en/return', { code })).body
  const question = /name="question" value="([^"]+)"/.exec(page)?.[1] ?? ''
  await noor.post('/en/return/messages', { question, answer: 'white' })
  await noor.post('/en/return/add', { words: 'and a dent' })
  await noor.upload('/en/return/files', [{ bytes: await dirtyPhoto({ canary: 'canary' }) }])
  await noor.post('/en/return/files/send', { go: 'yes' })
  await sendReport(intake, { words: 'assessed before' })
  await apps.release()
  await owner.query(
    `update queue_item set state = 'assessed', member = $1 where report =
       (select report from report_part group by report having count(*) = ${SECTIONS})`,
    [ilseClient.member.id],
  )
  // Somebody with the rights of the partner app puts another recipient under a member's name.
  await addMember('noa')
  const false_ = await makeMemberKeys(PASSPHRASE)
  await owner.query(`update member set recipient = $1 where name = 'noa'`, [false_.recipient])

  const { page: sam, complaints, elsewhere } = await openAs('sam')
  await sam.getByRole('link', { name: 'Make a new key' }).click()
  t.match(
    await sam.locator('section', { has: sam.locator('#key-receivers') }).innerText(),
    /at once: .*ilse.*sam/,
  )
  t.match(await sam.getByText('Have to wait').innerText(), /: noa\.$/, 'for whom nobody vouched')
  await sam.getByRole('button', { name: 'Go on' }).click()
  t.same(await sam.locator('.error-summary a').allInnerTexts(), ['Choose whether the sheet is still good.'])
  await sam.getByLabel(/^Yes: nobody/).check()
  await sam.getByRole('button', { name: 'Go on' }).click()
  await sam.getByRole('heading', { name: 'Call the operator' }).waitFor()

  t.equal((await database.owner.query('select from desk_key')).rowCount, 1, 'nothing is live yet')
  const refused = await baken(['keys', 'accept', '--desk', 'Test desk', '--words', 'one two three'], { env })
  t.equal(refused.code, 1)
  t.match(refused.stderr, /not the words/)
  const listed = await bakenJson(['keys', 'list', '--desk', 'Test desk'], { env })
  t.match(listed.json, { proposal: { by: 'sam', shares: 2 }, gone: ['wim'] })
  t.notMatch(
    listed.stdout,
    (await sam.locator('#new-key-words').innerText()).split(' ').slice(0, 2).join(' '),
  )
  await ilse.page.evaluate(`location.hash = 'key'`)
  await ilse.page.getByText('stand only on the page of sam').waitFor()
  t.same(await findings(sam), [])
  await accept(sam)
  await said(sam, 'The new key works.')
  await sam.getByRole('heading', { name: 'The key of the desk' }).waitFor()

  const before = await sealedRows(owner)
  const { identity: old, recoveryIdentity } = desk.keys
  await sendReport(intake, { words: 'after the new key' })
  await apps.release()
  const fresh = (await sealedRows(owner)).filter(({ id }) => !before.some((row) => row.id === id))
  t.equal(fresh.length, SECTIONS)
  for (const row of fresh) t.equal(await openedBy(old, row), null, `the old key does not open ${row.kind}`)

  await ilse.page.evaluate(`location.hash = 'report-${claimed}'`)
  await ilse.page
    .getByText(/the (first|second) house/)
    .first()
    .waitFor()
  await ilse.page.evaluate(`location.hash = 'inbox'`)
  await ilse.page.locator('.row').first().waitFor()
  t.equal(await ilse.page.locator('.damage').count(), 0, 'Ilse reads on, old and new')

  await sam.reload()
  await typeWords(sam, 'sam')
  await sam.getByText('3 open reports are not yet sealed').waitFor()
  await sam.getByRole('button', { name: 'Seal open work anew' }).click()
  // Three reports with their files; two questions, an answer, words and a file that came later.
  await sam.getByText('Done. 19 parts were sealed anew.').waitFor()
  await sam.getByText('All open reports are sealed to this key.').waitFor()
  const after = await sealedRows(owner, OPEN)
  for (const row of after) t.equal(await openedBy(old, row), null, `${row.kind}: closed to the old key`)
  for (const row of after.filter(({ id }) => before.some((one) => one.id === id))) {
    const one = before.find(({ id }) => id === row.id)
    if (!one) continue
    t.equal(row.sealed.length, one.sealed.length, 'as long as before')
    t.equal(await openedBy(recoveryIdentity, row), await openedBy(old, one), `${row.kind}: the same inside`)
  }
  t.equal((await owner.query('select from resealed_part')).rowCount, 0, 'nothing waits any more')
  const asked = (await createReporter(intake).post('/en/return', { code: otherCode })).body
  t.match(asked, 'What colour?', 'the reporter still reads what the desk asked')
  const reader = await signIn(triage, 'ilse')
  const { rows } = await owner.query<{ id: string }>(
    `select m.id from mailbox m where exists (select from addition a where a.mailbox = m.id)`,
  )
  t.same(await reader.additions(rows[0]?.id ?? ''), ['added_file image/jpeg', 'addition and a dent'])
  t.same(await reader.answers(rows[0]?.id ?? ''), ['white'])

  await sam.getByRole('button', { name: 'Seal open work anew' }).click()
  await sam.getByText('Done. 0 parts were sealed anew.').waitFor()
  t.same([complaints, elsewhere], [[], []])
})

t.test('a page that is open takes up no key that does not know the one before', async (t) => {
  const { page, context } = await openAs('ilse')
  await page.locator('.row').first().waitFor()
  // Somebody with all rights on the database puts in a key of their own, and a share of it for Ilse.
  const attacker = await makeDeskKeys()
  const { rows } = await owner.query(
    `select d.recipient, d.recovery_recipient, m.recipient as ilse, k.sealed, k.member
     from desk d join member m on m.desk = d.id join desk_key_share k on k.member = m.id where m.name = 'ilse'`,
  )
  const [before] = rows
  const swapKeys = async () => {
    const { rows: keys } = await owner.query('select id from desk_key where not live')
    await owner.query('update desk_key set live = false')
    await owner.query('update desk_key set live = true where id = $1', [keys[0].id])
  }
  const setKey = (recipient: string, recovery: string, sealed: Uint8Array) =>
    Promise.all([
      owner.query('update desk set recipient = $2, recovery_recipient = $3 where id = $1', [
        desk.id,
        recipient,
        recovery,
      ]),
      owner.query('update desk_key_share set sealed = $2 where member = $1', [before.member, sealed]),
    ])
  await swapKeys()
  await setKey(
    attacker.recipient,
    attacker.recoveryRecipient,
    await sealShare(attacker.identity, before.ilse),
  )
  await page.getByRole('button', { name: 'Refresh now' }).click()
  await said(page, 'a new key that does not know the one before')
  await swapKeys()
  await setKey(before.recipient, before.recovery_recipient, before.sealed)
  await page.getByRole('button', { name: 'Refresh now' }).click()
  await page.locator('.message').getByText('does not know').waitFor({ state: 'detached' })
  t.equal(await page.locator('.damage').count(), 0, 'with the right key she reads on')
  await context.close()
})

t.test('a browser that dies while it seals loses nothing, and a second run goes on', async (t) => {
  await owner.query('update report_part set desk_key = null')
  const { keys } = (await (await signIn(triage, 'sam')).get('/key')).json()
  t.equal(keys.length, 2)
  const live = await deskKeyOf('sam')
  // As if everything of the open reports had come before the new key: sealed to the old one.
  const before = await sealBack(live)

  const { page, context } = await openAs('sam', { viewport: NARROW })
  await page.evaluate(`location.hash = 'key'`)
  for (const broken of ['**/pieces', '**/tries/*', '**/put']) {
    let passed = 0
    await context.route(broken, (route) => (++passed > 2 ? route.abort() : route.continue()))
    await page.getByRole('button', { name: 'Seal open work anew' }).click()
    await said(page, /connection/i)
    await context.unroute(broken)
    for (const row of await sealedRows(owner, OPEN)) {
      const inside = (await openedBy(desk.keys.identity, row)) ?? (await openedBy(live, row))
      t.equal(inside, before.get(row.id), `${broken}: ${row.kind} still opens, the same inside`)
    }
  }
  // Somebody stops it; by keyboard, like what follows.
  await context.route('**/put', () => undefined)
  await page.getByRole('button', { name: 'Seal open work anew' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Stop' }).focus()
  await page.keyboard.press('Enter')
  await page.getByText('Stopped. What is sealed anew stays so.').waitFor()
  t.equal(
    await page.evaluate('document.activeElement.textContent'),
    'Seal open work anew',
    'the focus stays near',
  )
  await context.unroute('**/put')
  await page.keyboard.press('Enter')
  await page.getByText(/^Done\. \d+ parts? (was|were) sealed anew\.$/).waitFor()
  for (const row of await sealedRows(owner, OPEN)) {
    t.equal(await openedBy(desk.keys.identity, row), null)
    t.equal(await openedBy(live, row), before.get(row.id))
  }
  t.same(await findings(page), [])
  t.notOk(await page.evaluate(OVERFLOWS), 'it fits a narrow page')
})

t.test('nobody has the key any more: the sheet in the safe brings everything back', async (t) => {
  const old = await deskKeyOf('sam')
  const kim = await signIn(triage, 'only administrator')
  const { people } = (await kim.get('/members')).json() as {
    people: { id: string; name: string; hasKey: boolean }[]
  }
  for (const { id, hasKey } of people)
    if (hasKey) t.equal((await kim.post(`/members/${id}/leave`)).statusCode, 204)
  t.equal(
    (await owner.query('select from desk_key_share k join member m on m.id = k.member where not m.left_desk'))
      .rowCount,
    0,
  )

  const roles = 'triager,desk_lead,key_holder'
  const invited = await bakenJson(['invite', '--desk', 'Test desk', '--name', 'Robin', '--roles', roles], {
    env,
  })
  const { page, context, complaints } = await visit(browser, origin, { viewport: NARROW })
  await page.goto((invited.json as { link: string }).link)
  await page.getByRole('heading', { name: 'Your six words' }).waitFor()
  const words = await page.locator('#new-passphrase li').allInnerTexts()
  await page.getByLabel('Type your six words from the paper').fill(words.join(' '))
  await page.getByRole('button', { name: 'Make my key' }).click()
  await page.getByText('You are a member.').waitFor()
  await typeWords(page, 'robin', words.join(' '))
  await page.getByRole('heading', { name: 'You wait for the key' }).waitFor()
  await page.getByRole('link', { name: 'Use the recovery sheet' }).click()

  const field = page.getByLabel('The key on the sheet')
  const tryKey = async (typed: string, answer: string): Promise<void> => {
    await field.fill(typed)
    await page.getByRole('button', { name: 'Go on' }).click()
    await page.locator('.error-summary').getByText(answer).waitFor()
  }
  const { recoveryIdentity } = desk.keys
  await tryKey(recoveryIdentity.slice(0, -1), 'This is not a whole key.')
  await tryKey(old, 'This sheet does not belong to this desk.')
  t.same(await findings(page), [])
  const grouped = (recoveryIdentity.match(/.{1,4}/g) ?? []).join(' ').toLowerCase()
  await field.fill(grouped)
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.getByRole('heading', { name: 'The new recovery sheet' }).waitFor()
  const newSheet = (await page.locator('#recovery-identity').innerText()).replace(/\s/g, '')
  t.not(newSheet, recoveryIdentity)
  t.notOk(await page.evaluate(OVERFLOWS), 'the sheet fits a narrow page')
  await page.getByRole('button', { name: 'Make the new key' }).click()
  t.match(await page.locator('.error-summary a').innerText(), /safe/)
  await page.getByLabel('The recovery sheet is printed').check()
  await page.getByRole('button', { name: 'Make the new key' }).click()
  await page.getByRole('heading', { name: 'Call the operator' }).waitFor()
  t.same(await findings(page), [])
  t.notOk(await page.evaluate(OVERFLOWS), 'the words fit a narrow page')
  await accept(page)
  await said(page, 'The new key works.')

  await page.getByRole('button', { name: 'Seal open work anew' }).click()
  await page.getByText(/^Done\. \d+ parts were sealed anew\.$/).waitFor()
  const rows = await sealedRows(owner, OPEN)
  for (const row of rows) {
    t.equal(
      await openedBy(recoveryIdentity, row),
      null,
      `${row.kind}: the old sheet does not open it any more`,
    )
    t.ok(await openedBy(newSheet, row), `${row.kind}: the new sheet does`)
  }
  await sendReport(intake, { words: 'reported after the loss' })
  await apps.release()
  await owner.query(`update queue_item set state = 'waiting', member = null where state = 'claimed'`)
  const read: string[] = []
  for (let i = 0; i < OPEN_REPORTS; i++) {
    await page.evaluate(`location.hash = 'inbox'`)
    await page.getByRole('button', { name: 'Take the next report' }).click()
    const found = page.locator('.words').first()
    await found.waitFor()
    read.push(await found.innerText())
  }
  await page.getByRole('button', { name: 'Lock' }).click()
  await page.getByLabel('Your six words').fill(words.join(' '))
  await page.keyboard.press('Enter')
  await page.locator('nav').waitFor()
  t.same(read.sort(), ['after the new key', 'reported after the loss', 'the first house', 'the second house'])
  await page.evaluate(`location.hash = 'inbox'`)
  await page.locator('.row').first().waitFor()
  t.equal(await page.locator('.damage').count(), 0, 'what was assessed long ago opens too')
  t.same(complaints, [])
  await context.close()
})

/** The desk's live identity, as a member's browser opens it. */
async function deskKeyOf(name: string): Promise<string> {
  return (await signIn(triage, name)).deskKey ?? ''
}

function larger(opened: string): string {
  const { label } = unpackPart(Buffer.from(opened, 'hex'))
  return Buffer.from(packPart(label, randomBytes(2_700_000))).toString('hex')
}

/** Puts everything of the open reports back as it came: sealed to the first key. Gives what is inside, by id. */
async function sealBack(live: string): Promise<Map<string, string>> {
  const inside = new Map<string, string>()
  for (const row of await sealedRows(owner, OPEN)) {
    const opened = await openedBy(live, row)
    if (opened === null) throw new Error(`${row.kind} does not open`)
    // A file that takes several rows, the last of them not a whole one.
    const isFile = row.place === 'report_part' && row.kind === 'file'
    const plain = isFile ? larger(opened) : opened
    inside.set(row.id, plain)
    if (row.place !== 'report_part') continue
    const sealed = await sealTo([desk.keys.recipient, desk.keys.recoveryRecipient], Buffer.from(plain, 'hex'))
    await owner.query('delete from report_part where id = $1 and chunk > 0', [row.id])
    for (let chunk = 0; chunk * ROW_BYTES < sealed.length; chunk++) {
      const bytes = sealed.subarray(chunk * ROW_BYTES, (chunk + 1) * ROW_BYTES)
      await owner.query(
        chunk === 0
          ? 'update report_part set sealed = $2 where id = $1 and chunk = $3'
          : `insert into report_part (id, chunk, report, kind, sealed)
             select id, $3, report, kind, $2 from report_part where id = $1 and chunk = 0`,
        [row.id, bytes, chunk],
      )
    }
  }
  return inside
}
