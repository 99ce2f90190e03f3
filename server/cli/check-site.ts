// The settings, the signature, the published hash of the browser code, and whether what the site says was verified.
import { readFileSync } from 'node:fs'
import type { z } from 'zod'
import {
  intakeSettings,
  readSettings,
  requireSignature,
  SettingsProblem,
  sharedSettings,
  triageSettings,
} from '../settings.js'
import { bundleHash } from '../triage/page-routes.js'
import { countFacts, type FactCounts } from './facts.js'
import { type Finding, ok, problem, warning } from './finding.js'

const PUBLISHED_HASH = new URL('../../../docs/bundle-hash.txt', import.meta.url)
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
  return [
    judgeSignature(settings),
    judgeBundle(readPublishedHash(), readBundleHash()),
    judgeFacts(countFacts(today)),
  ]
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

/** `published` is null when no hash was published with this version, `actual` when there is no built bundle. */
export function judgeBundle(published: string | null, actual: string | null): Finding {
  if (actual === null) return problem('the browser code of the partner app is missing', 'run npm run build')
  if (published === null) {
    return warning(
      `the browser code of the partner app has the hash ${actual}`,
      'compare it with the one published for this version (docs/bundle-hash.txt is not here)',
    )
  }
  if (published === actual) return ok(`the browser code of the partner app is the published one (${actual})`)
  return problem(
    `the browser code of the partner app has the hash ${actual}, published is ${published}`,
    'let nobody sign in until it is known why: code that was changed can take the key of the desk',
  )
}

function judgeFacts({ all, neverVerified, old }: FactCounts): Finding {
  if (neverVerified + old === 0) return ok(`all ${all} facts were verified within half a year`)
  return warning(
    `of ${all} facts (telephone numbers, hours, signs, laws, pages) ${neverVerified} were never verified and ${old} not for half a year`,
    'look them up and set verified_on in locales/',
  )
}

function readPublishedHash(): string | null {
  try {
    return /\b[0-9a-f]{64}\b/.exec(readFileSync(PUBLISHED_HASH, 'utf8'))?.[0] ?? null
  } catch {
    return null
  }
}

function readBundleHash(): string | null {
  try {
    return bundleHash()
  } catch {
    return null
  }
}
