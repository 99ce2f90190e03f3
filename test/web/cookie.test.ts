import fc from 'fast-check'
import t from 'tap'
import { createCookie } from '../../server/web/cookie.js'

const plain = createCookie('desk', false)
const secure = createCookie('desk', true)

t.test('over https the cookie is bound to its site, elsewhere it has a plain name', async (t) => {
  t.equal(secure.set('v'), '__Host-desk=v; Path=/; HttpOnly; SameSite=Strict; Secure')
  t.equal(plain.set('v'), 'desk=v; Path=/; HttpOnly; SameSite=Strict')
  t.equal(secure.clear(), '__Host-desk=; Path=/; HttpOnly; SameSite=Strict; Secure; Max-Age=0')
})

t.test('the cookie is found among others, wherever it stands', async () => {
  const value = fc.stringMatching(/^[\w-]{1,43}$/)
  const others = fc.array(fc.stringMatching(/^[a-c_]{1,5}=[\w=]{0,9}$/), { maxLength: 5 })
  fc.assert(
    fc.property(value, others, others, fc.constantFrom('; ', ';', ' ;  '), (wanted, before, after, gap) =>
      [plain, secure].every((jar) => {
        const pair = jar.set(wanted).split(';')[0] ?? ''
        return jar.read([...before, pair, ...after].join(gap)) === wanted
      }),
    ),
  )
})

t.test('a cookie of a like name is not taken for it', async (t) => {
  for (const header of [undefined, '', 'desk', 'xdesk=1', 'desk2=1', 'x=desk=1', 'DESK=1', '__Host-desk=1']) {
    t.equal(plain.read(header), undefined, String(header))
  }
  // A page beside this one can set the plain name, never the bound one.
  t.equal(secure.read('desk=planted'), undefined)
  t.equal(secure.read('desk=planted; __Host-desk=own'), 'own')
})
