// Help for the whole country, and where it is: by want, by province, by region. Nothing here depends on the reader.
import type { HelpKind } from '../../help/entry.js'
import type { Site } from '../site.js'
import { gatherSources, nowOf, type ShownEntry, showEntry } from './help-rows.js'
import { dayOf, helpTrail, PLACE_SOURCES, shortly, type Unit, unitsOf } from './places.js'
import { provincePage, regionPage, regionsPage } from './region-pages.js'

/** What people want, in the order of the page; an entry stands whole under the first that fits, named under others. */
export const WANTS: readonly { readonly id: string; readonly kinds: readonly HelpKind[] }[] = [
  { id: 'talk', kinds: ['talk', 'advice'] },
  { id: 'safe', kinds: ['shelter', 'coordination'] },
  { id: 'hurt', kinds: ['violence', 'suicide', 'health'] },
  { id: 'young', kinds: ['children'] },
  { id: 'work', kinds: ['work', 'change_work'] },
  { id: 'report', kinds: ['report', 'police', 'border'] },
  { id: 'rights', kinds: ['legal'] },
]
/** Which want an entry is whole under: the more special one first. */
const MOST_SPECIAL = ['safe', 'work', 'young', 'hurt', 'report', 'talk', 'rights']

/** The pages of help that are the same for everybody, by address; each is made when it is first asked for. */
export function helpPages(site: Site): Map<string, () => string> {
  const pages = new Map<string, () => string>()
  const { municipalities } = site.catalogue.regions
  const provinces = unitsOf(municipalities, 'province')
  const units = unitsOf(municipalities, 'policeUnit')
  for (const { code } of site.languages) {
    pages.set(`/${code}/help`, () => directoryPage(site, code, provinces))
    pages.set(`/${code}/help/nearby`, () => nearbyPage(site, code))
    pages.set(`/${code}/help/regions`, () => regionsPage(site, code, units))
    for (const province of provinces)
      pages.set(`/${code}/help/p/${province.slug}`, () => provincePage(site, code, province))
    for (const unit of units)
      pages.set(`/${code}/help/regions/${unit.slug}`, () => regionPage(site, code, unit))
  }
  return pages
}

function directoryPage(site: Site, language: string, provinces: readonly Unit[]): string {
  const t = site.translate(language)
  const now = nowOf(site)
  const rows = site.directory.entries(language).map((entry) => showEntry(entry, language, now))
  const national = rows.filter(({ entry }) => entry.area.level === 'national')
  const isUrgent = ({ entry }: ShownEntry) => entry.kinds.includes('danger')
  const others = national.filter((row) => !isUrgent(row))
  const wants = WANTS.map(({ id }) => ({
    id,
    rows: others.filter((row) => wantOf(row) === id),
    also: others.filter((row) => wantOf(row) !== id && fits(row, id)),
  })).filter(({ rows, also }) => rows.length + also.length > 0)
  return site.page(
    language,
    'help',
    {
      urgent: national.filter(isUrgent),
      wants,
      provinces,
      regional: rows.some(({ entry }) => entry.area.level !== 'national'),
      sources: gatherSources(
        site,
        national.flatMap(({ sources }) => sources),
      ),
      typed: '',
      errors: {},
    },
    { title: t('near.help'), path: '/help', indexable: true, trail: [], own: site.tools },
  )
}

function wantOf(row: ShownEntry): string {
  return MOST_SPECIAL.find((id) => fits(row, id)) ?? 'talk'
}

function fits({ entry }: ShownEntry, id: string): boolean {
  return WANTS.find((want) => want.id === id)?.kinds.some((kind) => entry.kinds.includes(kind)) ?? false
}

/** What somebody typed who is on the page again; never kept, never in an address. */
export interface Asked {
  readonly typed: string
  readonly error: 'near.empty' | 'near.unknown'
  readonly near: readonly { readonly slug: string; readonly name: string; readonly called: string }[]
}

/** The page that asks where somebody is; with `asked`, again. */
export function nearbyPage(site: Site, language: string, asked: Asked | null = null): string {
  const t = site.translate(language)
  const { regions } = site.catalogue
  const standing = regions.standing(dayOf(site))
  const title = t('near.title')
  const comensha = shortly(site, language, 'comensha')
  const young = shortly(site, language, 'veiligthuis')
  return site.page(
    language,
    'nearby',
    {
      typed: asked?.typed ?? '',
      errors: asked ? { place: asked.error } : {},
      near: asked?.near ?? [],
      names: standing.map(({ called }) => called),
      provinces: unitsOf(standing, 'province'),
      comensha,
      young,
      sources: gatherSources(site, [
        ...[comensha, young].flatMap((row) => row?.sources ?? []),
        ...PLACE_SOURCES,
      ]),
    },
    {
      title: asked ? `${t('error.title')}: ${title}` : title,
      path: '/help/nearby',
      indexable: true,
      own: site.tools,
      trail: helpTrail(site, language),
    },
  )
}
