import t from 'tap'
import { createSanitiser } from '../../server/sanitising/index.js'
import { bombs, dirtyPhoto } from '../support/dirty-files.js'
import { workersOf } from './workers.js'

const sanitiser = createSanitiser()
t.teardown(() => sanitiser.close())

for (const { name, bytes, reason } of await bombs()) {
  t.test(`${name} is refused as ${reason}`, async (t) => {
    t.same(await sanitiser.sanitise(bytes), { kind: 'refused', reason })
    t.same(workersOf(process.pid), [], 'no process is left')
  })
}

t.test('a file above the limit is refused before anything reads it', async (t) => {
  const photo = await dirtyPhoto()
  const small = createSanitiser({ maxInputBytes: photo.length - 1 })
  t.same(await small.sanitise(photo), { kind: 'refused', reason: 'too-large' })
})

t.test('a new file above the limit is refused', async (t) => {
  const small = createSanitiser({ maxOutputBytes: 100 })
  t.same(await small.sanitise(await dirtyPhoto()), { kind: 'refused', reason: 'too-large' })
})

t.test('after all that an ordinary photograph is still taken', async (t) => {
  t.match(await sanitiser.sanitise(await dirtyPhoto()), { kind: 'stripped' })
})
