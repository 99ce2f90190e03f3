// What a screen reader is told of a page: the accessibility tree of the browser itself, as calm lines. Only what is
// spoken stands in it (roles, names, states, descriptions); boxes without a meaning are left out, so that a newer
// browser gives the same lines.
import type { Page } from 'playwright-core'

interface AxValue {
  readonly value?: unknown
}

interface AxNode {
  readonly nodeId: string
  readonly role?: AxValue
  readonly name?: AxValue
  readonly description?: AxValue
  readonly properties?: readonly { readonly name: string; readonly value: AxValue }[]
  readonly childIds?: readonly string[]
}

/** Something that is spoken, with what is spoken inside it. */
export interface Spoken {
  /** `text` for words without a role */
  readonly role: string
  readonly name: string
  readonly description: string
  readonly states: readonly string[]
  readonly inside: readonly Spoken[]
}

const CONTROLS = ['link', 'button', 'radio', 'checkbox', 'textbox', 'combobox']
/** Their words are their name; only controls inside them are spoken apart. */
const NAMED = [...CONTROLS, 'heading', 'term']
const PLACES = [
  'navigation',
  'banner',
  'main',
  'contentinfo',
  'group',
  'list',
  'listitem',
  'status',
  'term',
  'definition',
]
const STATES = ['level', 'checked', 'invalid', 'expanded', 'disabled', 'required', 'focused']
const SPOKEN_AS: Readonly<Record<string, string>> = {
  DisclosureTriangle: 'button',
  StaticText: 'text',
  DescriptionListTerm: 'term',
  DescriptionListDetail: 'definition',
}

const words = (value: AxValue | undefined): string =>
  String(value?.value ?? '')
    .trim()
    .replace(/\s+/g, ' ')

export interface ScreenReaderPage {
  /** title of the tab: the first thing that is spoken */
  readonly title: string
  readonly body: readonly Spoken[]
}

/** The whole page as it is spoken. */
export async function readAloud(page: Page): Promise<ScreenReaderPage> {
  const session = await page.context().newCDPSession(page)
  const { nodes } = (await session.send('Accessibility.getFullAXTree')) as { nodes: readonly AxNode[] }
  await session.detach()
  const byId = new Map(nodes.map((node) => [node.nodeId, node]))
  const read = (node: AxNode): Spoken[] => {
    const role = SPOKEN_AS[words(node.role)] ?? words(node.role)
    const name = words(node.name)
    if (role === 'text') return name ? [{ role, name, description: '', states: [], inside: [] }] : []
    const inside = (node.childIds ?? []).flatMap((id) => byId.get(id) ?? []).flatMap(read)
    const controls = inside.filter((one) => CONTROLS.includes(one.role))
    // The words of a label are spoken with its control.
    if (role === 'LabelText') return controls
    if (![...NAMED, ...PLACES].includes(role)) return inside
    const isNamed = NAMED.includes(role)
    const description = words(node.description)
    // Browsers differ in telling how deep a list lies.
    const states = statesOf(node).filter((state) => role === 'heading' || !state.startsWith('level'))
    return [{ role, name, description, states, inside: isNamed ? controls : inside }]
  }
  const [root] = nodes
  return {
    title: words(root?.name),
    body: root ? (root.childIds ?? []).flatMap((id) => byId.get(id) ?? []).flatMap(read) : [],
  }
}

function statesOf(node: AxNode): string[] {
  return STATES.flatMap((state) => {
    const value = node.properties?.find((property) => property.name === state)?.value.value
    if (value === undefined) return []
    if (state === 'expanded') return [value ? 'open' : 'closed']
    if (value === false || value === 'false') return []
    return [value === true || value === 'true' ? state : `${state} ${String(value)}`]
  })
}

/** One part of a page. */
export function partOf({ body }: ScreenReaderPage, role: string): readonly Spoken[] {
  return body.filter((one) => one.role === role)
}

/** Calm lines, which are YAML. */
export function toLines(spoken: readonly Spoken[], indent = ''): string[] {
  return spoken.flatMap(({ role, name, description, states, inside }) => {
    const text =
      role === 'text'
        ? name
        : [role, ...(name ? [`"${name}"`] : []), ...states.map((state) => `[${state}]`)].join(' ')
    const described = description ? [line(`described: ${description}`, `${indent}  `)] : []
    const within = [...described, ...toLines(inside, `${indent}  `)]
    return [line(text, indent, within.length > 0), ...within]
  })
}

function line(text: string, indent: string, isOpen = false): string {
  const plain = /: |\s#|:$|^["'&*!|>%@`[{-]/.test(text) ? `'${text.replaceAll("'", "''")}'` : text
  return `${indent}- ${plain}${isOpen ? ':' : ''}`
}

/** What a person who only hears the page would miss or hear in the wrong order. */
export function faultsOfSpeech({ title, body }: ScreenReaderPage): string[] {
  const all = body.flatMap(everything)
  const levels = all
    .filter(({ role }) => role === 'heading')
    .map(({ states }) => Number(/level (\d)/.exec(states.join())?.[1]))
  const firsts = levels.filter((level) => level === 1).length
  return [
    ...(title.endsWith(' – Baken') ? [] : [`the title is ${title}`]),
    ...(firsts === 1 ? [] : [`${firsts} headings of level 1`]),
    ...levels.flatMap((level, i) =>
      level > (levels[i - 1] ?? 1) + 1 ? [`heading ${i + 1} jumps to level ${level}`] : [],
    ),
    ...all
      .filter(({ role, name }) => CONTROLS.includes(role) && !name)
      .map(({ role }) => `a ${role} has no name`),
    ...all
      .filter(({ role, name, inside }) => role === 'group' && !name && !isFold(inside))
      .map(() => 'a group has no name'),
    ...all
      .filter(
        ({ role, states, description }) => states.includes('invalid') && !description && role !== 'link',
      )
      .map(({ name }) => `${name} is wrong and does not say why`),
    ...all
      .filter(({ name }) => /\{\w+\}|^(null|undefined)$/.test(name))
      .map(({ name }) => `a gap was not filled: ${name}`),
    ...all
      .filter(({ name, description }) => description !== '' && description === name)
      .map(({ name }) => `${name} is said twice`),
  ]
}

/** A part that folds open is named by its button. */
function isFold([first]: readonly Spoken[]): boolean {
  return first?.role === 'button' && ['open', 'closed'].some((state) => first.states.includes(state))
}

function everything(one: Spoken): Spoken[] {
  return [one, ...one.inside.flatMap(everything)]
}
