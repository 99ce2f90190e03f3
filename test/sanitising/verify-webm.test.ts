// The second look at sound and video: whatever is not listed is found, wherever it is put.
import fc from 'fast-check'
import t from 'tap'
import { createSanitiser } from '../../server/sanitising/index.js'
import { verify } from '../../server/sanitising/verify.js'
import { makeFilm } from '../support/films.js'

const sanitiser = createSanitiser()
t.teardown(() => sanitiser.close())
const film = await made(true)
const sound = await made(false)

const INFO = '1549a966'
const TRACKS = '1654ae6b'
const SEGMENT = '18538067'
const CLUSTER = '1f43b675'

t.test('what was made anew is clean, and only as what it is', async (t) => {
  t.same(await verify('video/webm', film), { kind: 'clean', width: 160, height: 240, pages: 1, seconds: 1 })
  t.same(await verify('audio/webm', sound), { kind: 'clean', width: 0, height: 0, pages: 1, seconds: 1 })
  t.same(await verify('audio/webm', film), { kind: 'finding', what: 'webm-tracks' })
  t.same(await verify('video/webm', sound), { kind: 'finding', what: 'webm-tracks' })
})

const name = Buffer.from('Noor')
const TAMPERED: readonly (readonly [what: string, bytes: Uint8Array, finding: string])[] = [
  ['a title', put(film, INFO, element('7ba9', name)), 'webm-element'],
  ['the date of its making', put(film, INFO, element('4461', Buffer.alloc(8, 1))), 'webm-element'],
  [
    'a number that only this file has (SegmentUID)',
    put(film, INFO, element('73a4', Buffer.alloc(16, 7))),
    'webm-element',
  ],
  ['the name of the file', put(film, INFO, element('7384', name)), 'webm-element'],
  [
    'the version of a program',
    swap(film, element('4d80', Buffer.from('Lavf')), element('4d80', Buffer.from('Noor'))),
    'webm-content',
  ],
  ['an attachment', put(film, SEGMENT, element('1941a469', element('61a7', name))), 'webm-element'],
  ['chapters', put(film, SEGMENT, element('1043a770', name)), 'webm-element'],
  [
    'a tag with words',
    put(film, SEGMENT, element('1254c367', element('7373', element('67c8', element('4487', name))))),
    'webm-content',
  ],
  ['words in what should be empty', put(film, SEGMENT, element('ec', name)), 'webm-content'],
  ['a third track', put(film, TRACKS, element('ae', element('d7', Buffer.of(3)))), 'webm-content'],
  [
    'a track of the same number',
    put(film, TRACKS, element('ae', element('d7', Buffer.of(1)))),
    'webm-content',
  ],
  [
    'a track with a name',
    swap(film, element('22b59c', Buffer.from('und')), element('22b59c', Buffer.from('nld'))),
    'webm-content',
  ],
  ['a track coded otherwise', swap(film, Buffer.from('V_VP8'), Buffer.from('V_VP9')), 'webm-content'],
  [
    'sound in stereo',
    swap(sound, Buffer.from('OpusHead\x01\x01'), Buffer.from('OpusHead\x01\x02')),
    'webm-content',
  ],
  [
    'sound from another rate',
    swap(sound, Buffer.from('80bb0000', 'hex'), Buffer.from('44ac0000', 'hex')),
    'webm-content',
  ],
  [
    'a block of a track that is not there',
    put(film, CLUSTER, element('a3', Buffer.from('830000800a00'.padEnd(20, '0'), 'hex'))),
    'webm-content',
  ],
  [
    'a packet of sound with room for more',
    put(sound, CLUSTER, element('a3', Buffer.from('81000080ff40aa4e6f6f72', 'hex'))),
    'webm-content',
  ],
  [
    'pictures in one block (lacing)',
    put(film, CLUSTER, element('a3', Buffer.from('8100000610020049', 'hex'))),
    'webm-content',
  ],
  ['an encrypted block', put(film, CLUSTER, element('af', name)), 'webm-element'],
  ['something after its end', Buffer.concat([film, name]), 'webm-element'],
  ['an element of its own after its end', Buffer.concat([film, element('ec', name)]), 'webm-element'],
  [
    'another document type',
    swap(film, element('4282', Buffer.from('webm')), element('4282', Buffer.from('Noor'))),
    'webm-content',
  ],
  ['less than its size says', film.subarray(0, film.length - 10), 'webm-end'],
  ['nothing', new Uint8Array(), 'webm-tracks'],
]
for (const [what, bytes, finding] of TAMPERED) {
  t.test(`a file with ${what} is found`, async (t) => {
    const type = bytes.length > 0 && what.includes('sound') ? 'audio/webm' : 'video/webm'
    t.same(await verify(type, bytes), { kind: 'finding', what: finding })
  })
}

