// Who coordinates help in which province. The list is old: an organisation is named, but its number is shown only when
// a recent source gives it or somebody verified it. CoMensha knows the coordinator everywhere.
import type { Municipality } from '../regions/index.js'
import { isIn } from './areas.js'
import { type Coordinator, isInForce, shownPhone } from './entry.js'

export interface NearbyRow {
  readonly id: string
  readonly name: string
  readonly area: string
  readonly for_whom: string
  readonly phone: string | null
  readonly tel: string | null
  readonly verified_on: string | null
}

export interface Province {
  readonly name: string
  readonly municipalities: readonly string[]
  readonly rows: readonly NearbyRow[]
}

/** All provinces in the order of the alphabet, each with the care coordinators known there, in a language. */
export function nearbyByProvince(
  coordinators: readonly Coordinator[],
  municipalities: readonly Municipality[],
  language: string,
  today: Date,
): Province[] {
  const known = coordinators.filter(
    (row) => row.role === 'care_coordinator' && row.name !== null && isInForce(row, today),
  )
  const names = [...new Set(municipalities.map(({ province }) => province))].sort((a, b) =>
    a.localeCompare(b, 'nl'),
  )
  return names.map((name) => {
    const inside = municipalities.filter(({ province }) => province === name)
    return {
      name,
      municipalities: inside.map((municipality) => municipality.name),
      rows: known
        .filter(({ area }) => inside.some((municipality) => isIn(municipality, area)))
        .map((row) => toRow(row, language)),
    }
  })
}

function toRow(coordinator: Coordinator, language: string): NearbyRow {
  const { id, name, area, texts, verified_on } = coordinator
  const text = texts[language] ?? Object.values(texts)[0]
  const phone = shownPhone(coordinator)
  return {
    id,
    name: name ?? '',
    area: text?.area || (area.level === 'national' ? 'Nederland' : area.names.join(', ')),
    for_whom: text?.whom ?? '',
    phone: phone?.shown ?? null,
    tel: phone?.tel ?? null,
    verified_on,
  }
}
