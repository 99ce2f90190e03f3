// One row of the help directory: everything that the public site shows of it.
import { coordinatorSchema, helpEntrySchema } from '../../server/help/entry.js'
import { api, type HelpAnswer, type HelpListed, Problem } from './api.js'
import type { Desk } from './context.js'
import { element, form } from './dom.js'
import { type FieldError, showErrors } from './forms.js'
import { helpFields } from './help-fields.js'
import { fieldOf, fromValues, type HelpKind, toValues, type Values } from './help-values.js'
import { siteLanguages, text } from './texts.js'

type Area = HelpListed['row']['area']
type Issues = NonNullable<ReturnType<typeof helpEntrySchema.safeParse>['error']>['issues']

/** The form for the row of this id, or for a new one. */
export async function showHelpForm(desk: Desk, kind: HelpKind, id: string | null): Promise<void> {
  const { signal } = desk
  const answer = await api.help(signal)
  signal.throwIfAborted()
  const listed = answer.rows.find((one) => one.kind === kind && one.row.id === id) ?? null
  if (id !== null && listed === null) throw new Problem('not-found', 404)
  const languages = Object.keys(siteLanguages)
  const draft = `help-${kind}-${id ?? 'new'}`
  const { drafts } = desk.memory
  const fields = helpFields(kind, id === null, languages)
  const standing = toValues(kind, listed?.row ?? null, languages)
  const typed = drafts.get(draft)
  fields.write(typed === '' ? standing : (JSON.parse(typed) as Values))

  const made = form(
    { class: 'help-form' },
    () =>
      desk.run(async () => {
        const values = { ...standing, ...fields.read() }
        const row = fromValues(kind, values, listed?.row ?? null, languages)
        const schema = kind === 'entry' ? helpEntrySchema : coordinatorSchema
        const parsed = schema.safeParse(row)
        const errors = parsed.success
          ? areaErrors(parsed.data.area, answer.areas)
          : fieldErrors(parsed.error.issues, languages[0] ?? '')
        if (showErrors(desk.page, made, errors) || !parsed.success) return
        await save(kind, parsed.data as HelpListed['row'], listed)
        drafts.remove(draft)
        desk.go('help', text('help.saved'))
      }),
    ...fields.content,
    element(
      'div',
      { class: 'actions' },
      element('button', { type: 'submit', class: 'primary' }, text('help.save')),
    ),
  )
  made.addEventListener('input', () => drafts.set(draft, JSON.stringify(fields.read())))
  desk.page.show(
    text(id === null ? `help.add-${kind}` : `help.edit-${kind}`),
    element('p', { class: 'back' }, element('a', { href: '#help' }, text('help.back'))),
    element('p', { class: 'lede' }, text('help.form-lede')),
    made,
  )
}

async function save(kind: HelpKind, row: HelpListed['row'], listed: HelpListed | null): Promise<void> {
  try {
    await api.saveHelp(row, kind, listed?.revision ?? 0, listed === null)
  } catch (error) {
    if (error instanceof Problem && error.status === 409) throw new Problem('help-conflict', 409)
    throw error
  }
}

/** One error a field: the first that its schema tells. */
function fieldErrors(issues: Issues, firstLanguage: string): FieldError[] {
  const errors = new Map<string, FieldError>()
  for (const issue of issues) {
    const field = fieldOf(issue.path, firstLanguage)
    const isText = issue.path[0] === 'texts'
    const isAddress = isText && issue.code === 'custom' && issue.path.length === 3
    const name = isAddress ? 'address' : isText ? 'name' : field
    const own = text(`help.error.${name}`)
    const general = text(issue.code === 'too_big' ? 'help.error.long' : 'help.error.other')
    const words = own === `help.error.${name}` || issue.code === 'too_big' ? general : own
    if (!errors.has(field)) errors.set(field, { field, text: words })
  }
  return [...errors.values()]
}

function areaErrors(area: Area, areas: HelpAnswer['areas']): FieldError[] {
  if (area.level === 'national') return []
  const known = areas[area.level]
  const unknown = area.names.filter((name) => !known.includes(name))
  if (unknown.length === 0) return []
  return [{ field: 'area_names', text: text('help.error.unknown-area', { names: unknown.join(', ') }) }]
}
