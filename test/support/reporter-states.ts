// Reporters on their way: drafts and mailboxes in the states that pages are looked at in.
import { type Answers, NO_ANSWERS } from '../../server/report/report.js'
import type { TestApps } from './apps.js'
import type { Visit } from './browser.js'
import { hiddenValue } from './calm-page.js'
import { signIn } from './desk-client.js'
import { dirtyPdf, dirtyPhoto } from './dirty-files.js'
import { createReporter, type Reporter } from './reporter.js'
import { ROADS } from './road-texts.js'
import { sendReport } from './send-report.js'

/** A draft that waits at each step with an error or an answer, and its cookie. */
export async function draftInAllStates(apps: TestApps): Promise<string> {
  const noor = createReporter(apps.intake)
  await noor.post('/nl/report/who', { vantage: 'client' })
  await noor.post('/nl/report/danger', { danger: 'yes' })
  await noor.post('/nl/report/what', { forms: ['sexual'] })
  await noor.post('/nl/report/signs', { signs: ['s1', 'x9'] })
  await noor.post('/nl/report/words', { words: 'x'.repeat(50_001) })
  await noor.post('/nl/report/where', { municipality: 'Bergen' })
  await noor.post('/nl/report/when', { when: 'now', whenWords: 'Mijn naam is Noor Bakker' })
  await noor.post('/nl/report/more/people', { 'people-count': 'x', 'people-person': 'y' })
  await coverNothing(noor, '/nl/report/files', [{ bytes: await dirtyPhoto() }])
  await noor.upload('/nl/report/files', [{ bytes: Buffer.from('not a picture') }])
  await noor.post('/nl/report/code', {})
  await noor.post('/nl/report/send', { with_code: 'yes' })
  await noor.post('/nl/return', { code: '1234' })
  return noor.cookie()
}

/** The cookie of somebody whose report was received. */
export async function cookieAfterSending({ intake }: TestApps): Promise<string> {
  const noor = createReporter(intake)
  await noor.post('/nl/report/signs', { signs: ['s6'] })
  await noor.post('/nl/report/send', {})
  return noor.cookie()
}

/** A draft of somebody who may be a minor to whom it happens; its cookie. */
export async function draftOfMinor({ intake }: TestApps): Promise<string> {
  const noor = createReporter(intake)
  await noor.post('/nl/report/who', { vantage: 'affected' })
  await noor.post('/nl/report/signs', { signs: ['s16'] })
  await noor.post('/nl/report/code', {})
  await noor.post('/nl/report/send', { with_code: 'yes' })
  return noor.cookie()
}

/** A mailbox that was opened, with something to correct at each of its pages; its cookie. */
export async function mailboxInAllStates({ intake }: TestApps): Promise<string> {
  const code = await sendReport(intake, { words: 'some words', written: 'yes' })
  const noor = createReporter(intake)
  await noor.post('/nl/return', { code })
  await noor.post('/nl/return/add', { words: 'x'.repeat(50_001) })
  await coverNothing(noor, '/nl/return/files', [{ bytes: await dirtyPhoto() }])
  await noor.upload('/nl/return/files', [{ bytes: Buffer.from('no picture') }])
  return noor.cookie()
}

/** Adds a file and goes to cover parts of it, without ticking any. */
async function coverNothing(
  noor: Reporter,
  path: string,
  files: Parameters<Reporter['upload']>[1],
): Promise<void> {
  const file = hiddenValue((await noor.upload(path, files)).body, 'file')
  await noor.post(`${path}/cover/boxes`, { file, page: '1', columns: '6', rows: '1' })
}

/** A page to look at: what it shows, its path without the language, and whose it is. */
export interface ReporterPage {
  readonly name: string
  readonly path: string
  /** null for a stranger */
  readonly cookie: string | null
}

/** Opens a page in a language, as the one whose page it is. */
export async function openAs(
  { page, context }: Pick<Visit, 'page' | 'context'>,
  { path, cookie }: ReporterPage,
  site: string,
): Promise<void> {
  await context.clearCookies()
  const [name = '', value = ''] = cookie?.split('=') ?? []
  if (cookie) await context.addCookies([{ name, value, url: site }])
  await page.goto(site + path)
  // The focus goes to the list of mistakes a moment after the page has come.
  const focused = page.locator('[autofocus]')
  if ((await focused.count()) > 0) await focused.and(page.locator(':focus')).waitFor()
}

