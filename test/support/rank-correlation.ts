/** Spearman's rank correlation of pairs; equal values share their middle rank. 0 when one side is all the same. */
export function rankCorrelation(pairs: readonly (readonly [number, number])[]): number {
  const ones = toRanks(pairs.map(([one]) => one))
  const others = toRanks(pairs.map(([, other]) => other))
  const middle = (pairs.length + 1) / 2
  let together = 0
  let spreadOfOnes = 0
  let spreadOfOthers = 0
  for (const [i, one] of ones.entries()) {
    const other = others[i] ?? middle
    together += (one - middle) * (other - middle)
    spreadOfOnes += (one - middle) ** 2
    spreadOfOthers += (other - middle) ** 2
  }
  return spreadOfOnes * spreadOfOthers === 0 ? 0 : together / Math.sqrt(spreadOfOnes * spreadOfOthers)
}

function toRanks(values: readonly number[]): number[] {
  return values.map((value) => {
    const smaller = values.filter((other) => other < value).length
    const same = values.filter((other) => other === value).length
    return smaller + (same + 1) / 2
  })
}
