// The partner app as a process of its own; it also releases what arrived.
import { createLog } from '../log.js'
import { runProcess } from '../processes.js'
import { connect, refuseUnsafeServer } from '../storage/connect.js'
import { readTriageConfig } from './config.js'
import { startTriage } from './start.js'

const log = createLog({ withTime: true })

await runProcess(log, async (atEnd) => {
  const settings = readTriageConfig(process.env)
  const probe = connect({ target: settings.DATABASE_URL, connections: 1 })
  await refuseUnsafeServer(probe).finally(() => probe.end())
  const app = await startTriage(settings, { target: settings.DATABASE_URL, log, demonstration: false })
  atEnd(app.close)
  log.event('app.started', { app: 'triage' })
})
