import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { baken, bakenJson, ownFolder } from '../support/cli.js'
import { dirtyPdf, dirtyPhoto, findCanary, lockedPdf } from '../support/dirty-files.js'

const CANARY = 'CANARY'

t.test('a picture is made anew, and it is told what was made', async (t) => {
  const folder = ownFolder(t)
  const [from, to] = [join(folder, 'noor.jpg'), join(folder, 'out.jpg')]
  writeFileSync(from, await dirtyPhoto({ canary: CANARY }))
  const { code, json, stderr } = await bakenJson(['strip', from, to])
  t.equal(code, 0, stderr)
  const made = readFileSync(to)
  t.match(json, { kind: 'stripped', type: 'image/jpeg', pages: 1, bytes: made.length, file: to })
  t.same(await findCanary(made, CANARY), [])
  t.equal(statSync(to).mode & 0o777, 0o600)
  const other = await baken(['strip', from, join(folder, 'again.jpg')])
  t.match(other.stdout, /^Made anew: image\/jpeg, a picture of \d+ by \d+ pixels, \d+ (bytes|KiB)\.\n$/)
})

t.test('standard input and output do as well, with the sentence beside them', async (t) => {
  const { code, bytes, stderr } = await baken(['strip', '-', '-'], {
    input: await dirtyPdf({ canary: CANARY }),
  })
  t.equal(code, 0, stderr)
  t.equal(bytes.subarray(0, 5).toString(), '%PDF-')
  t.match(stderr, /^Made anew: application\/pdf, \d+ pages?, the first \d+ by \d+ pixels/)
})

t.test('a refused file has exit code 3 and the reason in the words a reporter reads', async (t) => {
  const folder = ownFolder(t)
  const to = join(folder, 'out')
  const refused: [string, Uint8Array | string, string][] = [
    ['unknown-kind', 'plain words', 'We cannot safely make this kind of file anew.'],
    ['empty', '', 'The file is empty.'],
    ['damaged', (await dirtyPhoto({ canary: CANARY })).subarray(0, 300), 'We could not read it.'],
    ['password', await lockedPdf(), 'It has a password.'],
    ['too-large', new Uint8Array(26 * 1024 * 1024), 'It is too large. Photos and PDF may be up to 25 MB'],
  ]
  for (const [reason, content, words] of refused) {
    const from = join(folder, reason)
    writeFileSync(from, content)
    const { code, stderr, json } = await bakenJson(['strip', from, to])
    t.equal(code, 3, reason)
    t.match(stderr, `Refused: ${words}`)
    t.match(json, { kind: 'refused', reason })
    t.notOk(existsSync(to))
  }
})

t.test('a file that is there stays as it is, and one that is not there is told', async (t) => {
  const folder = ownFolder(t)
  const [from, to] = [join(folder, 'in'), join(folder, 'out')]
  writeFileSync(from, await dirtyPhoto({ canary: CANARY }))
  writeFileSync(to, 'precious')
  for (const words of [
    [from, to],
    [from, from],
  ]) {
    const kept = await baken(['strip', ...words])
    t.equal(kept.code, 1)
    t.match(kept.stderr, 'is there already: it stays as it is')
  }
  t.equal(readFileSync(to, 'utf8'), 'precious')
  const missing = await baken(['strip', join(folder, 'nothing'), join(folder, 'new')])
  t.equal(missing.code, 1)
  t.match(missing.stderr, 'cannot be read: it is not there')
  const nowhere = await baken(['strip', from, join(folder, 'no', 'folder')])
  t.equal(nowhere.code, 1)
  t.match(nowhere.stderr, 'cannot be written: it is not there')
  t.same(readdirSync(folder).sort(), ['in', 'out'])
})
