// Numbers of sources beside the facts of a page, and the list they lead to.
import type { FindSource, Source } from '../../pages/sources.js'

export interface Reference {
  readonly id: string
  readonly number: number
}

export interface References {
  /** the numbers of these sources on this page; throws on an unknown id */
  mark(sources: readonly string[]): readonly Reference[]
  /** every source that was marked, in the order of its number */
  list(): readonly Source[]
}

/** For one rendering of one page. */
export function createReferences(find: FindSource): References {
  const listed: Source[] = []
  const numberOf = (id: string): number => {
    const at = listed.findIndex((source) => source.id === id)
    return at >= 0 ? at + 1 : listed.push(find(id))
  }
  return {
    mark: (sources) => sources.map((id) => ({ id, number: numberOf(id) })),
    list: () => listed,
  }
}
