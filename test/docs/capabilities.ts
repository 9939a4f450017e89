/** The README's table of capabilities, made from the adapters' own lists. */
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
]

/** The operations by group; those that stand alone come in two rows. */
const groups = (): ReadonlyMap<string, ReadonlyArray<string>> =>
  Map.groupBy(allOperations, (operation) => {
    if (operation.includes(".")) return `\`${operation.split(".")[0]}.\``
    return issuance.includes(operation) ? "issuance" : "`introspect` `revoke` `userInfo`"
  })

const words = (operations: ReadonlyArray<string>, can: ReadonlyArray<string>): string => {
  const names = (list: ReadonlyArray<string>) => list.map((operation) => `\`${operation.split(".").at(-1)}\``).join(" ")
  const lacking = operations.filter((operation) => !can.includes(operation))
  if (lacking.length === 0) return "all"
  if (lacking.length === operations.length) return "no"
  return lacking.length <= operations.length / 2
    ? `all but ${names(lacking)}`
    : names(operations.filter((operation) => can.includes(operation)))
}

/** One row per group, one cell per vendor. */
export const capabilityRows = (columns: ReadonlyArray<Column>): string =>
  Array.from(
    groups(),
    ([group, operations]) => `| ${group} | ${columns.map(({ can }) => words(operations, can)).join(" | ")} |`,
  ).join("\n")