t.test('a file that is too long is found, by its own word and by its blocks', async (t) => {
  t.same(await verify('video/webm', film, { maxVideoSeconds: -1 }), { kind: 'finding', what: 'too-long' })
  const lying = Buffer.from(sound)
  lying.writeDoubleBE(9_000, lying.indexOf(Buffer.from('448988', 'hex')) + 3)
  t.same(await verify('audio/webm', lying), { kind: 'finding', what: 'webm-duration' })
  t.same(await verify('audio/webm', lying, { maxSoundSeconds: 5 }), { kind: 'finding', what: 'too-long' })
})

t.test('whatever changes, the look answers, and no element of another name comes through', async (t) => {
  const change = fc.tuple(fc.nat({ max: film.length - 1 }), fc.nat({ max: 255 }))
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
      const bytes = Buffer.from(film)
      for (const [at, value] of changes) bytes[at] = value
      return ['clean', 'finding'].includes((await verify('video/webm', bytes)).kind)
    }),
    { numRuns: 1500 },
  )
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(INFO, TRACKS, SEGMENT, CLUSTER),
      fc.uint8Array({ minLength: 1, maxLength: 40 }),
      async (parent, content) =>
        (await verify('video/webm', put(film, parent, element('6d80', content)))).kind === 'finding',
    ),
    { numRuns: 200 },
  )
  t.pass()
})

async function made(withPictures: boolean): Promise<Uint8Array> {
  const words = withPictures ? ['-c:v', 'libvpx', '-deadline', 'realtime'] : []
  const outcome = await sanitiser.sanitise(
    await makeFilm({ ending: 'webm', words, withPictures, seconds: 1 }),
  )
  if (outcome.kind === 'refused') throw new Error(outcome.reason)
  return outcome.bytes
}

/** An element of EBML (RFC 8794), its size in eight bytes. */
function element(id: string, content: Uint8Array): Buffer {
  const size = Buffer.alloc(8)
  size.writeBigUInt64BE(BigInt(content.length) | (1n << 56n))
  return Buffer.concat([Buffer.from(id, 'hex'), size, content])
}

/** Puts an element first into the first one with this id, and makes that and the segment as much larger. */
function put(bytes: Uint8Array, parent: string, child: Buffer): Uint8Array {
  const whole = Buffer.from(bytes)
  const segment = whole.indexOf(Buffer.from(SEGMENT, 'hex'))
  const at = whole.indexOf(Buffer.from(parent, 'hex'), segment + 12 + (parent === SEGMENT ? -12 : 59))
  const { size, width } = sizeAt(whole, at + 4)
  const grown = resized(whole, at + 4, width, size, child)
  if (parent === SEGMENT) return grown
  const outer = sizeAt(grown, segment + 4)
  grown.writeBigUInt64BE(BigInt(outer.size + grown.length - whole.length) | (1n << 56n), segment + 4)
  return grown
}

function resized(whole: Buffer, at: number, width: number, size: number, child: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.writeBigUInt64BE(BigInt(size + child.length) | (1n << 56n))
  return Buffer.concat([whole.subarray(0, at), head, child, whole.subarray(at + width)])
}

function sizeAt(bytes: Buffer, at: number): { size: number; width: number } {
  const width = Math.clz32(bytes[at] ?? 0) - 23
  let size = (bytes[at] ?? 0) & (0xff >> width)
  for (let i = 1; i < width; i++) size = size * 256 + (bytes[at + i] ?? 0)
  return { size, width }
}

function swap(bytes: Uint8Array, from: Buffer, to: Buffer): Uint8Array {
  const whole = Buffer.from(bytes)
  // ffmpeg writes these sizes in one byte.
  const short = (piece: Buffer): Buffer => {
    const sizeAt = piece.indexOf(Buffer.from([1, 0, 0, 0, 0, 0, 0]))
    if (sizeAt < 0) return piece
    return Buffer.concat([
      piece.subarray(0, sizeAt),
      Buffer.of(0x80 | (piece[sizeAt + 7] ?? 0)),
      piece.subarray(sizeAt + 8),
    ])
  }
  const at = whole.indexOf(short(from))
  if (at < 0) throw new Error('nothing to swap')
  short(to).copy(whole, at)
  return whole
}
