/** The table of differences as Markdown. */
import type { Difference } from "./differences.ts"

const row = (cells: ReadonlyArray<string>): string => `| ${cells.join(" | ")} |`

/** The rows as the documentation shows them. */
export const tableOf = (differences: ReadonlyArray<Difference>): string =>
  [
    row(["asked", "Kinde", "Ory", "Polar", "why"]),
    row(["---", "---", "---", "---", "---"]),
    ...differences.map(({ fact, kinde, ory, polar, why }) => row([fact, kinde, ory, polar, why])),
  ].join("\n")
