// Each role on each route, about things of their own, of others and of another desk: allowed is just what the access
// table says. A route that is added is tried too.
import { randomUUID } from 'node:crypto'
import t from 'tap'
import { ROLES } from '../../server/report/roles.js'
import { ACCESS, accessOf, type RouteName } from '../../server/triage/access-table.js'
import { type Actor, actorIn, ask, makeThings } from '../support/access.js'
import { startApps } from '../support/apps.js'
import { routesOf } from '../support/routes-of.js'
import { createSecondDesk } from '../support/second-desk.js'

const apps = await startApps(t)
const { triage, database } = apps
const otherDesk = await createSecondDesk(database.owner)
const actors: Actor[] = []
for (const role of ROLES) actors.push(await actorIn(apps, role))
const things = await makeThings(apps, otherDesk)
const names = Object.keys(ACCESS) as RouteName[]
const forMembers = names.filter((name) => accessOf(name).roles !== 'anyone')
/** They end what the others need; each is tried on its own. */
const ENDS = new Set<RouteName>(['POST /sign-out'])

const fresh = ({ client }: Actor) => ({ cookie: client.cookie, 'x-baken-proof': client.proof })
const mayAsk = (name: RouteName, { role }: Actor): boolean => {
  const { roles } = accessOf(name)
  return roles === 'everyone' || (roles !== 'anyone' && roles.includes(role))
}

t.test('the app has the routes of the table, and else only pages and files that say nothing', async (t) => {
  const routes = routesOf(triage).map(({ method, url }) => `${method} ${url}`)
  t.same(
    names.filter((name) => !routes.includes(name)),
    [],
  )
  const others = routes.filter((route) => !(names as string[]).includes(route))
  for (const route of others) t.match(route, /^GET \/([a-z-]+(\.[a-z]+)?|[a-z]{2}\/(join)?)?$/, route)
})

t.test('who does not have the role is refused, whatever the thing, and told nothing of it', async (t) => {
  for (const name of forMembers) {
    for (const actor of actors.filter((one) => !mayAsk(name, one))) {
      for (const ids of [{}, await anyIds(name, actor)]) {
        const answer = await ask(triage, name, ids, fresh(actor))
        t.same(answer, { status: 403, problem: 'not-allowed' }, `${actor.role}: ${name}`)
      }
    }
  }
})

t.test(
  'who has the role must have shown on this page who they are, lately where the table says so',
  async (t) => {
    for (const name of forMembers.filter((one) => accessOf(one).proof !== 'none')) {
      const { proof } = accessOf(name)
      for (const actor of actors.filter((one) => mayAsk(name, one))) {
        const ids = await anyIds(name, actor)
        const { cookie } = actor.client
        const stolen = await ask(triage, name, ids, { cookie })
        t.same(stolen, { status: 403, problem: 'proof-needed' }, `${actor.role}: ${name}, the cookie alone`)
        const made = await ask(triage, name, ids, { cookie, 'x-baken-proof': randomUUID() })
        t.equal(made.problem, 'proof-needed', 'a proof that was made up')
        const [other] = actors.filter((one) => one !== actor)
        const lent = await ask(triage, name, ids, { cookie, 'x-baken-proof': other?.client.proof ?? '' })
        t.equal(lent.problem, 'proof-needed', 'the proof of another session')
        const old = await ask(triage, name, ids, { cookie, 'x-baken-proof': actor.oldProof })
        if (proof === 'fresh')
          t.equal(old.problem, 'fresh-proof-needed', `${actor.role}: ${name}, an old proof`)
        else t.notMatch(old.problem, /proof-needed/)
      }
    }
  },
)

t.test('who has the role does it to what the table says, and to nothing else', async (t) => {
  for (const name of forMembers.filter((one) => !ENDS.has(one))) {
    const { object } = accessOf(name)
    for (const actor of actors.filter((one) => mayAsk(name, one))) {
      if (!object) {
        const answer = await ask(triage, name, {}, fresh(actor))
        const isRefused = answer.status === 401 || (answer.status === 403 && name !== 'POST /prove')
        t.notOk(isRefused, `${actor.role}: ${name} (${answer.status} ${answer.problem})`)
        continue
      }
      const count = (await things.of(object, actor)).length
      for (let i = 0; i < count; i++) {
        // Made anew each time: what was done to the one before may have changed it.
        const thing = (await things.of(object, actor))[i]
        if (!thing) continue
        const { status } = await ask(triage, name, thing.ids, fresh(actor))
        if (thing.isAllowed) t.ok(status < 300, `${actor.role}: ${name}, ${thing.name} (${status})`)
        else t.ok([403, 404, 409].includes(status), `${actor.role}: ${name}, not ${thing.name} (${status})`)
      }
    }
  }
})

async function anyIds(name: RouteName, actor: Actor): Promise<Readonly<Record<string, string>>> {
  const { object } = accessOf(name)
  const [first] = object ? await things.of(object, actor) : []
  return first?.ids ?? {}
}
