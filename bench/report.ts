import type { Row, Verdict } from "./comparison.ts"
import type { Measure } from "./measurement.ts"
import type { Spread } from "./statistics.ts"

const titles: Readonly<Record<Measure, string>> = {
  callsPerSecond: "calls/s",
  p50: "p50",
  cpuPerCall: "CPU per call",
  coldStart: "cold start",
}

const ratio = ({ median, min, max }: Spread): string =>
  min === max ? median.toFixed(2) : `${median.toFixed(2)} [${min.toFixed(2)}-${max.toFixed(2)}]`

const columns: ReadonlyArray<readonly [title: string, cell: (row: Row) => string]> = [
  ["peer", (row) => row.peer],
  [titles.callsPerSecond, (row) => ratio(row.ratios.callsPerSecond)],
  [titles.p50, (row) => ratio(row.ratios.p50)],
  [titles.cpuPerCall, (row) => ratio(row.ratios.cpuPerCall)],
  ["cold start ms", (row) => row.absolute.coldStart.toFixed(0)],
  [titles.coldStart, (row) => ratio(row.ratios.coldStart)],
  ["runs", (row) => String(row.runs)],
  ["discarded", (row) => String(row.discarded)],
  ["stub cores", (row) => row.stubCores.toFixed(2)],
]

const aligned = (lines: ReadonlyArray<ReadonlyArray<string>>): string => {
  const widths = columns.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  return lines.map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")).join("\n")
}

/** Rows of ratios: median, and in brackets the lowest and the highest. */
export const table = (rows: ReadonlyArray<Row>): string =>
  aligned([columns.map(([title]) => title), ...rows.map((row) => columns.map(([, cell]) => cell(row)))])

/** What the reference's 1.00 stands for on this machine. */
export const referenceLine = ({ peer, absolute }: Row, floorMillis: number): string =>
  `${peer} is 1.00: ${absolute.callsPerSecond.toFixed(0)} calls/s, p50 ${absolute.p50.toFixed(0)} us, ` +
  `CPU ${absolute.cpuPerCall.toFixed(1)} us per call; an idle process starts in ${floorMillis.toFixed(0)} ms`

/** One goal per line. */
export const goalLines = (verdicts: ReadonlyArray<Verdict>): string =>
  verdicts
    .map(({ peer, measure, bound, limit, measured, met }) => {
      const verdict = met ? "met   " : "missed"
      return `${verdict} ${peer} ${titles[measure]} ${measured.toFixed(2)} (${bound} ${limit.toFixed(2)})`
    })
    .join("\n")

/** The same as JSON: ratios first, then the medians they stand for, in the units that `Run` gives. */
export const json = (suite: string, reference: string, rows: ReadonlyArray<Row>, verdicts: ReadonlyArray<Verdict>) =>
  JSON.stringify(
    {
      suite,
      reference,
      peers: Object.fromEntries(
        rows.map(({ peer, ratios, absolute, runs, discarded, stubCores }) => [
          peer,
          { ratios, medians: absolute, runs, discarded, stubCores },
        ]),
      ),
      goals: verdicts,
    },
    (_key, value: unknown) => (typeof value === "number" ? Number(value.toFixed(3)) : value),
    2,
  )
