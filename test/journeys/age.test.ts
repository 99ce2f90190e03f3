// No lock-in: what the demonstration sealed opens with Debian's `age` and the file that lies beside the data.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import t from 'tap'
import { connect } from '../../server/storage/connect.js'
import { embeddedOwner, startBaken, until, workFolder } from '../support/baken-process.js'
import { encodeFields } from '../support/reporter.js'

const WORDS = 'Two lorries wait behind the greenhouse until it is dark.'

t.setTimeout(120_000)

t.test('the age command line opens a section with the demonstration desk identity', async (t) => {
  const { folder, tmp } = workFolder(t)
  const dataDir = join(folder, 'data')
  const baken = await startBaken(t, {
    settings: { DATA_DIR: dataDir, PORT: '0', PARTNER_PORT: '0', TMPDIR: tmp },
  })
  const sent = await fetch(`${baken.site}/en/report/all`, {
    method: 'POST',
    body: encodeFields({ words: WORDS, signs: 'l1' }),
  })
  t.match(await sent.text(), '<h1>Received</h1>')

  const owner = connect({ target: embeddedOwner(dataDir) ?? '', connections: 1 })
  t.teardown(() => owner.end())
  let sealed: Uint8Array = new Uint8Array()
  await until('the report is released', async () => {
    const { rows } = await owner.query<{ sealed: Uint8Array }>(
      `select sealed from report_part where kind = 'situation'`,
    )
    sealed = rows[0]?.sealed ?? sealed
    return rows.length === 1
  })
  const opened = spawnSync('age', ['-d', '-i', join(dataDir, 'demonstration-desk.txt')], { input: sealed })
  t.equal(opened.status, 0, opened.stderr.toString())
  const text = opened.stdout.toString()
  t.match(
    text.split('\n')[0],
    /^\{"baken":1,"kind":"situation","of":"[0-9a-f-]{36}","type":"application\/json","length":\d+\}$/,
  )
  t.ok(text.includes(WORDS), 'a person can read it')
  t.match(opened.stdout.length % 64, 0, 'padded to a step')
})
