import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { armor } from 'age-encryption'
import t, { type Test } from 'tap'
import { makeDeskKeys } from '../../server/member-keys.js'
import { packJson, packPart } from '../../server/report/envelope.js'
import { createSealer } from '../../server/sealing/index.js'
import { baken, bakenJson, ownFolder, type RunOptions } from '../support/cli.js'

const sealer = createSealer(1)
t.teardown(() => sealer.close())
const keys = await makeDeskKeys()
const RECIPIENTS = [keys.recipient, keys.recoveryRecipient]
const REPORT = randomUUID()
const SITUATION = {
  forms: ['labour'],
  signs: [],
  words: 'They sleep in the shed.\nThere are six.',
  when: null,
  whenWords: '',
}
const PICTURE = new Uint8Array([0xff, 0xd8, 1, 2, 3])

async function seal(plaintext: Uint8Array, recipients: readonly string[] = RECIPIENTS): Promise<Uint8Array> {
  const [sealed] = await sealer.seal([plaintext], recipients)
  return sealed ?? new Uint8Array()
}
const situation = (of = REPORT) => packJson({ kind: 'situation', of }, SITUATION)
const picture = (of = REPORT, type = 'image/jpeg') => packPart({ kind: 'file', of, type }, PICTURE)

interface Workplace {
  readonly folder: string
  put(name: string, content: string | Uint8Array): string
  /** runs baken open with the desk's key */
  open(words: readonly string[], options?: RunOptions): ReturnType<typeof baken>
}

/** A machine that is connected to nothing: a folder with the key. */
function workplace(t: Test): Workplace {
  const folder = ownFolder(t)
  const put = (name: string, content: string | Uint8Array): string => {
    writeFileSync(join(folder, name), content)
    return join(folder, name)
  }
  const key = put('key.txt', `# made: today\n${keys.identity}\n`)
  return { folder, put, open: (words, options) => baken(['open', '--identity', key, ...words], options) }
}

t.test('a section is printed in words, without a server or a database', async (t) => {
  const { put, open } = workplace(t)
  const { code, stdout, stderr } = await open([put('a.age', await seal(situation()))])
  t.equal(code, 0)
  t.equal(stderr, '')
  t.equal(
    stdout,
    `situation (report ${REPORT})
  forms: labour
  signs: -
  words:
    They sleep in the shed.
    There are six.
  when: -
  whenWords: -
`,
  )
})

t.test('what the age command sealed opens too, and the recovery key opens as well', async (t) => {
  const { folder, put } = workplace(t)
  const plain = put('plain', situation())
  const sealed = join(folder, 'sealed')
  const age = spawnSync('age', [
    '-a',
    '-r',
    keys.recipient,
    '-r',
    keys.recoveryRecipient,
    '-o',
    sealed,
    plain,
  ])
  t.equal(age.status, 0, String(age.stderr))
  const recovery = put('recovery', keys.recoveryIdentity)
  const { code, stdout } = await baken(['open', '--identity', recovery, sealed])
  t.equal(code, 0)
  t.match(stdout, 'They sleep in the shed.')
})

t.test('the age command opens a part with the same key file, so that nobody depends on Baken', async (t) => {
  const { folder, put } = workplace(t)
  const sealed = put('a.age', await seal(situation()))
  const age = spawnSync('age', ['-d', '-i', join(folder, 'key.txt'), sealed], { encoding: 'utf8' })
  t.equal(age.status, 0, age.stderr)
  t.match(age.stdout, 'They sleep in the shed.')
})

