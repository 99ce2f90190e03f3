// The kinds of rule there are about imports. Each gives everything that breaks it, as `path: what`.
import { importsOf, packageOf, reachedFrom, type Sources } from './imports.js'

export type Findings = (sources: Sources) => string[]

/** Files below `folder` may import these and nothing else. */
export function onlyImports(folder: string, allowed: readonly string[]): Findings {
  return (all) =>
    eachImport(all, (path) => path.startsWith(folder))
      .filter(({ of }) => !allowed.some((one) => matches(of, one)))
      .map(tell)
}

/** These may be imported by files at these places and by no others; types are nobody's secret. */
export function onlyFrom(what: readonly string[], places: readonly string[]): Findings {
  return (all) =>
    eachImport(all, (path) => !places.some((place) => path.startsWith(place)))
      .filter(({ of }) => what.some((one) => matches(of, one)))
      .map(tell)
}

/** Nothing that runs when these files run imports any of that, nor is any of it among what runs. */
export function neverReaches(starts: readonly string[], forbidden: readonly string[]): Findings {
  return (all) => {
    const reached = reachedFrom(all, starts)
    return eachImport(all, (path) => reached.has(path))
      .filter(({ of, typeOnly }) => !typeOnly && forbidden.some((one) => matches(of, one)))
      .map(tell)
  }
}

/** Of these modules, whatever is reached takes only the names allowed to all, or to that file. */
export function namesFrom(
  starts: readonly string[],
  modules: readonly string[],
  places: Readonly<Record<string, readonly string[]>>,
  everywhere: readonly string[] = [],
): Findings {
  return (all) => {
    const reached = reachedFrom(all, starts)
    return eachImport(all, (path) => reached.has(path))
      .filter(({ of, typeOnly }) => modules.includes(of) && !typeOnly)
      .filter(
        ({ path, names }) => !names.every((name) => [...everywhere, ...(places[path] ?? [])].includes(name)),
      )
      .map(tell)
  }
}

/** The names that are taken from age, and any other way to reach into it. */
export function ageNames(
  all: Sources,
  paths: Iterable<string>,
  allowed: readonly string[],
  more: Readonly<Record<string, readonly string[]>>,
): string[] {
  const looked = new Set(paths)
  return eachImport(all, (path) => looked.has(path))
    .filter(({ of }) => packageOf(of) === 'age-encryption' || packageOf(of) === '@noble/ciphers')
    .filter(({ path, of, names }) => {
      const may = [...allowed, ...(more[path] ?? [])]
      return of !== 'age-encryption' || !names.every((name) => may.includes(name))
    })
    .map(tell)
}

function eachImport(all: Sources, isLookedAt: (path: string) => boolean) {
  return [...all]
    .filter(([path]) => isLookedAt(path))
    .flatMap(([path, text]) => importsOf(path, text).map((found) => ({ path, ...found })))
}

function tell({ path, of, names }: { path: string; of: string; names: readonly string[] }): string {
  return `${path}: ${names.join(', ')} of ${of}`
}

/** `server/report/` matches all below it, a file itself, a package also its inner modules. */
function matches(of: string, wanted: string): boolean {
  return of === wanted || (wanted.endsWith('/') ? of.startsWith(wanted) : of.startsWith(`${wanted}/`))
}
