// A large file is sealed piece by piece. However a stream ends, it leaves no thread busy and no plaintext behind.
import { once } from 'node:events'
import type { Worker } from 'node:worker_threads'
import { Decrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { createSealer, type Sealer } from '../../server/sealing/index.js'
import { gather, inPieces } from '../support/pieces.js'

const MEGABYTE = 1024 * 1024
const [desk, recovery] = [await generateX25519Identity(), await generateX25519Identity()]
const recipients = await Promise.all([desk, recovery].map(identityToRecipient))

function startSealer(t: Test, threads = 1): Sealer {
  const sealer = createSealer(threads)
  t.teardown(() => sealer.close())
  return sealer
}

async function openWith(identity: string, sealed: Uint8Array): Promise<Uint8Array> {
  const decrypter = new Decrypter()
  decrypter.addIdentity(identity)
  return decrypter.decrypt(sealed)
}

/** Bytes of which no stretch is like another. */
function manyBytes(length: number): Uint8Array {
  return new Uint8Array(
    new Uint32Array(Math.ceil(length / 4)).map((_, i) => i * 2_654_435_761).buffer,
    0,
    length,
  )
}

/** Pieces without an end; `given` keeps them, `isEnded` tells whether their source was told to end. */
function endless(length = MEGABYTE) {
  const state = { given: [] as Uint8Array[], isEnded: false }
  async function* pieces() {
    try {
      for (;;) {
        const piece = new Uint8Array(length).fill(7)
        state.given.push(piece)
        yield piece
      }
    } finally {
      state.isEnded = true
    }
  }
  return { pieces: pieces(), state }
}

t.test('whatever pieces it came in, each recipient opens it to the same bytes', async (t) => {
  const sealer = startSealer(t, 2)
  const bytes = manyBytes(400_000)
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(0, 1, 65_535, 65_536, 65_537, 131_072, 400_000),
      fc.array(fc.constantFrom(1_000, 65_535, 65_536, 65_537, 131_072, 999_999), {
        minLength: 1,
        maxLength: 4,
      }),
      async (length, lengths) => {
        const plain = bytes.subarray(0, length)
        const sealed = await gather(sealer.sealStream(inPieces(plain, lengths), recipients))
        const opened = await Promise.all([desk, recovery].map((identity) => openWith(identity, sealed)))
        return opened.every((one) => Buffer.from(one).equals(plain))
      },
    ),
    { numRuns: 40 },
  )
})

t.test('the pieces are overwritten once they were taken', async (t) => {
  const sealer = startSealer(t)
  const given: Uint8Array[] = []
  async function* pieces() {
    for (let i = 0; i < 3; i++) {
      const piece = manyBytes(100_000)
      given.push(piece)
      yield piece
    }
  }
  await gather(sealer.sealStream(pieces(), recipients))
  t.same(
    given.map((piece) => piece.every((byte) => byte === 0)),
    [true, true, true],
  )
})

t.test('nothing is read ahead of whoever takes what is sealed, but a few pieces', async (t) => {
  const sealer = startSealer(t)
  const { pieces, state } = endless()
  const sealed = sealer.sealStream(pieces, recipients)
  await new Promise((resolve) => setTimeout(resolve, 50))
  t.equal(state.given.length, 0, 'before anybody asks, nothing')
  let taken = 0
  for (let i = 0; i < 10; i++) taken += (await sealed.next()).value?.length ?? 0
  await new Promise((resolve) => setTimeout(resolve, 300))
  t.ok(state.given.length <= 3, `${state.given.length} pieces for ${taken} bytes`)
  await sealed.return()
  t.ok(state.isEnded)
})

t.test('a source that fails is told, and the thread goes on', async (t) => {
  const sealer = startSealer(t)
  async function* pieces() {
    yield new Uint8Array(MEGABYTE)
    throw new Error('the draft is gone')
  }
  for (let i = 0; i < 3; i++) {
    await t.rejects(gather(sealer.sealStream(pieces(), recipients)), { message: 'the draft is gone' })
  }
  t.equal((await sealer.seal([new Uint8Array(1)], recipients)).length, 1)
})

t.test('small parts do not wait for large ones that stand still', async (t) => {
  const sealer = startSealer(t)
  const still = Array.from({ length: 4 }, () => sealer.sealStream(endless().pieces, recipients))
  for (const stream of still) await stream.next()
  t.equal((await sealer.seal([new Uint8Array(1)], recipients)).length, 1)
  const other = await gather(sealer.sealStream(inPieces(manyBytes(1_000), [300]), recipients))
  t.same(await openWith(desk, other), manyBytes(1_000), 'nor does another large one')
  for (const stream of still) await stream.return()
})

t.test('closing in the middle ends the stream and its source', async (t) => {
  const sealer = createSealer(1)
  const { pieces, state } = endless()
  const sealed = sealer.sealStream(pieces, recipients)
  await sealed.next()
  await sealer.close()
  await t.rejects(gather(sealed), { message: 'a sealing thread stopped' })
  t.ok(state.isEnded)
  await t.rejects(gather(sealer.sealStream(inPieces(new Uint8Array(1), [1]), recipients)), {
    message: 'sealing has ended',
  })
})

t.test('a thread that dies takes its streams along, and another takes its place', async (t) => {
  const started = once(process, 'worker') as Promise<[Worker]>
  const sealer = startSealer(t)
  const { pieces, state } = endless()
  const sealed = sealer.sealStream(pieces, recipients)
  await sealed.next()
  const [thread] = await started
  await thread.terminate()
  await t.rejects(gather(sealed), { message: 'a sealing thread stopped' })
  t.ok(state.isEnded)
  const again = await gather(sealer.sealStream(inPieces(manyBytes(70_000), [999]), recipients))
  t.same(await openWith(desk, again), manyBytes(70_000))
})

t.test('a wrong recipient fails, without telling what was to be sealed', async (t) => {
  const sealer = startSealer(t)
  const typo = (recipients[0] ?? '').replace(/.$/, (last) => (last === 'q' ? 'p' : 'q'))
  const plain = new TextEncoder().encode('CANARY')
  const failure = await gather(sealer.sealStream(inPieces(plain, [3]), [typo])).catch((error: Error) => error)
  t.match(failure, { message: 'sealing failed' })
  t.notMatch(String(failure), /CANARY|age1/)
  await t.rejects(gather(sealer.sealStream(inPieces(plain, [3]), [])), { message: 'no recipient to seal to' })
})
