export type Child = Node | string | null | undefined | false
export type Attributes = Readonly<Record<string, string | number | boolean | null | undefined>>

/**
 * An element with attributes and children. Texts become text nodes, so nothing from a report can become markup.
 * `true` writes an empty attribute; `false`, `null` and `undefined` leave it out.
 */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(name, '')
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, String(value))
  }
  made.append(...present(children))
  return made
}

/** The children that are really there. */
export function present(children: readonly Child[]): (Node | string)[] {
  return children.filter((child): child is Node | string => Boolean(child))
}

/** Text for people who hear the page; those who see it find the same in its place. */
export function spoken(text: string): HTMLElement {
  return element('span', { class: 'visually-hidden' }, text)
}

/**
 * A button. While its work runs a second press does nothing; it stays focusable, because a disabled button would
 * throw the keyboard focus back to the top of the page.
 */
export function button(
  label: Child | readonly Child[],
  press: () => void | Promise<void>,
  attributes: Attributes = {},
): HTMLButtonElement {
  const labels: readonly Child[] = Array.isArray(label) ? label : [label as Child]
  const made = element('button', { type: 'button', ...attributes }, ...labels)
  made.addEventListener('click', () => void once(made, press))
  return made
}

/** A form whose sending never leaves the page; like a button, it takes no second press while it works. */
export function form(
  attributes: Attributes,
  send: () => void | Promise<void>,
  ...children: Child[]
): HTMLFormElement {
  const made = element('form', { novalidate: true, autocomplete: 'off', ...attributes }, ...children)
  made.addEventListener('submit', (event) => {
    event.preventDefault()
    void once(made, send)
  })
  return made
}

/** A list of names and values; pairs without a value are left out. */
export function facts(
  pairs: readonly (readonly [string, Child])[],
  attributes: Attributes = {},
): HTMLElement {
  const filled = pairs.filter(([, value]) => Boolean(value))
  return element(
    'dl',
    { class: 'facts', ...attributes },
    ...filled.map(([name, value]) => element('div', {}, element('dt', {}, name), element('dd', {}, value))),
  )
}

async function once(control: HTMLElement, work: () => void | Promise<void>): Promise<void> {
  if (control.getAttribute('aria-busy') === 'true') return
  control.setAttribute('aria-busy', 'true')
  try {
    await work()
  } finally {
    control.removeAttribute('aria-busy')
  }
}
