import type { DetailGroup } from '../report/details.js'
import { packJson, type Section } from '../report/envelope.js'
import type { HalfDay } from '../report/half-day.js'
import {
  markSealed,
  type Place,
  type ReportHeader,
  type SealedReport,
  type Situation,
  type StrippedReport,
} from '../report/report.js'
import type { Sealer } from '../sealing/index.js'
import type { LiveDesk } from '../storage/intake/index.js'
import { packFile } from './pack-file.js'
import { sketchReport } from './sketch-report.js'
import { allDetails } from './take-details.js'

export interface Sealing {
  readonly id: string
  readonly desk: LiveDesk
  readonly halfDay: HalfDay
  /** id of the mailbox to be made with the report, or null */
  readonly mailbox: string | null
  /** the catalogue: which section a detail belongs to */
  readonly details: readonly DetailGroup[]
  readonly seal: Sealer['seal']
  readonly sealStream: Sealer['sealStream']
  readonly randomId: () => string
}

/**
 * Seals a stripped report to the desk and its recovery key: header and five sections (empty ones too). The files follow
 * while they are being stored.
 */
export async function sealReport(stripped: StrippedReport, sealing: Sealing): Promise<SealedReport> {
  const { id, desk, halfDay, randomId, seal, sealStream } = sealing
  const { report, files } = stripped
  const bodies = sectionBodies(stripped, sealing)
  const kinds = Object.keys(bodies) as (keyof typeof bodies)[]
  const sealed = await seal(
    kinds.map((kind) => packJson({ kind, of: id }, bodies[kind])),
    desk.recipients,
  )
  return markSealed({
    id,
    desk: desk.id,
    policeUnit: report.policeUnit,
    urgent: report.urgent,
    halfDay,
    fileCount: files.length,
    sections: kinds.map((kind, i) => ({ id: randomId(), kind, sealed: sealed[i] ?? new Uint8Array() })),
    files: files.map((file) => ({
      id: file.id,
      sealed: sealStream(packFile({ kind: 'file', of: id }, file), desk.recipients),
    })),
  })
}

type SectionKind = 'header' | Section

function sectionBodies(
  { report }: StrippedReport,
  { mailbox, details: catalogue }: Sealing,
): Record<SectionKind, unknown> {
  const { vantage, danger, forms, signs, words, when, whenWords, language, minor, municipality } = report
  const header: ReportHeader = {
    language,
    vantage,
    municipality,
    forms,
    signs: signs.length,
    danger,
    minor,
    when,
    mailbox,
    alike: sketchReport(report),
  }
  const situation: Situation = { forms, signs, words, when, whenWords, danger }
  const details = (section: DetailGroup['section']) =>
    allDetails(
      catalogue.filter((group) => group.section === section),
      report,
    )
  const place: Place = {
    municipality,
    policeUnit: report.policeUnit,
    description: report.place,
    details: details('place'),
  }
  return {
    header,
    situation,
    place,
    victims: { details: details('victims') },
    offenders: { details: details('offenders') },
    source: { details: details('source') },
  }
}
