// The public app as a process of its own, with a database role that can only put sealed rows in.
import { createLog } from '../log.js'
import { runProcess } from '../processes.js'
import { connect, refuseUnsafeServer } from '../storage/connect.js'
import { readIntakeConfig } from './config.js'
import { startIntake } from './start.js'

const log = createLog({ withTime: false })

await runProcess(log, async (atEnd) => {
  const settings = readIntakeConfig(process.env)
  const probe = connect({ target: settings.DATABASE_URL, connections: 1 })
  await refuseUnsafeServer(probe).finally(() => probe.end())
  const app = await startIntake(settings, { target: settings.DATABASE_URL, log, demonstration: false })
  atEnd(app.close)
  log.event('app.started', { app: 'intake' })
})
