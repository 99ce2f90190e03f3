// `npm start` with settings that cannot be right: one sentence (or one list) that names the setting, code 1, no
// password, no stack, nothing left.
import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { copyCheckout, isClear } from '../support/checkout.js'
import { isRoot } from '../support/embedded-holder.js'
import { freePort } from '../support/free-port.js'

const SECRET = 'pa55word-canary'
t.setTimeout(200_000)

const checkout = copyCheckout(t, { unprivileged: true })
const { folder } = checkout

const WRONG: readonly [Record<string, string>, string | RegExp][] = [
  [{ PORT: 'abc' }, '  PORT: must be a whole number from 0 to 65535.'],
  [{ PORT: '99999' }, '  PORT: must be a whole number from 0 to 65535.'],
  [{ PORT: '80.5', PARTNER_PORT: '-1' }, /^ {2}PORT: must[^\n]+\n {2}PARTNER_PORT: must[^\n]+\.$/m],
  [
    { PUBLIC_ORIGIN: 'http://meldpunt.example' },
    '  PUBLIC_ORIGIN: must be https://name, or http:// for loopback',
  ],
  [{ HOST: '0.0.0.0' }, 'set DATABASE_URL for a real site, or leave HOST out'],
  [{ DEFAULT_LANGUAGE: 'xx' }, 'DEFAULT_LANGUAGE must be one of nl, en.'],
  [{ QUICK_EXIT_URL: 'http://x' }, '  QUICK_EXIT_URL: must be an https:// address.'],
  [{ DATABASE_URL: `${SECRET}@db/baken` }, '  DATABASE_URL: must begin with postgres://.'],
  [{ DATABASE_URL: `mysql://owner:${SECRET}@db/baken` }, '  DATABASE_URL: must begin with postgres://.'],
  [{ DATABASE_URL: `postgres://owner:${SECRET}@[::bad/baken` }, 'DATABASE_URL cannot be read as an address.'],
  [{ DATABASE_URL: `postgres://owner:${SECRET}@db:99999/x` }, 'DATABASE_URL cannot be read as an address.'],
  [
    { DATABASE_URL: `postgres://owner:${SECRET}@127.0.0.1:1/x` },
    'the database does not answer: check DATABASE_URL',
  ],
  [{ DATABASE_URL: `postgres://owner:${SECRET}@name.invalid/x` }, /the host in DATABASE_URL is not known/],
  [
    { DATABASE_URL: `postgres://owner:${SECRET}@%2Fno%2Fwhere/x` },
    /the socket of the database is not there.*DATABASE_URL/,
  ],
  [{ DATABASE_URL_FILE: '/no/such/file' }, '  DATABASE_URL_FILE: cannot be read (ENOENT).'],
]

for (const [settings, words] of WRONG) {
  t.test(
    `wrong: ${Object.entries(settings)
      .map((pair) => pair.join('='))
      .join(' ')}`,
    async (t) => {
      isClear(t, await checkout.refused({ settings }), words, SECRET)
      t.same(checkout.leftovers(), [])
    },
  )
}

t.test('a server that takes the connection and says nothing: told within half a minute', async (t) => {
  const port = await freePort()
  const sockets: Socket[] = []
  const silent = createServer((socket) => sockets.push(socket)).listen(port, '127.0.0.1')
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    silent.close()
  })
  const asked = Date.now()
  const DATABASE_URL = `postgres://owner:${SECRET}@127.0.0.1:${port}/x`
  isClear(
    t,
    await checkout.refused({ settings: { DATABASE_URL } }),
    'DATABASE_URL names does not answer in time',
    SECRET,
  )
  t.ok(Date.now() - asked < 30_000)
})

t.test('a DATA_DIR that is a file, below a file, or not for this user', async (t) => {
  const file = join(folder, 'file')
  writeFileSync(file, '')
  const closed = join(folder, 'closed')
  mkdirSync(closed)
  if (isRoot) chownSync(closed, 0, 0)
  else chmodSync(closed, 0o555)
  for (const [DATA_DIR, reason] of [
    [file, 'it is not a folder'],
    [join(file, 'data'), 'part of the path is not a folder'],
    [closed, 'permission is denied'],
    [join(closed, 'data'), 'permission is denied'],
    ['/proc/data', 'no folder can be made there'],
  ] as const) {
    const sentence = `Baken cannot write in the folder ${DATA_DIR} (DATA_DIR): ${reason}.`
    isClear(t, await checkout.refused({ settings: { DATA_DIR } }), sentence)
  }
  t.same(checkout.leftovers(), [])
})
