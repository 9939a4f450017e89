/** The page with the values of every definition, from the definitions themselves. */
import type { ErrorRow, Server } from "latchkey/oidc"
import { servers, withPlaceholders } from "./definitions.ts"
import { vendorTable } from "./vendor-table.ts"

interface Rule {
  readonly in?: string
  readonly name?: string
  readonly is?: string | ReadonlyArray<string>
  readonly starts?: string
  readonly ends?: string
  readonly absent?: true
  readonly use?: string
}

type Members = Readonly<Record<string, unknown>>

const code = (text: string): string => `\`${withPlaceholders(text)}\``

const isObject = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** One condition in words: where the value is, and what it must be. */
const conditionText = ({ in: place, name, is, starts, ends, absent, use }: Rule): string => {
  const where = place === undefined || place === "token" ? "" : ` of the ${place}`
  const parts = [
    ...(is === undefined ? [] : [`is ${[is].flat().map(code).join(" or ")}`]),
    ...(starts === undefined ? [] : [`starts ${code(starts)}`]),
    ...(ends === undefined ? [] : [`ends ${code(ends)}`]),
    ...(absent === true ? ["is absent"] : []),
  ]
  const subject = name === undefined ? "the token" : `${code(name)}${where}`
  const condition =
    parts.length > 0 ? `${subject} ${parts.join(", ")}` : name === undefined ? "any other" : `${subject} is there`
  return use === undefined ? condition : `${condition}: ${code(use)}`
}

const issuerText = ({ issuer, jwksUri }: Members): string =>
  `${code(String(issuer))}${jwksUri === undefined ? "" : `, keys at ${code(String(jwksUri))}`}`

const errorText = ({ status, code: name, contains, operations = [], reason }: ErrorRow): string => {
  const response = [
    ...(status === undefined ? [] : [String(status)]),
    ...(name === undefined ? [] : [code(name)]),
    ...(contains === undefined ? [] : [`"${contains}"`]),
  ].join(" ")
  return `${response}${operations.length > 0 ? ` of ${operations.map(code).join(", ")}` : ""}: ${reason}`
}

/** Longer error tables are in the code. */
const mostErrors = 5

const entryText = (entry: unknown): string => {
  if (!isObject(entry)) return code(entry === "" ? "(none)" : String(entry))
  if ("reason" in entry) return errorText(entry as unknown as ErrorRow)
  return "issuer" in entry ? issuerText(entry) : conditionText(entry as Rule)
}

const valueText = (value: unknown): string => {
  if (typeof value === "function") return "a function"
  if (typeof value === "boolean") return "yes"
  if (value instanceof Set) return valueText(Array.from(value))
  if (!Array.isArray(value)) return value === null ? "none" : code(String(value))
  if (value.length > mostErrors && value.some((entry) => isObject(entry) && "reason" in entry))
    return `${value.length} rows`
  return value.map(entryText).join("; ")
}

/** What each vendor configures, or what only the code can show. */
const left: ReadonlySet<string> = new Set(["issuer", "metadataUrl"])

/** The leaves of a server, by their paths. The endpoints are one value: the names of those that are known. */
const valuesOf = (members: Members, path = ""): ReadonlyArray<readonly [string, string]> =>
  Object.entries(members).flatMap(([name, value]) => {
    const here = path === "" ? name : `${path}.${name}`
    if (left.has(here) || value === undefined) return []
    if (here === "endpoints") return [[here, Object.keys(Object(value)).map(code).join(" ")]]
    if (here === "unsupportedArguments" || here === "extra")
      return [[here, (Array.isArray(value) ? value : Object.keys(Object(value))).map(code).join(" ")]]
    return isObject(value) && Object.getPrototypeOf(value) === Object.prototype
      ? valuesOf(value, here)
      : [[here, valueText(value)]]
  })

const vendors = Object.keys(servers)
const values = new Map(vendors.map((vendor) => [vendor, new Map(valuesOf({ ...(servers[vendor] as Server) }))]))
const paths = Array.from(new Set(Array.from(values.values(), (each) => Array.from(each.keys())).flat())).sort()

/** A table with a row for each path, and a column for each vendor. */
const table = (rows: ReadonlyArray<string>): string =>
  [
    `| value | ${vendors.map((vendor) => `[${vendor}](${vendor}.md)`).join(" | ")} |`,
    `|${" --- |".repeat(vendors.length + 1)}`,
    ...rows.map(
      (path) => `| ${code(path)} | ${vendors.map((vendor) => values.get(vendor)?.get(path) ?? "").join(" | ")} |`,
    ),
  ].join("\n")

/** The text of docs/vendors/README.md. */
export const definitionsPage = (): string => `# Vendors

<!-- This page is written by \`npm run readme\`. -->

Each vendor has a page with an example, its configuration, its settings at the vendor, and its differences from the
standards.

${vendorTable().replaceAll("docs/vendors/", "")}

A server that is none of these is [\`oidc\` with settings](oidc.md#my-server-is-none-of-these); its page has those of
Clerk, FusionAuth, Google and WorkOS. [Token exchange](../token-exchange.md) describes \`exchangeToken\` (RFC 8693).

## The definitions

The definition of a vendor is data. These tables have every value of each definition, for a client with a secret. An
empty cell is the default. [The page of \`oidc\`](oidc.md) describes the values of \`token\`, and there each of them can
be configured.

### What the tokens look like

${table(paths.filter((path) => path.startsWith("token.")))}

### What the requests look like

${table(paths.filter((path) => !path.startsWith("token.")))}
`
