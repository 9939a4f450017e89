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

/** The median, minimum and maximum of numbers. */
export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
}

/** Gives the median, minimum and maximum for the table. */
export const spread = (numbers: ReadonlyArray<number>): Spread => ({
  median: median(numbers),
  min: Math.min(...numbers),
  max: Math.max(...numbers),
})
