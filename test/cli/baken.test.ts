import t from 'tap'
import { readPackage } from '../../server/cli/package.js'
import { baken } from '../support/cli.js'

const COMMANDS = [
  'migrate',
  'desk create',
  'desk list',
  'desk close',
  'invite',
  'doctor',
  'inventory',
  'open',
  'strip',
]

t.test('--help lists every command, and every command has a help of its own', async (t) => {
  const all = await baken(['--help'])
  t.equal(all.code, 0)
  t.equal(all.stderr, '')
  for (const name of COMMANDS) {
    t.match(all.stdout, new RegExp(`^  ${name} +\\w`, 'm'))
    const own = await baken([...name.split(' '), '--help'])
    t.equal(own.code, 0, name)
    t.match(own.stdout, `Usage: baken ${name}`)
    t.ok(
      own.stdout.split('\n').every((line) => line.length <= 120),
      `${name}: lines fit a terminal`,
    )
    t.equal(own.stderr, '')
  }
})

t.test('--version is the version of the package', async (t) => {
  const { code, stdout } = await baken(['--version'])
  t.equal(code, 0)
  t.equal(stdout, `${readPackage().version}\n`)
})

t.test('a wrong command line is one sentence on standard error, and exit code 2', async (t) => {
  const wrong: [string[], RegExp][] = [
    [['frobnicate'], /^baken: there is no such command; /],
    [['--frob'], /^baken: the command comes first; /],
    [['desk'], /^baken desk: say which: desk create, desk list, desk close/],
    [['desk', 'frob'], /^baken desk: say which/],
    [['desk', 'create'], /^baken desk create: --name is missing; /],
    [['desk', 'create', '--name', ''], /^baken desk create: --name is empty; /],
    [['desk', 'create', '--name'], /^baken desk create: --name needs a value; /],
    [
      ['desk', 'create', '--name', 'a\u202eb'],
      /^baken desk create: --name is empty, longer than 100 signs, or /,
    ],
    [['desk', 'create', '--name', 'x'.repeat(101)], /^baken desk create: --name is empty, longer/],
    [['desk', 'list', '--frob'], /^baken desk list: there is no option --frob; /],
    [['desk', 'list', '--json=yes'], /^baken desk list: --json takes no value; /],
    [['invite', '--desk', 'x'], /^baken invite: --name is missing; /],
    [['doctor', 'twice'], /^baken doctor: there is a word too many; /],
    [['strip', 'one'], /^baken strip: something is missing; /],
    [['strip', 'one', '-', '--json'], /^baken strip: --json and OUT - both want standard output; /],
    [['open', 'file'], /^baken open: --identity is missing; /],
    [['open', '--identity', 'x'], /^baken open: give either files or --report ID; /],
    [['open', '--identity', 'x', '--report', 'y', 'file'], /^baken open: give either files or --report ID; /],
  ]
  for (const [words, sentence] of wrong) {
    const { code, stdout, stderr } = await baken(words)
    t.equal(code, 2, words.join(' '))
    t.equal(stdout, '')
    t.match(stderr, sentence)
    t.equal(stderr.trim().split('\n').length, 1, 'one line')
  }
})

t.test('without any word it says how it is used, and fails', async (t) => {
  const { code, stdout, stderr } = await baken([])
  t.equal(code, 2)
  t.equal(stdout, '')
  t.match(stderr, /^Usage: baken COMMAND/)
})

t.test(
  'what was typed is not echoed, so that a secret in the wrong place stays off the screen',
  async (t) => {
    for (const words of [['S3CRET'], ['doctor', 'S3CRET'], ['doctor', '--frob=S3CRET'], ['desk', 'S3CRET']]) {
      const { stdout, stderr } = await baken(words)
      t.notMatch(stdout + stderr, 'S3CRET', words.join(' '))
    }
  },
)
