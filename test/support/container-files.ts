// Reads Dockerfile and YAML (compose.yaml, publiccode.yml) as far as ours go; anything else is an error, never a guess.
import { readFileSync } from 'node:fs'

export interface Instruction {
  readonly name: string
  readonly text: string
}

/** The stages of a Dockerfile, each beginning with its FROM. Continued lines are joined, comments left out. */
export function readDockerfile(path: string): Instruction[][] {
  const joined = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => !/^\s*#/.test(line))
    .join('\n')
    .replaceAll(/\s*\\\n\s*/g, ' ')
  const stages: Instruction[][] = []
  for (const line of joined.split('\n').filter((line) => line.trim() !== '')) {
    const [, name = '', text = ''] = /^([A-Z]+) (.+)$/.exec(line) ?? []
    if (name === '') throw new Error(`not an instruction: ${line}`)
    if (name === 'FROM') stages.push([])
    const stage = stages.at(-1)
    if (!stage) throw new Error('the first instruction is not FROM')
    stage.push({ name, text })
  }
  return stages
}

export interface Copy {
  readonly flags: readonly string[]
  readonly sources: readonly string[]
  /** a folder ends with a slash; `./` is the work folder */
  readonly target: string
}

/** The COPY instructions of a stage. */
export function copiesOf(stage: readonly Instruction[]): Copy[] {
  return stage
    .filter(({ name }) => name === 'COPY')
    .map(({ text }) => {
      const words = text.split(/\s+/)
      const flags = words.filter((word) => word.startsWith('--'))
      const paths = words.filter((word) => !word.startsWith('--'))
      return { flags, sources: paths.slice(0, -1), target: paths.at(-1) ?? '' }
    })
}

export type Yaml = string | Yaml[] | { readonly [key: string]: Yaml }

/**
 * Block mappings, lists of scalars or of mappings with one key, quoted, plain and folded scalars, flow lists that are
 * JSON. Throws on all else.
 */
export function readYaml(path: string): Yaml {
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^\s*#/.test(line))
    .map((line) => ({ indent: line.search(/\S/), text: line.trim() }))
  let at = 0

  const folded = (outside: number): string => {
    const words: string[] = []
    for (let line = lines[at]; line && line.indent > outside; line = lines[++at]) words.push(line.text)
    return words.join(' ')
  }

  const block = (indent: number): Yaml => {
    const isList = lines[at]?.text.startsWith('- ') ?? false
    const list: Yaml[] = []
    const map: Record<string, Yaml> = {}
    for (let line = lines[at]; line && line.indent === indent; line = lines[at]) {
      at++
      if (isList !== line.text.startsWith('- ')) throw new Error(`a list and a mapping mixed: ${line.text}`)
      if (isList) {
        const item = line.text.slice(2)
        const [, key, value = ''] = /^([\w.-]+): (.*)$/.exec(item) ?? []
        list.push(key === undefined ? scalar(item) : { [key]: scalar(value) })
        continue
      }
      const [, key = '', value = ''] = /^([\w.-]+):(?: (.*))?$/.exec(line.text) ?? []
      if (key === '' || key in map) throw new Error(`not a key, or the same key twice: ${line.text}`)
      const next = lines[at]
      if (value === '>') {
        map[key] = folded(indent)
        continue
      }
      map[key] = value === '' && next && next.indent > indent ? block(next.indent) : scalar(value)
    }
    if ((lines[at]?.indent ?? -1) > indent) throw new Error(`indented too far: ${lines[at]?.text}`)
    return isList ? list : map
  }
  const whole = block(0)
  if (at < lines.length) throw new Error(`indented wrongly: ${lines[at]?.text}`)
  return whole
}

function scalar(text: string): Yaml {
  if (/^["[]/.test(text)) return JSON.parse(text) as Yaml
  if (/^[&*|>!%@`'{]| #|: /.test(text)) throw new Error(`YAML that this reader does not know: ${text}`)
  return text
}

/** What stands at a path of keys; an error when it is not there. */
export function find(yaml: Yaml, ...keys: readonly string[]): Yaml {
  let found: Yaml | undefined = yaml
  for (const key of keys) {
    found = typeof found === 'object' && !Array.isArray(found) ? found[key] : undefined
    if (found === undefined) throw new Error(`there is no ${keys.join('.')}`)
  }
  return found
}

/** A list of texts at a path of keys. */
export function listAt(yaml: Yaml, ...keys: readonly string[]): string[] {
  const found = find(yaml, ...keys)
  if (!Array.isArray(found)) throw new Error(`${keys.join('.')} is no list`)
  return found.map(String)
}

/** The keys of a mapping at a path of keys. */
export function keysAt(yaml: Yaml, ...keys: readonly string[]): string[] {
  const found = find(yaml, ...keys)
  if (typeof found !== 'object' || Array.isArray(found)) throw new Error(`${keys.join('.')} is no mapping`)
  return Object.keys(found)
}

/** The settings that compose.yaml gives the PostgreSQL server on its command line. */
export function serverSettings(compose: Yaml): Map<string, string> {
  const words = listAt(compose, 'services', 'postgres', 'command').slice(1)
  const pairs = words.filter((word) => word !== '-c').map((word) => word.split('='))
  return new Map(pairs.map(([name = '', value = '']) => [name, value]))
}
