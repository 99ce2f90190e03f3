// Without a mouse: the whole road and the one page by keyboard alone, in a small window, the road with large letters
// too. The focus can always be seen, and neither it nor the way out ever lies under anything.
import t from 'tap'
import { startApps } from '../support/apps.js'
import { LARGE_LETTERS, launchBrowser, listen, NARROW, visit } from '../support/browser.js'
import { keyboardHand } from '../support/keyboard.js'
import { fillOnePage, walkRoad } from '../support/road.js'
import { ROADS, sealedSections, site } from '../support/road-texts.js'
import { openReports } from '../support/stored-reports.js'

t.setTimeout(120_000)

t.test('the road can be walked by keyboard alone, with letters of 200 % in a small window', async (t) => {
  const apps = await startApps(t)
  const origin = await listen(apps.intake)
  const browser = await launchBrowser(t, LARGE_LETTERS)
  const { page, complaints } = await visit(browser, origin, { viewport: NARROW })
  const hand = keyboardHand(page)
  const look = async (step: string): Promise<void> => {
    t.same(await hand.sweep(), [], step)
  }
  await walkRoad({ page, origin, language: 'nl', answers: ROADS.affected, hand, look })
  t.same([...new Set(hand.faults)], [])
  t.same(complaints, [])
  await apps.release()
  t.match(await openReports(apps.database.owner, apps.desk), [sealedSections('nl', ROADS.affected)])
})

t.test('the one page can be filled in by keyboard alone', async (t) => {
  const apps = await startApps(t)
  const origin = await listen(apps.intake)
  const { page } = await visit(await launchBrowser(t), origin, { viewport: NARROW })
  const hand = keyboardHand(page)
  await page.goto(`${origin}/en/report/all`)
  t.same(await hand.sweep(), [])
  await fillOnePage({ page, language: 'en', answers: ROADS.client, hand })
  await page.getByRole('heading', { level: 1, name: site.translate('en')('received.title') }).waitFor()
  t.same(await hand.sweep(), [], 'received')
  t.same([...new Set(hand.faults)], [])
  await apps.release()
  t.match(await openReports(apps.database.owner, apps.desk), [sealedSections('en', ROADS.client)])
})
