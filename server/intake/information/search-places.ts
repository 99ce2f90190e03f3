// The pages of municipalities as search knows them: by their names, old and new.
import type { Site } from '../site.js'
import { dayOf } from './places.js'
import type { FoundPlace } from './search-pages.js'

/** Every municipality of today, with the names of those that went into it. */
export function foundPlaces(site: Site): FoundPlace[] {
  const { regions } = site.catalogue
  const day = dayOf(site)
  return regions.standing(day).map((place) => {
    const parts = regions.municipalities.filter((one) => regions.partOf(one, day) === place)
    const otherNames = parts.flatMap(({ code, name }) => [
      name,
      ...regions.otherNames(code).map((other) => other.name),
    ])
    return { path: `/help/${place.slug}`, name: place.called, otherNames }
  })
}
