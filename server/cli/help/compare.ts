// What an import would change: field by field, from what stands now.

export interface FieldChange {
  readonly field: string
  readonly old: string
  readonly new: string
}

/** What differs, in the order of the fields of the new row; empty when nothing does. */
export function compareRows(old: object, fresh: object): FieldChange[] {
  const before = fieldsOf(old)
  const after = fieldsOf(fresh)
  return [...new Set([...after.keys(), ...before.keys()])].flatMap((field) => {
    const change = { field, old: before.get(field) ?? '', new: after.get(field) ?? '' }
    return change.old === change.new ? [] : [change]
  })
}

/** Every value that is no object, under its path; lists as one value, since their order says nothing. */
function fieldsOf(value: object, path = ''): Map<string, string> {
  return new Map(
    Object.entries(value).flatMap(([name, inside]): [string, string][] => {
      const field = path === '' ? name : `${path}.${name}`
      if (Array.isArray(inside)) return [[field, inside.map(String).sort().join(' | ')]]
      if (typeof inside === 'object' && inside !== null) return [...fieldsOf(inside, field)]
      return [[field, inside === null ? '' : String(inside)]]
    }),
  )
}
