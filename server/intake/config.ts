import { z } from 'zod'
import {
  intakeSettings,
  readSettings,
  refuseLimitOnOnion,
  requireSignature,
  sharedSettings,
} from '../settings.js'

/** Settings of a process that runs the public app alone. Throws one list of everything wrong. */
export function readIntakeConfig(environment: NodeJS.ProcessEnv) {
  const settings = readSettings(
    { ...sharedSettings, ...intakeSettings, DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//) },
    environment,
  )
  requireSignature(settings, settings.PUBLIC_ORIGIN)
  refuseLimitOnOnion(settings)
  return settings
}