t.test('files are written with neutral names for their owner alone, and never over another', async (t) => {
  const { folder, put, open } = workplace(t)
  const photo = put('from-Noor.age', await seal(picture()))
  const odd = put('odd.age', await seal(picture(REPORT, 'text/html')))
  const out = join(folder, 'out')
  const first = await open([photo, odd, '--out', out])
  t.equal(first.code, 0, first.stderr)
  t.same(readdirSync(out).sort(), ['file-1.jpg', 'file-2.bin'])
  t.same(new Uint8Array(readFileSync(join(out, 'file-1.jpg'))), PICTURE)
  t.equal(statSync(join(out, 'file-1.jpg')).mode & 0o777, 0o600)
  t.equal(statSync(out).mode & 0o777, 0o700)
  t.match(first.stdout, `image/jpeg, 5 bytes: ${join(out, 'file-1.jpg')}`)
  await open([photo, '--out', out])
  t.same(readdirSync(out).sort(), ['file-1.jpg', 'file-2.bin', 'file-2.jpg'])
  const without = await open([photo])
  t.equal(without.code, 0)
  t.match(without.stdout, 'give --out FOLDER to write it')
})

t.test('--json gives the label, the values, and where a file went', async (t) => {
  const { folder, put } = workplace(t)
  const words = [
    put('a', await seal(situation())),
    put('b', await seal(picture())),
    '--out',
    join(folder, 'out'),
  ]
  const { code, json } = await bakenJson(['open', '--identity', join(folder, 'key.txt'), ...words])
  t.equal(code, 0)
  t.same(json, {
    parts: [
      { kind: 'situation', of: REPORT, type: 'application/json', body: SITUATION },
      { kind: 'file', of: REPORT, type: 'image/jpeg', bytes: 5, file: join(folder, 'out', 'file-1.jpg') },
    ],
    failed: [],
  })
})

t.test('parts of two reports are not mixed up, unless that is asked for', async (t) => {
  const { folder, put, open } = workplace(t)
  const other = randomUUID()
  const parts = [put('a', await seal(situation())), put('b', await seal(picture(other)))]
  const out = join(folder, 'out')
  const refused = await open([...parts, '--out', out])
  t.equal(refused.code, 1)
  t.equal(refused.stdout, '', 'nothing is shown')
  t.notOk(existsSync(out), 'and nothing written')
  t.match(refused.stderr, /these parts belong to 2 different reports or mailboxes: give --any/)
  const asked = await open([...parts, '--any'])
  t.equal(asked.code, 0)
  t.match(asked.stdout, `file (report ${other})`)
})

t.test('what does not open is named with its reason, and the rest is shown', async (t) => {
  const { put, open } = workplace(t)
  const sealed = await seal(situation())
  const stranger = await makeDeskKeys()
  const bent = Uint8Array.from(sealed)
  bent[bent.length - 1] = (bent.at(-1) ?? 0) ^ 1
  const bad: [string, Uint8Array | string, string][] = [
    ['garbage', 'this is no age file', 'is not an age file'],
    ['nothing', '', 'is not an age file'],
    ['armour', '-----BEGIN AGE ENCRYPTED FILE-----\nnope', 'is not an age file'],
    ['cut', sealed.subarray(0, sealed.length - 40), 'is damaged or cut short'],
    ['head', sealed.subarray(0, 60), 'is damaged or cut short'],
    ['bent', bent, 'is damaged or cut short'],
    ['theirs', await seal(situation(), [stranger.recipient]), 'was not sealed to this identity'],
    ['letter', await seal(new TextEncoder().encode('hello\n')), 'opens, but is not a part of a report'],
  ]
  for (const [name, content, why] of bad) {
    const { code, stdout, stderr } = await open([put(name, content), put('good', sealed)])
    t.equal(code, 1, name)
    t.match(stderr, `${name} ${why}.`)
    t.match(stderr, '1 part of 2 did not open.')
    t.match(stdout, 'They sleep in the shed.')
  }
  const broken = packPart({ kind: 'situation', of: REPORT, type: 'application/json' }, PICTURE)
  const unreadable = await open([put('broken', await seal(broken))])
  t.equal(unreadable.code, 1)
  t.match(unreadable.stderr, 'opens, but cannot be read.')
})

