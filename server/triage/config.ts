import { z } from 'zod'
import { readSettings, requireSignature, sharedSettings, triageSettings } from '../settings.js'

/** Settings of a process that runs the partner app alone. Throws one list of everything wrong. */
export function readTriageConfig(environment: NodeJS.ProcessEnv) {
  const settings = readSettings(
    { ...sharedSettings, ...triageSettings, DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//) },
    environment,
  )
  requireSignature(settings, settings.PARTNER_ORIGIN)
  return settings
}
