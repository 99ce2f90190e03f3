import t from 'tap'
import { assessmentSchema, NOT_USABLE_REASONS, USABLE_REASONS } from '../../server/report/case.js'

const isFit = (value: unknown) => assessmentSchema.safeParse(value).success

t.test('an assessment says usable or not, with a reason of that list', async (t) => {
  for (const reason of USABLE_REASONS) {
    t.ok(isFit({ usable: true, reason, note: '' }), reason)
    t.notOk(isFit({ usable: false, reason, note: '' }), `${reason} is no reason against it`)
  }
  for (const reason of NOT_USABLE_REASONS) {
    t.ok(isFit({ usable: false, reason, note: '' }), reason)
    t.notOk(isFit({ usable: true, reason, note: '' }), `${reason} is no reason for it`)
  }
})

t.test('an assessment without a reason, with one of its own or with a score is none', async (t) => {
  for (const value of [
    { usable: true, note: '' },
    { usable: true, reason: '', note: '' },
    { usable: false, reason: null, note: '' },
    { usable: 'yes', reason: 'concrete', note: '' },
    { reason: 'concrete', note: '' },
    { usable: true, reason: 'concrete', note: '', score: 5 },
    { usable: true, reason: 'concrete', note: 'x'.repeat(20_001) },
    { usable: true, reason: 'toString', note: '' },
  ]) {
    t.notOk(isFit(value), JSON.stringify(value).slice(0, 60))
  }
})
