// The same journey with browsers that show text alone: lynx walks through the questions, w3m reads the pages.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { startApps, type TestApps } from '../support/apps.js'
import { listen } from '../support/browser.js'
import { openJson } from '../support/desk.js'
import { createReporter } from '../support/reporter.js'

const WORDS = 'They sleep in the shed behind the barn'

/** How often Tab is pressed from the top of a page to the control that `wanted` is part of. */
function tabsTo(html: string, wanted: string): number {
  const controls =
    html.slice(html.indexOf('<body>')).match(/<(a|button|textarea|input)\b[^>]*>([^<]*)/g) ?? []
  const at = controls
    .filter((control) => !control.includes('type="hidden"'))
    .findIndex((control) => control.includes(wanted))
  if (at < 0) throw new Error(`no control with ${wanted}`)
  return at
}

const tab = (times: number): string[] => Array.from({ length: times }, () => 'key ^I')
const type = (text: string): string[] => [...text].map((sign) => `key ${sign === ' ' ? '<space>' : sign}`)
const ENTER = 'key ^J'

/** Keys that answer one page: to the control, use it, on to the button, press it. */
function answer(html: string, control: string, button: string, use: string[]): string[] {
  const first = tabsTo(html, control)
  return [...tab(first), ...use, ...tab(tabsTo(html, button) - first), ENTER]
}

async function lynx(url: string, keys: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'baken-lynx-'))
  const script = join(folder, 'keys')
  await writeFile(script, `${[...keys, 'key Q', 'key Y'].join('\n')}\n`)
  const run = spawn(
    'lynx',
    ['-accept_all_cookies', '-nopause', `-cmd_script=${script}`, '-term=xterm', url],
    {
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        TERM: 'xterm',
        LANG: 'C.UTF-8',
        LINES: '50',
        COLUMNS: '100',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let screen = ''
  run.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text
  })
  const timer = setTimeout(() => run.kill('SIGKILL'), 60_000)
  await new Promise((resolve) => run.on('close', resolve))
  clearTimeout(timer)
  await rm(folder, { recursive: true, force: true })
  return screen
}

/** The pages as lynx will meet them, from a reporter who walks ahead with a draft of her own. */
async function pagesAhead(apps: TestApps) {
  const ahead = createReporter(apps.intake)
  const danger = (await ahead.get('/en/report/danger')).body
  await ahead.post('/en/report/danger', { danger: 'yes' })
  const who = (await ahead.get('/en/report/who')).body
  await ahead.post('/en/report/who', { vantage: 'citizen' })
  const words = (await ahead.get('/en/report/words')).body
  await ahead.post('/en/report/words', { words: WORDS })
  const check = (await ahead.get('/en/report/check')).body
  return { who, danger, words, check }
}

t.setTimeout(120_000)

t.test('a report arrives from lynx', async (t) => {
  const apps = await startApps(t)
  const origin = await listen(apps.intake)
  const pages = await pagesAhead(apps)
  const go = (path: string): string[] => ['key g', ...type(origin + path), ENTER]
  const screen = await lynx(`${origin}/en/report/danger`, [
    ...answer(pages.danger, 'value="yes"', 'Continue', [ENTER]),
    ...go('/en/report/who'),
    ...answer(pages.who, 'value="citizen"', 'Continue', [ENTER]),
    ...go('/en/report/words'),
    ...answer(pages.words, '<textarea', 'Continue', type(WORDS)),
    ...go('/en/report/check'),
    ...tab(tabsTo(pages.check, 'Send the report')),
    ENTER,
  ])
  t.ok(screen.includes('Received'), 'lynx shows "received"')
  await apps.release()
  const { rows } = await apps.database.owner.query<{ report: string; sealed: Uint8Array }>(
    `select report, sealed from report_part where kind = 'situation'`,
  )
  t.equal(rows.length, 1)
  const { report, sealed } = rows[0] ?? { report: '', sealed: new Uint8Array() }
  t.match(await openJson(apps.desk.keys.identity, sealed, { kind: 'situation', of: report }), {
    words: new RegExp(WORDS),
    danger: 'yes',
  })
})

t.test('w3m reads every kind of page and finds the way to help', async (t) => {
  const apps = await startApps(t)
  const origin = await listen(apps.intake)
  for (const path of ['/nl/', '/en/signs/1', '/nl/help', '/en/report', '/en/report/all', '/nl/nowhere']) {
    const dump = spawn('w3m', ['-dump', '-cols', '60', origin + path], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    let text = ''
    dump.stdout.setEncoding('utf8').on('data', (more: string) => {
      text += more
    })
    await new Promise((resolve) => dump.on('close', resolve))
    t.match(text, '112', path)
    t.match(text, /Hulp en telefoonnummers|Help and telephone numbers/, path)
    t.notMatch(text, /undefined|\[object/, path)
  }
})

t.ok(spawnSync('lynx', ['--version']).status === 0, 'lynx is there')
