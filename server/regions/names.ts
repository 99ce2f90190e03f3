// Names of places: how they are compared, how one stands in an address, how near one is to what somebody typed.

/** Letters and digits only, without accents: people leave out apostrophes, hyphens and the province in brackets. */
export function fold(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number}]/gu, '')
}

/** A name in an address: small letters without accents, and single hyphens. '' when nothing of it can stand there. */
export function slugOf(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
}

const SMALL_WORDS = new Set(
  'a aan achter am bij boven c d de den der e en het in n of op over s t te ten ter tot tussen uit van voor'.split(
    ' ',
  ),
)

/** A name of the list, kept in small letters, as people write it: "'s-Heerenberg", "Nederhorst den Berg", "IJlst". */
export function capitalise(name: string): string {
  let isFirst = true
  return name.replace(/(?<=^|[\s\-/.(])(['’][a-z]|\p{L}+)/gu, (word) => {
    const small = SMALL_WORDS.has(word.replace(/['’]/g, '')) && (!isFirst || /^['’]/.test(word))
    isFirst = false
    if (small) return word
    return word.startsWith('ij') ? `IJ${word.slice(2)}` : word.charAt(0).toUpperCase() + word.slice(1)
  })
}

/** The letters that had to be changed, dropped, added or swapped with the next one; `most + 1` when it is more. */
export function distance(from: string, to: string, most: number): number {
  if (Math.abs(from.length - to.length) > most) return most + 1
  let before: number[] = []
  let above = Array.from({ length: to.length + 1 }, (_, i) => i)
  for (let i = 1; i <= from.length; i++) {
    const row = [i]
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1]
      let least = Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (above[j - 1] ?? 0) + (same ? 0 : 1))
      const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]
      if (swapped) least = Math.min(least, (before[j - 2] ?? 0) + 1)
      row.push(least)
    }
    if (Math.min(...row) > most) return most + 1
    before = above
    above = row
  }
  return above[to.length] ?? most + 1
}
