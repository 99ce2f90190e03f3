// The partner app as a process of its own; it also releases what arrived.
import { createLog } from '../log.js'
import { startOrExplain, stopInOrder } from '../processes.js'
import { connect, refuseUnsafeServer } from '../storage/connect.js'
import { readTriageConfig } from './config.js'
import { startTriage } from './start.js'

await startOrExplain(async () => {
  const settings = readTriageConfig(process.env)
  const log = createLog({ withTime: true })
  const probe = connect({ target: settings.DATABASE_URL, connections: 1 })
  await refuseUnsafeServer(probe).finally(() => probe.end())
  const app = await startTriage(settings, { target: settings.DATABASE_URL, log, demonstration: false })
  stopInOrder(log, [app.close])
  log.event('app.started', { app: 'triage' })
})
