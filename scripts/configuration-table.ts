/** The table of configuration members in the README, from the schemas and interfaces of the adapters. */
import { readFileSync } from "node:fs"
import type { z } from "zod"
import { isReadable, membersOf, type Notation, notationsOf } from "../src/adapters/oidc/configuration/environment.ts"
import { variableOf } from "../src/environment.ts"
import { vendors as adapters } from "./vendors.ts"

type Vendor = (typeof adapters)[number]["id"]

/** The files whose interfaces document the members, the vendors' own first. */
const documented: Readonly<Record<Vendor | "all" | "policies", string>> = {
  auth0: "src/adapters/auth0/index.ts",
  "better-auth": "src/adapters/better-auth/config.ts",
  cognito: "src/adapters/cognito/index.ts",
  entra: "src/adapters/entra/config.ts",
  keycloak: "src/adapters/keycloak/config.ts",
  kinde: "src/adapters/kinde/config.ts",
  logto: "src/adapters/logto/index.ts",
  oidc: "src/adapters/oidc/config.ts",
  okta: "src/adapters/okta/index.ts",
  ory: "src/adapters/ory/config.ts",
  polar: "src/adapters/polar/config.ts",
  zitadel: "src/adapters/zitadel/index.ts",
  all: "src/adapters/oidc/configuration/common-config.ts",
  policies: "src/ports/policies.ts",
}

const text = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), "utf8")

/** Returns the doc comment of a member of an interface, in one line. */
const meaningOf = (path: string, member: string): string | undefined => {
  const comments = Array.from(text(path).matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*readonly (\w+)\??:/g))
  const comment = comments.find(([, , name]) => name === member)?.[1]
  return comment
    ?.replace(/^\s*\* ?/gm, " ")
    .replace(/@see\s+\S+/g, "")
    .replace(/\s+/g, " ")
    .trim()
}

const notations: Readonly<Record<Notation, string>> = {
  text: "text",
  number: "number",
  duration: "duration, such as `5 seconds`",
  list: "list",
  JSON: "JSON",
  false: "`false`",
}

/** The notations of a member; for an object also the variable of its first member, which stands for all. */
const notationOf = (member: string, schema: z.ZodType): string => {
  const [first] = Object.keys(membersOf(schema))
  const own = Array.from(notationsOf(schema), (notation) => notations[notation])
  return [
    ...own,
    ...(first === undefined ? [] : [`its members, such as \`${variableOf(`${member}_${first}`)}\``]),
  ].join(", or ")
}

interface Row {
  readonly member: string
  readonly vendors: ReadonlyArray<string>
  /** In code, or a dash for a member that no variable can hold. */
  readonly variable: string
  readonly notation: string
  readonly meaning: string
}

const rows = (): ReadonlyArray<Row> => {
  const members = new Set(adapters.flatMap((adapter) => Object.keys(adapter.members)))
  return Array.from(members).flatMap((member) => {
    const having = adapters.filter((adapter) => Object.hasOwn(adapter.members, member))
    const isCommon = having.length === adapters.length
    const sources = [...having.map(({ id }) => id), "all", "policies"] as const
    // Members of one name with different meanings, such as `issuer`, have a row for each vendor.
    const meanings = Map.groupBy(having, ({ id }) => meaningOf(documented[id], member) ?? "")
    return Array.from(meanings, ([own, vendors]) => {
      const schema = vendors[0]?.members[member]
      const meaning =
        own || sources.map((source) => meaningOf(documented[source], member)).find((found) => found !== undefined)
      if (schema === undefined || !meaning) throw new Error(`${member} has no doc comment`)
      return {
        member,
        vendors: isCommon && meanings.size === 1 ? ["all"] : vendors.map(({ id }) => id),
        variable: isReadable(schema) ? `\`${variableOf(member)}\`` : "-",
        notation: isReadable(schema) ? notationOf(member, schema) : "-",
        meaning,
      }
    })
  })
}

/** The table, without a line break at its end. */
export const configurationTable = (): string =>
  [
    "| member | variable | notation of the variable | vendors | meaning |",
    "| --- | --- | --- | --- | --- |",
    ...rows().map(
      ({ member, variable, vendors, notation, meaning }) =>
        `| \`${member}\` | ${variable} | ${notation} | ${vendors.join(", ")} | ${meaning.replaceAll("|", "\\|")} |`,
    ),
  ].join("\n")
