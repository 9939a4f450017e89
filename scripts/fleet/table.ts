/** The results of the measurement, each with its goal. */

export interface Table {
  /** A count. It is judged in every run. `mostOnBusyMachine`: the goal of a quick run, if other programs can change it. */
  readonly count: (what: string, found: number, most: number, mostOnBusyMachine?: number) => void
  /** A time or a ratio, which a busy machine changes. It is judged in a full run only. */
  readonly figure: (what: string, found: number, unit: string, most?: number) => void
  /** Prints all rows. Returns whether every judged goal is met. */
  readonly print: () => boolean
}

const digits = (found: number): string => (Number.isInteger(found) ? String(found) : found.toFixed(found < 10 ? 3 : 0))

/** Makes a table. `isQuick`: figures are printed and not judged. */
export const makeTable = (isQuick: boolean): Table => {
  const rows: Array<readonly [result: string, what: string, found: string, goal: string]> = []
  return {
    count: (what, found, most, mostOnBusyMachine = most) => {
      const goal = isQuick ? mostOnBusyMachine : most
      rows.push([found <= goal ? "ok" : "MISSED", what, digits(found), `at most ${goal}`])
    },
    figure: (what, found, unit, most) => {
      const isJudged = most !== undefined && !isQuick
      const result = !isJudged ? "-" : found <= most ? "ok" : "MISSED"
      rows.push([result, what, `${digits(found)} ${unit}`.trim(), most === undefined ? "" : `at most ${most}`])
    },
    print: () => {
      const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => (row[column] ?? "").length)))
      for (const row of rows)
        console.log(
          row
            .map((cell, column) => cell.padEnd(widths[column] ?? 0))
            .join("  ")
            .trimEnd(),
        )
      return rows.every(([result]) => result !== "MISSED")
    },
  }
}