t.test(
  'an identity file is taken as age takes it, as typed from paper, and as the demonstration writes it',
  async (t) => {
    const { put } = workplace(t)
    const sealed = put('a', await seal(situation()))
    const layouts = [
      `${keys.identity}`,
      `# created: 2026\r\n# public key: ${keys.recipient}\r\n${keys.identity}\r\n`,
      keys.identity.toLowerCase().replace(/.{4}/g, '$& '),
      `names: sam, noor\npassphrase: six words of somebody and more\n\n# The desk's key\nidentity: ${keys.identity}\n`,
      `recovery identity: ${keys.recoveryIdentity}`,
      `${(await makeDeskKeys()).identity}\n${keys.identity}\n`,
    ]
    for (const layout of layouts) {
      const { code, stderr } = await baken(['open', '--identity', put('key', layout), sealed])
      t.equal(code, 0, stderr)
    }
  },
)

t.test('a wrong identity file is told by its line, and the key is never shown', async (t) => {
  const { put } = workplace(t)
  const sealed = put('a', await seal(situation()))
  const mistyped = `${keys.identity.slice(0, 30)}${keys.identity[30] === 'Q' ? 'P' : 'Q'}${keys.identity.slice(31)}`
  const wrong: [string | Uint8Array, RegExp][] = [
    [`# key\n${mistyped}`, /line 2 of .* is not an age identity: was it copied whole\?/],
    [keys.identity.slice(0, -3), /line 1 of .* is not an age identity/],
    [`${keys.identity}\nAGE-SECRET-KEY`, /line 2 of .* is not an age identity/],
    ['# nothing\n', /holds no age identity/],
    ['', /holds no age identity/],
    [await seal(new TextEncoder().encode(keys.identity)), /is itself sealed: open it with age -d first/],
    [armor.encode(await seal(new TextEncoder().encode('x'))), /is itself sealed/],
  ]
  for (const [content, sentence] of wrong) {
    const { code, stdout, stderr } = await baken(['open', '--identity', put('key', content), sealed])
    t.equal(code, 1)
    t.equal(stdout, '')
    t.match(stderr, sentence)
    t.notMatch(stderr, keys.identity.slice(15, 40))
  }
  const missing = await baken(['open', '--identity', `${sealed}-not-there`, sealed])
  t.equal(missing.code, 1)
  t.match(missing.stderr, 'cannot be read: it is not there')
})

t.test('a folder, standard input and the output of psql are read as well', async (t) => {
  const { folder, put, open } = workplace(t)
  const sealed = [await seal(situation()), await seal(picture())]
  const inFolder = join(folder, 'export')
  mkdirSync(inFolder)
  for (const [i, bytes] of sealed.entries()) writeFileSync(join(inFolder, `${i}.age`), bytes)
  t.match((await open([inFolder])).stdout, /situation .*\n(.*\n)+\nfile /)
  t.match((await open(['-'], { input: sealed[0] ?? '' })).stdout, 'They sleep in the shed.')
  // One row a line; a large file comes in pieces.
  const hex = sealed.map((bytes) => `\\x${Buffer.from(bytes).toString('hex')}`)
  const half = Math.floor((hex[1] ?? '').length / 4) * 2
  const lines = [hex[0], hex[1]?.slice(0, half), `\\x${hex[1]?.slice(half)}`].join('\n')
  const printed = await open([put('psql.txt', `${lines}\n`)])
  t.equal(printed.code, 0, printed.stderr)
  t.match(printed.stdout, /situation .*\n(.*\n)+\nfile /)
})

t.test('a text that would write on the terminal is shown, not obeyed', async (t) => {
  const { folder, put, open } = workplace(t)
  const words = 'red \u001b[31m \u009b2J \u202egnorw'
  const sealed = put('a', await seal(packJson({ kind: 'situation', of: REPORT }, { words, '\u001b[2J': 1 })))
  const shown = await open([sealed])
  t.match(shown.stdout, 'red \\u{1b}[31m \\u{9b}2J \\u{202e}gnorw')
  const asJson = await bakenJson(['open', '--identity', join(folder, 'key.txt'), sealed])
  t.notMatch((shown.stdout + asJson.stdout).replaceAll('\n', ''), /\p{Cc}|\u202e/u)
  t.match(asJson.json, { parts: [{ body: { words } }] }, 'as JSON it means the same')
})
