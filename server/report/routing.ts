// Whom somebody is pointed to, by rules in a fixed order (locales/routes.json). Deterministic: nothing is counted,
// weighed or scored, and nobody is kept from reporting.
import * as z from 'zod'
import { DANGERS, type ParsedReport } from './report.js'
import { FORMS, VANTAGES } from './signs.js'

export const routeSchema = z.strictObject({
  id: z.string().regex(/^[a-z-]+$/),
  /** all that is named must hold; an empty rule holds for everybody */
  when: z.strictObject({
    danger: z.array(z.enum(DANGERS)).optional(),
    vantages: z.array(z.enum(VANTAGES)).optional(),
    forms: z.array(z.enum(FORMS)).optional(),
    minor: z.literal(true).optional(),
    /** at an airport, a port or a border crossing */
    border: z.literal(true).optional(),
    /** the reporter thinks that nobody else can know this */
    only_source: z.literal(true).optional(),
  }),
  /** ids in the help directory, the first one first */
  help: z.array(z.string()).min(1),
})
export type Route = z.infer<typeof routeSchema>

/** What the rules look at: known choices alone, never words. */
export interface RoutingFacts extends Pick<ParsedReport, 'danger' | 'vantage' | 'forms' | 'minor'> {
  readonly border: boolean
  readonly onlySource: boolean
}

/** The rules that hold, in their order. */
export function routesOf(routes: readonly Route[], facts: RoutingFacts): Route[] {
  return routes.filter(({ when }) => {
    if (when.danger && !(facts.danger && when.danger.includes(facts.danger))) return false
    if (when.vantages && !(facts.vantage && when.vantages.includes(facts.vantage))) return false
    if (when.forms && !facts.forms.some((form) => when.forms?.includes(form))) return false
    if (when.minor && !facts.minor) return false
    if (when.border && !facts.border) return false
    return !when.only_source || facts.onlySource
  })
}

/** The rows of the help directory for these facts: those of the first rule that holds first, each once. */
export function helpOf(routes: readonly Route[], facts: RoutingFacts): string[] {
  return [...new Set(routesOf(routes, facts).flatMap(({ help }) => help))]
}
