// A process that holds the embedded database until its standard input ends: tests kill it, interrupt it or start
// several. Arguments: data folder, options as JSON. Prints one JSON line when the start went well or was refused.
import pg from 'pg'
import { DataFolderProblem, startEmbedded } from '../../server/storage/embedded/index.js'

const [dataDir = '', options = '{}', ending = 'stop'] = process.argv.slice(2)

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

try {
  const database = await startEmbedded(dataDir, JSON.parse(options))
  process.once('SIGINT', async () => {
    const client = new pg.Client(database.owner)
    await client.connect()
    await client.query('select 1')
    await client.end()
    say({ kind: 'answered' })
  })
  say({ kind: 'started', owner: database.owner, folder: database.folder, notices: database.notices })
  for await (const _ of process.stdin);
  if (ending === 'stop') await database.stop()
  else process.exit()
} catch (error) {
  if (!(error instanceof DataFolderProblem)) throw error
  say({ kind: 'refused', code: error.code, message: error.message })
}
