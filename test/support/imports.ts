// Reads sources with TypeScript's own parser: what each file imports, in whatever form, and what is reached from it.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import ts from 'typescript'

/** Source texts by their path from the root of the repository. */
export type Sources = ReadonlyMap<string, string>

export interface Import {
  /** path of a source of ours, or the name of a package or of a module of Node with its `node:` */
  readonly of: string
  /** names that are taken; `*` for all of them */
  readonly names: readonly string[]
  /** gone after compiling */
  readonly typeOnly: boolean
}

/** Every TypeScript source below these folders. */
export function readSources(root: string, folders: readonly string[]): Map<string, string> {
  const paths = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  )
  return new Map(
    paths
      .filter((path) => path.endsWith('.ts'))
      .map((path) => [path, readFileSync(join(root, path), 'utf8')]),
  )
}

export function parse(path: string, text: string): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
}

/** Every node of a source, from top to bottom. */
export function* nodesOf(node: ts.Node): Generator<ts.Node> {
  yield node
  const children: ts.Node[] = []
  ts.forEachChild(node, (child) => {
    children.push(child)
  })
  for (const child of children) yield* nodesOf(child)
}

/**
 * What a source imports: statements, re-exports, `import()`, types, `require` and the addresses of workers. One whose
 * module is worked out at run time counts as an import of `?`.
 */
export function importsOf(path: string, text: string): readonly Import[] {
  const key = `${path}\n${text}`
  const imports = known.get(key) ?? readImports(path, text)
  known.set(key, imports)
  return imports
}

/** The same sources are asked about by every rule. */
const known = new Map<string, readonly Import[]>()

function readImports(path: string, text: string): Import[] {
  const imports: Import[] = []
  for (const node of nodesOf(parse(path, text))) {
    const found = importIn(node)
    if (found) imports.push({ ...found, of: found.of.startsWith('.') ? resolve(path, found.of) : found.of })
  }
  return imports
}

/** Everything that runs when these files run: their own imports, the imports of those, and workers. */
export function reachedFrom(sources: Sources, starts: readonly string[]): Set<string> {
  const reached = new Set<string>()
  const waiting = [...starts]
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const text = sources.get(path)
    if (text === undefined || reached.has(path)) continue
    reached.add(path)
    waiting.push(
      ...importsOf(path, text)
        .filter(({ typeOnly }) => !typeOnly)
        .map(({ of }) => of),
    )
  }
  return reached
}

/** The name of the package of an import: `age-encryption` for `age-encryption/anything`. */
export function packageOf(of: string): string {
  return /^(?:@[^/]+\/)?[^/]+/.exec(of)?.[0] ?? of
}

function importIn(node: ts.Node): Import | undefined {
  if (ts.isImportDeclaration(node)) {
    const { importClause } = node
    return { of: textOf(node.moduleSpecifier), ...namesOf(importClause) }
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
    const { exportClause, isTypeOnly } = node
    const named = exportClause && ts.isNamedExports(exportClause) ? exportClause.elements : undefined
    const typeOnly =
      isTypeOnly || (named !== undefined && named.length > 0 && named.every((one) => one.isTypeOnly))
    const names = named?.map((one) => (one.propertyName ?? one.name).text) ?? ['*']
    return { of: textOf(node.moduleSpecifier), names, typeOnly }
  }
  if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference))
    return { of: textOf(node.moduleReference.expression), names: ['*'], typeOnly: node.isTypeOnly }
  if (ts.isImportTypeNode(node)) {
    const literal = ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined
    return { of: textOf(literal), names: ['*'], typeOnly: true }
  }
  if (ts.isCallExpression(node) && loadsModule(node.expression))
    return { of: textOf(node.arguments[0]), names: ['*'], typeOnly: false }
  // A worker or a child is a file of ours beside the one that starts it; other addresses are data.
  if (ts.isNewExpression(node) && node.expression.getText() === 'URL') {
    const [first, second] = node.arguments ?? []
    const place = textOf(first)
    if (second?.getText() === 'import.meta.url' && place.startsWith('.') && place.endsWith('.js'))
      return { of: place, names: ['*'], typeOnly: false }
  }
  return undefined
}

function loadsModule(called: ts.Expression): boolean {
  if (called.kind === ts.SyntaxKind.ImportKeyword) return true
  return /^(require|import\.meta\.resolve|module\.require|process\.(binding|dlopen|getBuiltinModule))$/.test(
    called.getText(),
  )
}

function namesOf(clause: ts.ImportClause | undefined): Pick<Import, 'names' | 'typeOnly'> {
  if (!clause) return { names: [], typeOnly: false }
  const { name, namedBindings } = clause
  const elements = namedBindings && ts.isNamedImports(namedBindings) ? [...namedBindings.elements] : []
  const values = clause.isTypeOnly ? [] : elements.filter((one) => !one.isTypeOnly)
  const typeOnly = clause.isTypeOnly || (!name && elements.length > 0 && values.length === 0)
  const names = (typeOnly ? elements : values).map((one) => (one.propertyName ?? one.name).text)
  if (name) names.push('default')
  if (namedBindings && ts.isNamespaceImport(namedBindings)) names.push('*')
  return { names, typeOnly }
}

function textOf(node: ts.Node | undefined): string {
  return node && ts.isStringLiteralLike(node) ? node.text : '?'
}

function resolve(from: string, to: string): string {
  return normalize(join(dirname(from), to)).replace(/\.js$/, '.ts')
}
