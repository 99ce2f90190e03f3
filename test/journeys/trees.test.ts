// What a screen reader is told of each page, in every language, line by line as the files in trees/ hold it. When a
// difference is meant: `node dist/test/support/speak-pages.js` writes them anew.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { speakPages, TREES } from '../support/speak-pages.js'

t.setTimeout(120_000)

t.test('every page is spoken as its file says, with every control, group and mistake named', async (t) => {
  const spoken = await speakPages(t)
  for (const { file, tree, faults } of spoken) {
    const path = join(TREES, file)
    t.equal(tree, existsSync(path) ? readFileSync(path, 'utf8') : 'no such file', file)
    t.same(faults, [], file)
  }
  const files = readdirSync(TREES, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.yml'),
  )
  t.same(files.sort(), spoken.map(({ file }) => file).sort(), 'no file is left of a page that is gone')
})
