// Covering parts of a picture as people do it: ticking without JavaScript, drawing with a mouse or a finger, by keyboard
// alone in large letters, where one reads from right to left, and in the system's own colours.
import type { Locator, Page } from 'playwright-core'
import sharp from 'sharp'
import t, { type Test } from 'tap'
import { startApps } from '../support/apps.js'
import { watchBehind } from '../support/behind-back.js'
import { LARGE_LETTERS, launchBrowser, listen, NARROW, PHONE, visit } from '../support/browser.js'
import { hiddenValue } from '../support/calm-page.js'
import { databaseKind } from '../support/database.js'
import { dirtyPdf, dirtyPhoto } from '../support/dirty-files.js'
import { startElsewhere } from '../support/elsewhere.js'
import { keyboardHand } from '../support/keyboard.js'
import { createReporter } from '../support/reporter.js'

const COLUMNS = 6
/** The upper left quadrant of the photo, which is red: three columns, the first four of nine rows. */
const QUADRANT = [0, 6, 12, 18].flatMap((row) => [row, row + 1, row + 2])

t.setTimeout(120_000)

/** What a browser does is the same on every database. */
if (databaseKind === 'embedded') {
  const apps = await startApps(t, { quickExitUrl: `${await startElsewhere(t)}/` })
  const origin = await listen(apps.intake)
  const browser = await launchBrowser(t)

  /** A draft with a photo or a document of which parts are being covered; its cookie. */
  const begin = async (bytes?: Uint8Array, columns = '6'): Promise<string> => {
    const noor = createReporter(apps.intake)
    const listed = await noor.upload('/en/report/files', [{ bytes: bytes ?? (await dirtyPhoto()) }])
    await noor.post('/en/report/files/cover', { file: hiddenValue(listed.body, 'file'), columns })
    return noor.cookie()
  }
  const open = async (cookie: string, look: Parameters<typeof visit>[2] = {}, own = browser) => {
    const seen = await visit(own, origin, { viewport: PHONE, ...look })
    const [name = '', value = ''] = cookie.split('=')
    await seen.context.addCookies([{ name, value, url: origin }])
    await seen.page.goto(`${origin}/en/report/files/cover`)
    return seen
  }
  const square = (page: Page, cell: number): Locator => page.locator(`[name=cell][value="${cell}"]`)
  const ticked = (page: Page): Promise<number[]> =>
    page
      .locator('[name=cell]:checked')
      .evaluateAll((all) => all.map((one) => Number(one.getAttribute('value'))))
  const middle = async (page: Page, cell: number): Promise<{ x: number; y: number }> => {
    const box = await square(page, cell).boundingBox()
    if (!box) throw new Error(`square ${cell} is not there`)
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
  }
  /** The four quadrants of the first picture on the page, by their red, from left to right and from top to bottom. */
  const reds = async (page: Page): Promise<number[]> => {
    const src = (await page.locator('main img').first().getAttribute('src')) ?? ''
    const { data, info } = await sharp(Buffer.from(src.split(',')[1] ?? '', 'base64'))
      .raw()
      .toBuffer({ resolveWithObject: true })
    const at = (x: number, y: number): number =>
      data[(Math.floor(y * info.height) * info.width + Math.floor(x * info.width)) * info.channels] ?? 999
    return [at(0.2, 0.2), at(0.8, 0.2), at(0.2, 0.8), at(0.8, 0.8)]
  }
  const coverAndLook = async (t: Test, page: Page): Promise<void> => {
    await page.getByRole('button', { name: 'Cover these parts' }).click()
    await page.getByText('You covered parts of it.').waitFor()
    const [red = 999, green = 0, blue = 0, yellow = 0] = await reds(page)
    t.ok(red < 10, 'what was ticked is black')
    t.ok(green > 20 && blue > 30 && yellow > 180, 'the rest is there')
  }

  t.test('on a telephone without JavaScript: choose, tick, cover, and see it', async (t) => {
    const { page, complaints } = await open(await begin(), { javaScriptEnabled: false })
    await page.getByRole('link', { name: 'Back' }).click()
    await page.getByRole('button', { name: 'Cover parts of file 1' }).click()
    await page.getByRole('heading', { level: 1, name: /^Does your own name/ }).waitFor()
    t.notOk(
      await page.getByText('draw over the picture').isVisible(),
      'nothing is offered that needs a script',
    )
    await page.getByRole('button', { name: 'Cover these parts' }).click()
    await page.getByRole('link', { name: 'You have not ticked a square yet.' }).click()
    for (const cell of QUADRANT) await square(page, cell).check()
    t.same(await ticked(page), QUADRANT)
    await coverAndLook(t, page)
    t.same(
      complaints.filter((text) => !/status of 422/.test(text)),
      [],
    )
  })

  t.test('a mouse that draws over squares ticks them, and unticks from one that is ticked', async (t) => {
    const { page, complaints } = await open(await begin())
    t.ok(await page.getByText('draw over the picture').isVisible())
    const draw = async (cells: readonly number[], steps = 1): Promise<void> => {
      for (const [i, cell] of cells.entries()) {
        const { x, y } = await middle(page, cell)
        await page.mouse.move(x, y, { steps: i === 0 ? 1 : steps })
        if (i === 0) await page.mouse.down()
      }
      await page.mouse.up()
    }
    await page.locator('main img').scrollIntoViewIfNeeded()
    await draw([0, 2, 8, 6, 12, 14, 20, 18])
    t.same(await ticked(page), QUADRANT, 'however quick the hand: nothing between is leapt over')
    await draw([20, 18])
    t.same(await ticked(page), QUADRANT.slice(0, -3))
    await draw([18, 19, 20, 19, 18], 4)
    t.same(await ticked(page), QUADRANT, 'also when it ends where it began')
    await draw([53])
    t.same(await ticked(page), [...QUADRANT, 53], 'a click is a click')
    await square(page, 53).focus()
    await page.keyboard.press('Space')
    t.same(await ticked(page), QUADRANT, 'and the space bar the space bar')
    await draw([0])
    await draw([0])
    await coverAndLook(t, page)
    t.same(complaints, [])
  })

  t.test(
    'a finger that goes sideways draws; up and down it scrolls the page and ticks nothing',
    async (t) => {
      const { page, context } = await open(await begin(), { hasTouch: true, isMobile: true })
      const devtools = await context.newCDPSession(page)
      await page.locator('main img').evaluate((image) => image.scrollIntoView({ block: 'center' }))
      const swipe = async (from: { x: number; y: number }, by: { x: number; y: number }): Promise<void> => {
        const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', part: number) =>
          devtools.send('Input.dispatchTouchEvent', {
            type,
            touchPoints: type === 'touchEnd' ? [] : [{ x: from.x + by.x * part, y: from.y + by.y * part }],
          })
        await touch('touchStart', 0)
        for (let step = 1; step <= 12; step++) await touch('touchMove', step / 12)
        await touch('touchEnd', 1)
      }
      const from = await middle(page, 12)
      const to = await middle(page, 16)
      await swipe(from, { x: to.x - from.x, y: 0 })
      t.same(await ticked(page), [12, 13, 14, 15, 16])
      const before = await page.evaluate<number>('scrollY')
      await swipe(await middle(page, 21), { x: 0, y: -200 })
      await page.waitForFunction(`scrollY > ${before + 50}`)
      t.same(await ticked(page), [12, 13, 14, 15, 16])
    },
  )

  t.test('by keyboard alone, with letters of 200 % in a small window', async (t) => {
    const large = await launchBrowser(t, LARGE_LETTERS)
    const { page } = await open(await begin(), { viewport: NARROW, javaScriptEnabled: false }, large)
    const hand = keyboardHand(page)
    t.same(await hand.sweep(), [])
    for (const cell of QUADRANT) {
      const [row, column] = [Math.floor(cell / COLUMNS) + 1, (cell % COLUMNS) + 1]
      await page.getByRole('checkbox', { name: `row ${row}, column ${column}`, exact: true }).press('Space')
    }
    await page.getByRole('link', { name: 'Past the squares' }).press('Enter')
    await page.keyboard.press('Tab')
    t.equal(await page.evaluate('document.activeElement.textContent'), 'Cover these parts')
    await page.keyboard.press('Enter')
    await page.getByText('You covered parts of it.').waitFor()
    t.ok(((await reds(page))[0] ?? 999) < 10)
  })

  t.test('squares lie on what they cover, on every screen and from right to left too', async (t) => {
    const photo = await dirtyPhoto({ width: 800, height: 600 })
    for (const [columns, viewport] of [
      ['6', { width: 1280, height: 900 }],
      ['12', PHONE],
    ] as const) {
      const { page, context } = await open(await begin(photo, columns), { viewport })
      for (const dir of ['ltr', 'rtl']) {
        await page.evaluate(`document.documentElement.dir = '${dir}'`)
        const image = await page.locator('main img').boundingBox()
        const boxes = await page.locator('[name=cell]').evaluateAll((all) =>
          all.map((one) => {
            const { x, y, width, height } = one.getBoundingClientRect()
            return { x, y, width, height }
          }),
        )
        const rows = boxes.length / Number(columns)
        for (const [cell, box] of boxes.entries()) {
          const [column, row] = [cell % Number(columns), Math.floor(cell / Number(columns))]
          const left = (image?.x ?? 0) + ((image?.width ?? 0) * column) / Number(columns)
          const high = (image?.y ?? 0) + ((image?.height ?? 0) * row) / rows
          if (Math.abs(box.x - left) > 1 || Math.abs(box.y - high) > 1) t.fail(`square ${cell}, ${dir}`)
          if (box.width < 24 || box.height < 24) t.fail(`square ${cell} is ${box.width} by ${box.height}`)
        }
      }
      await context.close()
    }
    const { page } = await open(await begin())
    await page.evaluate("document.documentElement.dir = 'rtl'")
    for (const cell of QUADRANT) await square(page, cell).check()
    await coverAndLook(t, page)
  })

  t.test('what is ticked is seen in every look, also where the system chooses the colours', async (t) => {
    const cookie = await begin()
    for (const look of [
      { colorScheme: 'light' },
      { colorScheme: 'dark', forcedColors: 'active' },
      { colorScheme: 'light', forcedColors: 'active' },
    ] as const) {
      const { page, context } = await open(cookie, look)
      await square(page, 0).check()
      await page.mouse.move(0, 0)
      const colours = await Promise.all(
        [0, 1].map(async (cell) => {
          const { data } = await sharp(await square(page, cell).screenshot())
            .extract({ left: 20, top: 20, width: 1, height: 1 })
            .removeAlpha()
            .raw()
            .toBuffer({ resolveWithObject: true })
          return [...data]
        }),
      )
      t.same(colours[0], [0, 0, 0], JSON.stringify(look))
      t.ok((colours[1]?.[0] ?? 0) > 150, 'and what is not ticked is the picture')
      await context.close()
    }
  })

  t.test('a page of a document is chosen by its number', async (t) => {
    const { page } = await open(await begin(await dirtyPdf()), { javaScriptEnabled: false })
    const first = await page.locator('main img').getAttribute('src')
    await page.getByRole('button', { name: 'Page 2', exact: true }).click()
    await page.getByRole('heading', { name: 'Page 2 of 2' }).waitFor()
    t.not(await page.locator('main img').getAttribute('src'), first)
  })

  t.test('nothing of the picture is behind Back after the way out', async (t) => {
    const keepingPages = await launchBrowser(t, [], { keepsPages: true })
    for (const javaScriptEnabled of [false, true]) {
      const { page, context } = await open(await begin(), { javaScriptEnabled }, keepingPages)
      const behind = await watchBehind(page)
      await square(page, 0).check()
      await page.getByRole('button', { name: 'Cover these parts' }).click()
      await page.getByText('You covered parts of it.').waitFor()
      const back = await behind.go((await behind.position()) - 1)
      t.equal(back.path, '/en/report/files', 'before it: the list, not the picture without boxes')
      await page.getByRole('link', { name: 'Leave this page' }).first().click()
      await page.getByRole('heading', { name: 'Sunny' }).waitFor()
      const entries = await behind.entries()
      for (let entry = (await behind.position()) - 1; entry >= 0; entry--) {
        if (!entries[entry]?.startsWith(origin)) continue
        const { heading } = await behind.go(entry)
        t.match(heading, /There is nothing here any more/)
        t.equal(await page.locator('main img').count(), 0)
      }
      t.same(behind.faults, [])
      await context.close()
    }
  })
} else {
  t.pass('on the embedded database alone: a browser does the same on both')
}
