// Sound and video on their way in: large ones wait on the disk, encrypted and without a name, and nothing stays of them.
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { receiveFile } from '../../server/intake/arriving-file.js'
import { createRoom } from '../../server/intake/room.js'
import { openWaitingStore } from '../../server/intake/waiting-store.js'
import { DEFAULT_LIMITS } from '../../server/sanitising/index.js'
import { startApps } from '../support/apps.js'
import { CANARY, dirtyPhoto } from '../support/dirty-files.js'
import { makeFilm } from '../support/films.js'
import { createReporter } from '../support/reporter.js'
import { takingAnything } from '../support/taking-anything.js'

const MEGABYTE = 1024 * 1024
const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p']
const TELLING = ['-metadata', 'location=+52.09+005.12/', '-metadata', `title=${CANARY}`]
const film = await makeFilm({ ending: 'mp4', words: [...H264, ...TELLING], seconds: 1 })
const voice = await makeFilm({ ending: 'ogg', words: ['-c:a', 'libopus'], withPictures: false, seconds: 65 })

t.test('what waits on the disk comes back as it was, in pieces of any size', async (t) => {
  const pieces = fc.array(fc.uint8Array({ maxLength: 3000, size: 'max' }), { maxLength: 8 })
  const scale = fc.constantFrom(1, 700)
  await fc.assert(
    fc.asyncProperty(pieces, scale, async (given, times) => {
      const large = given.map((piece) => Buffer.concat(Array<Uint8Array>(times).fill(piece)))
      const store = await openWaitingStore()
      for (const piece of large) await store.append(piece)
      const back: Uint8Array[] = []
      for await (const piece of store.pieces()) back.push(piece)
      await store.close()
      return Buffer.concat(back).equals(Buffer.concat(large))
    }),
    { numRuns: 60 },
  )
  t.pass()
})

t.test('what waits on the disk has no name there and cannot be read there', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'baken-waiting-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const store = await openWaitingStore(folder)
  const before = openFilesIn(folder)
  await store.append(Buffer.alloc(3 * MEGABYTE, CANARY))
  t.same(readdirSync(folder), [], 'no name')
  t.equal(before.length, 1)
  const written = readFileSync(before[0] ?? '')
  t.ok(written.length >= 3 * MEGABYTE, 'it lies there')
  t.notOk(written.includes(CANARY.slice(0, 8)), 'encrypted')
  await store.close()
  t.same(openFilesIn(folder), [])
})

t.test('only sound and video may go on where memory ends', async (t) => {
  const rooms = () => ({
    memory: createRoom(100 * MEGABYTE, () => 0),
    disk: createRoom(100 * MEGABYTE, () => 0),
  })
  const limits = {
    ...DEFAULT_LIMITS,
    maxInputBytes: MEGABYTE,
    maxSoundBytes: 2 * MEGABYTE,
    maxVideoBytes: 4 * MEGABYTE,
  }
  const takeAll = async (head: Uint8Array, megabytes: number) => {
    const arriving = receiveFile('network', rooms(), limits)
    for (const piece of [
      Buffer.from(head),
      ...Array<Buffer>(megabytes * 2).fill(Buffer.alloc(MEGABYTE / 2)),
    ]) {
      const missing = await arriving.add(piece)
      if (missing) {
        await arriving.leave()
        return missing
      }
    }
    const arrived = arriving.settle()
    const digests = [
      await arrived?.digest('key'),
      await arrived?.digest('key'),
      await arrived?.digest('other'),
    ]
    t.ok(digests[0] === digests[1] && digests[0] !== digests[2])
    await arriving.leave()
    return arrived?.size
  }
  t.equal(await takeAll(await dirtyPhoto(), 1), 'too-large')
  t.equal(await takeAll(voice.subarray(0, 3000), 1), MEGABYTE + 3000)
  t.equal(await takeAll(voice.subarray(0, 3000), 2), 'too-large')
  t.equal(await takeAll(film.subarray(0, 3000), 3), 3 * MEGABYTE + 3000)
  t.equal(await takeAll(film.subarray(0, 3000), 4), 'too-large')
})

t.test('a reporter adds a film and a voice message, sees what they are, and sends them', async (t) => {
  const { intake, database, release } = await startApps(t)
  const noor = createReporter(intake)
  await noor.post('/en/report/words', { words: 'I heard it through the wall' })
  const page = await noor.upload('/en/report/files', [{ bytes: film }, { bytes: voice }])
  t.match(page.body, 'File 1: video of 0:01 minutes, made anew')
  t.match(page.body, 'File 2: sound of 1:05 minutes, made anew')
  t.match(page.body, 'Hidden in it, and now gone: the place')
  t.equal(page.body.match(/<img /g)?.length, 1, 'a picture of the film, none of the sound')
  await noor.post('/en/report/send', {})
  await release()
  const { rows } = await database.owner.query(`select id from report_part where kind = 'file' and chunk = 0`)
  t.equal(rows.length, 2)
})

t.test('a film that is larger than memory may be comes in whole, and leaves nothing behind', async (t) => {
  const seen: number[] = []
  const large = Buffer.concat([film, Buffer.alloc(3 * MEGABYTE)])
  const limits = { maxInputBytes: MEGABYTE, maxSoundBytes: MEGABYTE, maxVideoBytes: 4 * MEGABYTE }
  const { intake, log } = await startApps(t, {
    fileLimits: limits,
    sanitiser: takingAnything(async () => seen.push(openFilesIn(tmpdir()).length)),
  })
  const noor = createReporter(intake)
  t.match((await noor.upload('/en/report/files', [{ bytes: large }])).body, 'File 1: photo')
  t.same(seen, [1], 'it waited on the disk while it was made anew')
  t.same(openFilesIn(tmpdir()), [])
  t.match(
    (await noor.upload('/en/report/files', [{ bytes: Buffer.concat([large, large]) }])).body,
    'It is too large.',
  )
  t.same(openFilesIn(tmpdir()), [])
  t.same(log, [])
})

t.test('the same film sent twice is kept once', async (t) => {
  const { intake } = await startApps(t)
  const noor = createReporter(intake)
  await noor.upload('/en/report/files', [{ bytes: film }])
  t.notMatch((await noor.upload('/en/report/files', [{ bytes: film }])).body, 'File 2')
})

/** The files without a name that this process holds open there. Needs /proc. */
function openFilesIn(folder: string): string[] {
  return readdirSync('/proc/self/fd')
    .map((fd) => `/proc/self/fd/${fd}`)
    .filter((path) => {
      try {
        const target = readlinkSync(path)
        return target.startsWith(`${folder}/#`) && target.endsWith('(deleted)')
      } catch {
        return false
      }
    })
}
