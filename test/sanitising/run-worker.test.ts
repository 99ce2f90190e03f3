import fc from 'fast-check'
import t from 'tap'
import { frameReader, headerLine, parseAnswer } from '../../server/sanitising/frame.js'
import { DEFAULT_LIMITS } from '../../server/sanitising/limits.js'
import { startWorker } from '../../server/sanitising/run-worker.js'

const request = {
  kind: 'jpeg',
  bytes: new Uint8Array(100_000),
  limits: { ...DEFAULT_LIMITS, timeoutMs: 5000 },
} as const

/** What becomes of a worker that runs this program instead of its own. */
function answerOf(program: string) {
  return startWorker({ file: process.execPath, args: ['-e', program] }, request).answer
}

t.test('an answer in the right form is taken over', async (t) => {
  const made = await answerOf(
    `process.stdout.write('{"kind":"made","preview":1,"hidden":["time","secret","place",7],"length":3}\\nabc')`,
  )
  t.match(made, { kind: 'made', hidden: ['place', 'time'] }, 'only words that are known are heard')
  t.match(made, { bytes: Buffer.from('ab'), preview: Buffer.from('c') })
  t.same(await answerOf(`console.log('{"kind":"refused","reason":"password","length":0}')`), {
    kind: 'refused',
    reason: 'password',
  })
})

for (const [name, program] of [
  ['says nothing', ''],
  ['fails', 'process.exit(3)'],
  ['aborts', 'process.abort()'],
  ['speaks otherwise', `console.log('Warning: something')`],
  ['announces more than allowed', `console.log('{"kind":"made","length":999999999}')`],
  ['sends more than announced', `console.log('{"kind":"made","length":1}\\nabc')`],
  ['sends no small picture', `process.stdout.write('{"kind":"made","length":2}\\nab')`],
  [
    'sends more small picture than all',
    `process.stdout.write('{"kind":"made","preview":2,"length":2}\\nab')`,
  ],
  ['sends nothing new', `console.log('{"kind":"made","length":0}')`],
  ['sends a line without end', `process.stdout.write('x'.repeat(1e5))`],
  [
    'claims a reason that is not its own',
    `console.log('{"kind":"refused","reason":"failed-second-look","length":0}')`,
  ],
] as const) {
  t.test(`a worker that ${name} makes the file count as damaged`, async (t) =>
    t.same(await answerOf(program), { kind: 'refused', reason: 'damaged' }),
  )
}

t.test('what a worker started dies with it', async (t) => {
  const start = performance.now()
  const program = `require('node:child_process').spawn('sleep', ['30'], { stdio: 'inherit' }); setTimeout(process.exit, 200)`
  t.same(await answerOf(program), { kind: 'refused', reason: 'damaged' })
  t.ok(performance.now() - start < 4000)
})

t.test('a program that cannot be started asks to try again', async (t) => {
  const run = startWorker({ file: '/no/such/program', args: [] }, request)
  t.same(await run.answer, { kind: 'refused', reason: 'took-too-long' })
})

t.test('frames are read however they are cut, and nothing makes the reader throw', async (t) => {
  const body = fc.uint8Array({ maxLength: 300 })
  fc.assert(
    fc.property(body, fc.integer({ min: 1, max: 50 }), (bytes, size) => {
      const whole = Buffer.concat([headerLine({ kind: 'made' }, bytes.length), bytes])
      const read = frameReader(300)
      let last: ReturnType<typeof read> = 'more'
      for (let at = 0; at < whole.length; at += size) last = read(whole.subarray(at, at + size))
      return typeof last === 'object' && Buffer.compare(last.body, bytes) === 0
    }),
  )
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          body,
          fc.json().map((line) => Buffer.from(`${line}\n`)),
        ),
      ),
      (chunks) => {
        const read = frameReader(300)
        for (const chunk of chunks) {
          const outcome = read(chunk)
          if (typeof outcome === 'object') parseAnswer(outcome)
        }
        return true
      },
    ),
  )
  t.pass()
})
