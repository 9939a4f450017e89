/** Makes the Markdown table of docs/equivalence.md. */
import type { Difference } from "./differences.ts"

const row = (cells: ReadonlyArray<string>): string => `| ${cells.join(" | ")} |`

/** Gives the table of differences as Markdown. */
export const tableOf = (differences: ReadonlyArray<Difference>): string =>
  [
    row(["result or call", "Kinde", "Ory", "Polar", "why"]),
    row(["---", "---", "---", "---", "---"]),
    ...differences.map(({ item, kinde, ory, polar, why }) => row([item, kinde, ory, polar, why])),
  ].join("\n")
