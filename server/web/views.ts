// Templates. Everything a template prints is escaped; styles and the one script are inlined by the layout.

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Eta } from 'eta'

const VIEWS = fileURLToPath(new URL('../../../views/', import.meta.url))
const BUILT_VIEWS = new URL('../../views/', import.meta.url)

export type Render = (template: string, data: object) => string

/** Renders `views/<template>.eta`, compiled once. Throws when a template fails: a fault of ours. */
export function createRender(): Render {
  const eta = new Eta({ views: VIEWS, cache: true, autoTrim: false })
  return (template, data) => eta.render(`./${template}`, data)
}

/** A built asset: minified style or script. */
export function readAsset(path: string): string {
  return readFileSync(new URL(path, BUILT_VIEWS), 'utf8').trim()
}
