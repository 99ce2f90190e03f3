// Reporters on their way: drafts and mailboxes in the states that pages are looked at in.
import type { TestApps } from './apps.js'
import { dirtyPhoto } from './dirty-files.js'
import { createReporter } from './reporter.js'
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
  await noor.upload('/nl/return/files', [{ bytes: await dirtyPhoto() }, { bytes: Buffer.from('no picture') }])
  return noor.cookie()
}
