// Reads a configuration of nginx: directives with their words, some with a block of further ones.

export interface Directive {
  readonly name: string
  readonly words: readonly string[]
  readonly block: readonly Directive[]
}

/** Parses a whole file. Throws on a brace or a semicolon out of place. */
export function parseNginx(text: string): Directive[] {
  const tokens = [...text.matchAll(/#[^\n]*|"((?:[^"\\]|\\.)*)"|[{};]|[^\s{};"]+/g)]
    .filter(([token]) => !token.startsWith('#'))
    .map(([token, quoted]) => ({
      text: quoted ?? token,
      isSign: quoted === undefined && /^[{};]$/.test(token),
    }))
  let at = 0

  const readBlock = (isTop: boolean): Directive[] => {
    const directives: Directive[] = []
    let words: string[] = []
    for (; at < tokens.length; at++) {
      const token = tokens[at]
      if (!token) break
      if (!token.isSign) words.push(token.text)
      else if (token.text === '}') {
        if (isTop || words.length > 0) throw new Error('a brace out of place')
        return directives
      } else {
        const [name, ...rest] = words
        if (name === undefined) throw new Error(`a ${token.text} out of place`)
        at++
        const block = token.text === '{' ? readBlock(false) : []
        if (token.text === ';') at--
        directives.push({ name, words: rest, block })
        words = []
      }
    }
    if (!isTop || words.length > 0) throw new Error('the file ends too early')
    return directives
  }
  return readBlock(true)
}

/** Every directive with the names of the blocks it stands in, such as `http server`. */
export function flatten(
  directives: readonly Directive[],
  inside = '',
): { name: string; value: string; inside: string }[] {
  return directives.flatMap(({ name, words, block }) => [
    { name, value: words.join(' '), inside },
    ...flatten(block, `${inside} ${name}`.trim()),
  ])
}
