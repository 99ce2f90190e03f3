// The settings, the signature, and whether what the site says was verified.
import type { z } from 'zod'
import {
  intakeSettings,
  readSettings,
  requireSignature,
  SettingsProblem,
  sharedSettings,
  triageSettings,
} from '../settings.js'
import { countFacts, type FactCounts } from './facts.js'
import { type Finding, ok, problem, warning } from './finding.js'

const SHAPE = { ...sharedSettings, ...intakeSettings, ...triageSettings }

export type DoctorSettings = z.infer<z.ZodObject<typeof SHAPE>>

/** The settings of both apps; wrong ones are a finding, and the defaults stand in for them. */
export function readDoctorSettings(environment: NodeJS.ProcessEnv): {
  settings: DoctorSettings
  findings: Finding[]
} {
  try {
    return { settings: readSettings(SHAPE, environment), findings: [] }
  } catch (error) {
    if (!(error instanceof SettingsProblem)) throw error
    const text = error.message.replace(/\s*\n\s*/g, ' ')
    return {
      settings: readSettings(SHAPE, {}),
      findings: [
        problem(text, 'mend them: no process starts with them, and the rest was looked at with the defaults'),
      ],
    }
  }
}

export function checkSite(settings: DoctorSettings, today: Date): Finding[] {
  return [judgeSignature(settings), judgeFacts(countFacts(today))]
}

function judgeSignature(settings: DoctorSettings): Finding {
  if (settings.DPIA_SIGNED)
    return ok(`the data protection impact assessment was signed on ${settings.DPIA_SIGNED}`)
  try {
    for (const origin of [settings.PUBLIC_ORIGIN, settings.PARTNER_ORIGIN]) requireSignature(settings, origin)
    return warning(
      'the data protection impact assessment is not signed: only this machine can reach the site',
      'before others can, the controller signs docs/dpia.md; set DPIA_SIGNED to that date',
    )
  } catch {
    return problem(
      'the data protection impact assessment is not signed: no process starts for others than this machine',
      'the controller signs docs/dpia.md; set DPIA_SIGNED to that date',
    )
  }
}

function judgeFacts({ all, neverVerified, old }: FactCounts): Finding {
  if (neverVerified + old === 0) return ok(`all ${all} facts were verified within half a year`)
  return warning(
    `of ${all} facts (telephone numbers, hours, signs, laws, pages) ${neverVerified} were never verified and ${old} not for half a year`,
    'look them up and set verified_on in locales/',
  )
}
