/** The middle of the numbers; between the two middle ones if their count is even. */
export const median = (numbers: ReadonlyArray<number>): number => {
  const sorted = numbers.toSorted((a, b) => a - b)
  const upper = sorted[sorted.length >> 1] ?? Number.NaN
  const lower = sorted[(sorted.length - 1) >> 1] ?? Number.NaN
  return (lower + upper) / 2
}

/** The smallest of the numbers that at least this share of them does not exceed. */
export const quantile = (numbers: ReadonlyArray<number>, share: number): number =>
  numbers.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(share * numbers.length) - 1)] ?? Number.NaN

/** The middle of the numbers, with the extremes it was found between. */
export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
}

/** Sums numbers up for the table. */
export const spread = (numbers: ReadonlyArray<number>): Spread => ({
  median: median(numbers),
  min: Math.min(...numbers),
  max: Math.max(...numbers),
})
