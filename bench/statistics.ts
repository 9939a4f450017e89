/** Gives the median; for an even count, the mean of the two middle numbers. */
export const median = (numbers: ReadonlyArray<number>): number => {
  const sorted = numbers.toSorted((a, b) => a - b)
  const upper = sorted[sorted.length >> 1] ?? Number.NaN
  const lower = sorted[(sorted.length - 1) >> 1] ?? Number.NaN
  return (lower + upper) / 2
}

/** Gives the smallest number that at least this share of the numbers does not exceed. */
export const quantile = (numbers: ReadonlyArray<number>, share: number): number =>
  numbers.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(share * numbers.length) - 1)] ?? Number.NaN

/** The median, minimum and maximum of numbers, and the interval that has the median of the population. */
export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
  readonly interval: readonly [low: number, high: number]
}

/** Gives the median, minimum, maximum and interval for the table. */
export const spread = (numbers: ReadonlyArray<number>): Spread => ({
  median: median(numbers),
  min: Math.min(...numbers),
  max: Math.max(...numbers),
  interval: intervalOf(numbers),
})

/** The probability that the interval of the median does not have it, at most; with few numbers it is more. */
const doubt = 0.05

/**
 * Gives the interval of the median without an assumption about the distribution: as many of the smallest and of the
 * largest numbers are left out as the sign test allows.
 */
const intervalOf = (numbers: ReadonlyArray<number>): Spread["interval"] => {
  const sorted = numbers.toSorted((a, b) => a - b)
  const count = sorted.length
  let leftOut = 0
  let outcomes = 1
  let outside = 1
  // `outside`: the outcomes of `count` coins with at most `leftOut` heads.
  while ((outside * 2) / 2 ** count <= doubt) {
    leftOut += 1
    outcomes = (outcomes * (count - leftOut + 1)) / leftOut
    outside += outcomes
  }
  const first = Math.max(0, leftOut - 1)
  return [sorted[first] ?? Number.NaN, sorted[count - 1 - first] ?? Number.NaN]
}
