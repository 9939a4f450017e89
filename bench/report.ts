import type { Row, Verdict } from "./comparison.ts"
import type { Spread } from "./statistics.ts"
import type { Measure } from "./suite.ts"

type Measures = Readonly<Record<string, Measure>>
type Column = readonly [title: string, show: (row: Row) => string]

/** The result of one case. */
export interface Result {
  readonly suite: string
  readonly name: string
  readonly about: string
  readonly reference: string
  readonly measures: Measures
  readonly rows: ReadonlyArray<Row>
  readonly verdicts: ReadonlyArray<Verdict>
}

/** Formats the median, with the minimum and the maximum in brackets. */
const cell = (of: Spread | undefined, digits: number): string => {
  if (of === undefined) return "-"
  const { median, min, max } = of
  return min === max
    ? median.toFixed(digits)
    : `${median.toFixed(digits)} [${min.toFixed(digits)}-${max.toFixed(digits)}]`
}

const inUnit = (number: number, { unit, digits }: Measure): string => `${number.toFixed(digits)} ${unit}`.trimEnd()

/** Gives the columns; a measure that is shown as a ratio has its minimum and maximum only there. */
const columnsOf = (measures: Measures): ReadonlyArray<Column> => [
  ["peer", (row) => row.peer],
  ...Object.entries(measures).flatMap(([name, { title, unit, digits, shows }]) =>
    shows.map((shown): Column => {
      if (shown === "ratio") return [title, (row) => cell(row.ratios[name], 2)]
      const inUnits = `${title} ${unit}`.trimEnd()
      return shows.includes("ratio")
        ? [inUnits, (row) => row.values[name]?.median.toFixed(digits) ?? "-"]
        : [inUnits, (row) => cell(row.values[name], digits)]
    }),
  ),
  ["runs", (row) => String(row.runs)],
  ["discarded", (row) => String(row.discarded)],
]

const aligned = (lines: ReadonlyArray<ReadonlyArray<string>>): string => {
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0))) ?? []
  return lines.map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")).join("\n")
}

const table = ({ measures, rows }: Result): string => {
  const columns = columnsOf(measures)
  return aligned([columns.map(([title]) => title), ...rows.map((row) => columns.map(([, show]) => show(row)))])
}

/** Describes the absolute values of the reference, which counts as 1.00. */
const referenceLine = ({ reference, measures, rows }: Result): ReadonlyArray<string> => {
  const values = rows.find(({ peer }) => peer === reference)?.values
  if (values === undefined) return []
  const parts = Object.entries(measures).flatMap(([name, measure]) => {
    const value = values[name]
    if (value === undefined || !measure.shows.includes("ratio")) return []
    return measure.unit === ""
      ? `${inUnit(value.median, measure)} ${measure.title}`
      : `${measure.title} ${inUnit(value.median, measure)}`
  })
  return [`${reference} is 1.00: ${parts.join(", ")}`]
}

/** Formats one goal per line. */
const goalLines = ({ name, suite, measures, verdicts }: Result): string =>
  verdicts
    .map(({ peer, measure, bound, limit, against, absolute, interval, measured, range, met }) => {
      const { title = measure, digits = 2 } = measures[measure] ?? {}
      const [found, wanted, low, high] = [measured, limit, ...range].map((each) => each.toFixed(absolute ? digits : 2))
      const words = [
        met ? "met   " : "missed",
        ...(name === suite ? [] : [name]),
        `${peer} ${title} ${found}${interval ? ` [${low}-${high}]` : ""}`,
        ...(against === undefined ? [] : [`against ${against}`]),
        `(${bound} ${wanted})`,
      ]
      return words.join(" ")
    })
    .join("\n")

/** Formats a result: title, table and goals. */
export const text = (result: Result, origin: string): string => {
  const { suite, name, about } = result
  const title = name === suite ? suite : `${suite} ${name}`
  return [
    [`${title}, Node ${process.version}, ${about}, ${origin}`, ...referenceLine(result)].join("\n"),
    table(result),
    goalLines(result),
  ].join("\n\n")
}

const rounded = (_key: string, value: unknown) => (typeof value === "number" ? Number(value.toFixed(3)) : value)

const peersOf = ({ rows }: Result) =>
  Object.fromEntries(
    rows.map(({ peer, ratios, values, runs, discarded }) => {
      const medians = Object.fromEntries(Object.entries(values).map(([measure, { median }]) => [measure, median]))
      return [peer, { ratios, medians, runs, discarded }]
    }),
  )

const suiteData = (suite: string, results: ReadonlyArray<Result>) => {
  const [first, ...others] = results
  // The data of a suite with one case is that of the case.
  if (first !== undefined && others.length === 0)
    return { suite, reference: first.reference, peers: peersOf(first), goals: first.verdicts }
  return {
    suite,
    cases: results.map((result) => ({ name: result.name, reference: result.reference, peers: peersOf(result) })),
    goals: results.flatMap(({ name, verdicts }) => verdicts.map((verdict) => ({ case: name, ...verdict }))),
  }
}

/** Formats results as JSON: ratios, then medians in the units of the measures; a list for several suites. */
export const json = (results: ReadonlyArray<Result>): string => {
  const suites = [...Map.groupBy(results, ({ suite }) => suite)].map(([suite, own]) => suiteData(suite, own))
  return JSON.stringify(suites.length === 1 ? suites[0] : suites, rounded, 2)
}