/** Every page of the road, the one page, the mailbox, help and safety, in the states people meet, in any language. */
export async function reporterPages(apps: TestApps): Promise<ReporterPage[]> {
  const pages: ReporterPage[] = []
  const add = (cookie: string | null, names: Readonly<Record<string, string>>): void => {
    for (const [name, path] of Object.entries(names)) pages.push({ name, path, cookie })
  }
  add(null, {
    home: '/',
    start: '/report',
    danger: '/report/danger',
    'one-page': '/report/all',
    gone: '/report/words',
    code: '/return',
    help: '/help',
    safety: '/safety',
  })
  const client = await draftOf(apps, ROADS.client)
  const list = await client.upload('/nl/report/files', [{ bytes: await dirtyPhoto() }])
  await client.post('/nl/report/files/cover', { file: hiddenValue(list.body, 'file') })
  await client.post('/nl/report/code', {})
  const steps = ['who', 'what', 'signs', 'words', 'where', 'when', 'files', 'check']
  add(client.cookie(), Object.fromEntries(steps.map((step) => [step, `/report/${step}`])))
  const more = ['behind', 'spot', 'know'].map((group) => [`more-${group}`, `/report/more/${group}`])
  add(client.cookie(), {
    ...Object.fromEntries(more),
    'first-client': '/report/first',
    cover: '/report/files/cover',
    'code-made': '/report/code',
  })
  for (const entry of ['sex_worker', 'professional', 'affected'] as const) {
    const noor = await draftOf(apps, ROADS[entry])
    const own = ['first', 'signs', 'words'].map((step) => [`${step}-${entry}`, `/report/${step}`])
    add(noor.cookie(), Object.fromEntries(own))
    if (entry === 'professional') add(noor.cookie(), { 'more-people': '/report/more/people' })
    if (entry === 'affected') add(noor.cookie(), { now: '/report/now' })
  }
  const telling = await draftOf(apps, { ...NO_ANSWERS, words: 'My name is Noor Bakker. Call 06 12345678.' })
  add(telling.cookie(), { look: '/report/look' })
  add(await draftOfMinor(apps), { 'check-minor': '/report/check', 'code-minor': '/report/code' })
  add(await draftWithMistakes(apps), {
    'signs-wrong': '/report/signs',
    'where-wrong': '/report/where',
    'more-wrong': '/report/more/people',
    'files-wrong': '/report/files',
    'check-wrong': '/report/check',
    'return-wrong': '/return',
  })
  const covering = await draftOf(apps, NO_ANSWERS)
  await coverNothing(covering, '/nl/report/files', [{ bytes: await dirtyPdf() }])
  add(covering.cookie(), { 'cover-wrong': '/report/files/cover' })
  const sent = await draftOf(apps, ROADS.citizen)
  await sent.post('/nl/report/send', {})
  add(sent.cookie(), { received: '/report/received' })
  for (const page of await mailboxPages(apps)) pages.push(page)
  return pages
}

/** A mailbox with nothing in it, with a question, withdrawn, ended, and with something to correct. */
async function mailboxPages(apps: TestApps): Promise<ReporterPage[]> {
  const open = async (): Promise<Reporter> => {
    const noor = createReporter(apps.intake)
    await noor.post('/nl/return', { code: await sendReport(apps.intake, { signs: ['l1'], written: 'yes' }) })
    return noor
  }
  const asked = await open()
  await apps.release()
  const { rows } = await apps.database.owner.query<{ id: string }>('select id from mailbox')
  const sam = await signIn(apps.triage, 'sam')
  await sam.ask(rows[0]?.id ?? '', 'Which days does the van come?')
  const quiet = await open()
  const withdrawn = await open()
  await withdrawn.post('/nl/return/withdraw', { go: 'yes' })
  const ended = await open()
  await ended.post('/nl/return/end', { go: 'yes' })
  const wrong = await open()
  await wrong.post('/nl/return/add', { words: '' })
  await wrong.upload('/nl/return/files', [
    { bytes: await dirtyPhoto() },
    { bytes: Buffer.from('no picture') },
  ])
  const page = (name: string, act: string, noor: Reporter): ReporterPage => ({
    name: `messages-${name}`,
    path: `/return/${act}`,
    cookie: noor.cookie(),
  })
  return [
    page('question', 'messages', asked),
    page('none', 'messages', quiet),
    page('withdraw', 'withdraw', quiet),
    page('end', 'end', quiet),
    page('withdrawn', 'messages', withdrawn),
    page('ended', 'ended', ended),
    page('add-wrong', 'add', wrong),
    page('files-wrong', 'files', wrong),
  ]
}

/** A draft with these answers, given in the order of the road. */
async function draftOf({ intake }: TestApps, answers: Answers): Promise<Reporter> {
  const noor = createReporter(intake)
  const { danger, vantage, forms, signs, words, municipality, place, when, whenWords, details } = answers
  await noor.post('/nl/report/danger', { danger: danger ?? '' })
  await noor.post('/nl/report/who', { vantage: vantage ?? '' })
  await noor.post('/nl/report/what', { forms })
  await noor.post('/nl/report/signs', { signs })
  await noor.post('/nl/report/words', { words })
  await noor.post('/nl/report/where', { municipality, place })
  await noor.post('/nl/report/when', { when: when ?? '', whenWords })
  for (const group of new Set(Object.keys(details).map((name) => name.split('-')[0] ?? '')))
    await noor.post(`/nl/report/more/${group}`, details)
  return noor
}

/** Short mistakes, as people make them. */
async function draftWithMistakes(apps: TestApps): Promise<string> {
  const noor = await draftOf(apps, NO_ANSWERS)
  await noor.post('/nl/report/send', {})
  await noor.post('/nl/report/signs', { signs: ['x9'] })
  await noor.post('/nl/report/where', { municipality: 'Bergen' })
  await noor.post('/nl/report/more/people', { 'people-count': 'x' })
  await noor.upload('/nl/report/files', [])
  await noor.post('/nl/report/send', {})
  await noor.post('/nl/return', { code: '1234' })
  return noor.cookie()
}
