import t from 'tap'
import { readIntakeConfig } from '../server/intake/config.js'
import { isOnionAddress } from '../server/onion-address.js'

/** The Tor Project's own site, and one that tor 0.4.9 made for this test. */
const MADE_BY_TOR = [
  'http://2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion',
  'http://zdxqo5mh4y5cve2qshjguw5qwzgx6eiydxop34dgg6kbyu2iaonqulid.onion',
]
const [ADDRESS = ''] = MADE_BY_TOR
const DATABASE_URL = 'postgres://baken_intake:secret@db.example/baken'

t.test('an address that tor made is taken', async (t) => {
  for (const address of MADE_BY_TOR) t.ok(isOnionAddress(address), address)
})

t.test('one wrong letter anywhere is noticed', async (t) => {
  const from = 'http://'.length
  for (let at = from; at < from + 56; at++) {
    const other = ADDRESS[at] === 'a' ? 'b' : 'a'
    t.notOk(isOnionAddress(ADDRESS.slice(0, at) + other + ADDRESS.slice(at + 1)), `letter ${at - from + 1}`)
  }
})

t.test('anything but http, one name of version 3 and .onion is refused', async (t) => {
  for (const address of [
    '',
    ADDRESS.replace('http://', ''),
    ADDRESS.replace('http:', 'https:'),
    `${ADDRESS}/`,
    `${ADDRESS}:80`,
    `${ADDRESS}/nl/`,
    ` ${ADDRESS}`,
    `${ADDRESS}\n`,
    ADDRESS.toUpperCase(),
    ADDRESS.replace('http://', 'http://www.'),
    ADDRESS.replace('.onion', '.example'),
    'http://expyuzz4wqqyqhjn.onion',
  ]) {
    t.notOk(isOnionAddress(address), JSON.stringify(address))
  }
})

t.test('the setting is empty by default, and a typing error in it stops the start', async (t) => {
  t.equal(readIntakeConfig({ DATABASE_URL }).ONION_ADDRESS, undefined)
  t.equal(readIntakeConfig({ DATABASE_URL, ONION_ADDRESS: ADDRESS }).ONION_ADDRESS, ADDRESS)
  t.throws(() => readIntakeConfig({ DATABASE_URL, ONION_ADDRESS: ADDRESS.replace('2', '3') }), {
    message: /^ {2}ONION_ADDRESS: must be/m,
  })
})

t.test('behind tor, where all have one address, a limit by address stops the start', async (t) => {
  const behindTor = { DATABASE_URL, DPIA_SIGNED: '2026-11-23', PUBLIC_ORIGIN: ADDRESS }
  t.ok(readIntakeConfig(behindTor))
  t.ok(readIntakeConfig({ ...behindTor, PUBLIC_ORIGIN: 'https://a.example', REQUESTS_PER_MINUTE: '60' }))
  t.throws(() => readIntakeConfig({ ...behindTor, REQUESTS_PER_MINUTE: '60' }), {
    message: /REQUESTS_PER_MINUTE cannot be set/,
  })
})
