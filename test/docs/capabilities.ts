/** Makes the README's capability table from the adapters' lists. */
import { allOperations } from "../../src/ports/operations.ts"

export interface Column {
  readonly id: string
  readonly can: ReadonlyArray<string>
}

const issuance = [
  "authorize",
  "exchange",
  "refresh",
  "clientCredentials",
  "deviceAuthorization",
  "pollDevice",
  "jwtBearer",
  "exchangeToken",
]

/** The operations by row of the table. Operations without a group are in two rows. */
const groups = (): ReadonlyMap<string, ReadonlyArray<string>> =>
  Map.groupBy(allOperations, (operation) => {
    if (operation.includes(".")) return `\`${operation.split(".")[0]}.\``
    return issuance.includes(operation) ? "issuance" : "`introspect` `revoke` `userInfo`"
  })

const cellOf = (operations: ReadonlyArray<string>, can: ReadonlyArray<string>): string => {
  const names = (list: ReadonlyArray<string>) => list.map((operation) => `\`${operation.split(".").at(-1)}\``).join(" ")
  const lacking = operations.filter((operation) => !can.includes(operation))
  if (lacking.length === 0) return "all"
  if (lacking.length === operations.length) return "no"
  return lacking.length <= operations.length / 2
    ? `all but ${names(lacking)}`
    : names(operations.filter((operation) => can.includes(operation)))
}

/** The rows of the table: one per group, with one cell per vendor. */
export const capabilityRows = (columns: ReadonlyArray<Column>): string =>
  Array.from(
    groups(),
    ([group, operations]) => `| ${group} | ${columns.map(({ can }) => cellOf(operations, can)).join(" | ")} |`,
  ).join("\n")
