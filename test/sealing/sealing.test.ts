import { generateHybridIdentity, generateX25519Identity, identityToRecipient } from 'age-encryption'
import fc from 'fast-check'
import t from 'tap'
import { packPart } from '../../server/report/envelope.js'
import { createSealer } from '../../server/sealing/index.js'
import { assertRecipients } from '../../server/sealing/recipients.js'
import { openPart } from '../support/desk.js'

const sealer = createSealer(2)
t.teardown(() => sealer.close())
const [desk, recovery] = [await generateX25519Identity(), await generateX25519Identity()]
const recipients = await Promise.all([desk, recovery].map(identityToRecipient))
const of = '00000000-0000-4000-8000-000000000000'

t.test('each recipient opens each part; somebody else opens none', async (t) => {
  const bodies = ['one', 'two', 'three'].map((text) => new TextEncoder().encode(text))
  const sealed = await sealer.seal(
    bodies.map((body) => packPart({ kind: 'place', of, type: 'text/plain' }, body)),
    recipients,
  )
  for (const [i, file] of sealed.entries()) {
    for (const identity of [desk, recovery]) t.same((await openPart(identity, file)).body, bodies[i])
    await t.rejects(openPart(await generateX25519Identity(), file))
  }
})

t.test('parts of one size class are of one size when sealed, and never the same twice', async (t) => {
  const pack = (text: string) =>
    packPart({ kind: 'place', of, type: 'text/plain' }, new TextEncoder().encode(text))
  const sealed = await sealer.seal(['', 'x', 'x', 'x'.repeat(1_500)].map(pack), recipients)
  t.equal(new Set(sealed.map(({ length }) => length)).size, 1)
  t.equal(new Set(sealed.map((file) => Buffer.from(file).toString('hex'))).size, 4)
})

t.test('many at once on few threads each get their own', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 12 }),
      async (bodies) => {
        const sealed = await Promise.all(
          bodies.map((body) => sealer.seal([packPart({ kind: 'file', of, type: 'x' }, body)], recipients)),
        )
        const opened = await Promise.all(sealed.map(([file]) => openPart(desk, file ?? new Uint8Array())))
        return opened.every(({ body }, i) => Buffer.from(body).equals(Buffer.from(bodies[i] ?? [])))
      },
    ),
    { numRuns: 10 },
  )
  t.pass()
})

t.test('nothing is sealed to nobody, to what is no recipient, or to two strengths in one file', async (t) => {
  const hybrid = await identityToRecipient(await generateHybridIdentity())
  t.doesNotThrow(() => assertRecipients([hybrid]))
  for (const [wrong, message] of [
    [[], 'no recipient to seal to'],
    [[''], 'not an age recipient'],
    [[desk], 'not an age recipient'],
    [[`${recipients[0]} `], 'not an age recipient'],
    [[recipients[0]?.toUpperCase() ?? ''], 'not an age recipient'],
    [[recipients[0] ?? '', 'ssh-ed25519 AAAA'], 'not an age recipient'],
    [[recipients[0] ?? '', hybrid], /must not be mixed/],
  ] as const) {
    await t.rejects(sealer.seal([new Uint8Array(1)], wrong), { message })
  }
})

t.test('a recipient with a wrong letter fails, without telling what was to be sealed', async (t) => {
  const typo = (recipients[0] ?? '').replace(/.$/, (last) => (last === 'q' ? 'p' : 'q'))
  const failure = await sealer
    .seal([new TextEncoder().encode('CANARY')], [typo])
    .catch((error: Error) => error)
  t.ok(failure instanceof Error)
  t.notMatch(String(failure), /CANARY|age1/)
  t.equal((await sealer.seal([new Uint8Array(1)], recipients)).length, 1, 'and the thread goes on')
})
