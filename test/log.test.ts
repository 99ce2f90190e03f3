import fc from 'fast-check'
import t from 'tap'
import { createLog, describeFailure } from '../server/log.js'

/** An error as libraries throw them, with a value in every place that can hold one. */
function errorWith(value: string, more: object = {}): Error {
  const error = new Error(`duplicate key: ${value}`, { cause: new Error(value) })
  return Object.assign(
    error,
    { detail: value, parameters: [value], hint: value, where: value, table: value },
    more,
  )
}

t.test('of a failure nothing is told but its name, its codes and a place in our code', async (t) => {
  const told = describeFailure(errorWith('CANARY', { code: '23505', constraint: 'member_name' }))
  t.equal(told.code, 'Error 23505 member_name')
  t.match(told.where, /^test\/log\.test\.[jt]s:\d+$/)
  t.same(Object.keys(told), ['code', 'where'])
})

t.test('no value of an error gets through, whatever it is and wherever it stands', async () => {
  const value = fc.oneof(fc.string({ unit: 'binary', minLength: 3 }), fc.webUrl(), fc.ipV6())
  fc.assert(
    fc.property(value, (secret) => {
      const canary = `CANARY ${secret}`
      const error = errorWith(canary, { code: canary, constraint: canary, name: canary })
      return !JSON.stringify(describeFailure(error)).includes('CANARY')
    }),
  )
})

t.test('a message made to look like a line of our code is not taken for one', async (t) => {
  const { where } = describeFailure(new Error('x at dist/server/CANARY.js:1'))
  t.notMatch(where, 'CANARY')
  const multiline = new Error('first\n    at dist/server/CANARY.js:1')
  t.notMatch(describeFailure(multiline).where, 'CANARY')
})

t.test('what is thrown and no error tells nothing', async (t) => {
  for (const thrown of ['CANARY', { code: 'CANARY', message: 'CANARY' }, null, undefined, 7, ['CANARY']]) {
    t.same(describeFailure(thrown), { code: 'unknown', where: 'unknown' })
  }
})

t.test(
  'a field that is not on the list is left out, and lines have a time only where staff act',
  async (t) => {
    const lines: string[] = []
    const log = createLog({ withTime: false, write: (line) => lines.push(line) })
    const fields = { app: 'intake', url: '/CANARY', address: 'CANARY', msg: 'CANARY' } as const
    log.event('app.started', fields)
    t.same(JSON.parse(lines[0] ?? ''), { level: 30, event: 'app.started', app: 'intake' })
    createLog({ withTime: true, write: (line) => lines.push(line) }).event('app.stopped', { app: 'triage' })
    t.match(JSON.parse(lines[1] ?? ''), { time: /^\d{4}-/, event: 'app.stopped' })
  },
)
