/** The table of vendors in the README, from the lists of the adapters. */
import { allOperations } from "../src/ports/operations.ts"
import { vendors } from "./vendors.ts"

type Vendor = (typeof vendors)[number]["id"]

/** The servers that the tests run against. A vendor that is not named is played by an emulator only. */
const servers: Readonly<Partial<Record<Vendor, string>>> = {
  "better-auth": "a real Better Auth",
  keycloak: "a real Keycloak",
  oidc: "`oidc-provider`, certified",
  ory: "a real Hydra, emulator",
}

const titles: Readonly<Record<Vendor, string>> = {
  auth0: "Auth0",
  "better-auth": "Better Auth",
  cognito: "Amazon Cognito",
  entra: "Microsoft Entra ID",
  keycloak: "Keycloak",
  kinde: "Kinde",
  logto: "Logto",
  oidc: "any OpenID provider",
  okta: "Okta",
  ory: "Ory",
  polar: "Polar",
  zitadel: "Zitadel",
}

/** The operations on a token that somebody presents. */
const ofPresentedTokens = ["introspect", "revoke", "userInfo"]

const code = (names: ReadonlyArray<string>): string => names.map((name) => `\`${name}\``).join(" ")

/** The operations by column of the table. An operation without a prefix that takes no presented token issues one. */
const groups = (): ReadonlyMap<string, ReadonlyArray<string>> =>
  Map.groupBy(allOperations, (operation) => {
    if (operation.startsWith("clients.")) return "`clients.`"
    if (operation.includes(".")) return "others"
    return ofPresentedTokens.includes(operation) ? code(ofPresentedTokens) : "issuance"
  })

/** The operations of a group that a vendor has. Of those with a prefix, the prefixes. */
const cellOf = (group: string, operations: ReadonlyArray<string>, can: ReadonlyArray<string>): string => {
  const having = operations.filter((operation) => can.includes(operation))
  if (having.length === 0) return "no"
  if (group === "others") return code(Array.from(new Set(having.map((operation) => `${operation.split(".")[0]}.`))))
  if (having.length === operations.length) return "all"
  const names = (list: ReadonlyArray<string>) => code(list.map((operation) => operation.split(".").at(-1) ?? operation))
  const lacking = operations.filter((operation) => !can.includes(operation))
  return lacking.length <= operations.length / 2 ? `all but ${names(lacking)}` : names(having)
}

/** The table, without a line break at its end. */
export const vendorTable = (): string => {
  const columns = Array.from(groups())
  const rows = vendors.map(({ id, can }: { readonly id: Vendor; readonly can: ReadonlyArray<string> }) => {
    const cells = columns.map(([group, operations]) => cellOf(group, operations, can))
    return `| \`${id}\` | [${titles[id]}](docs/vendors/${id}.md) | ${cells.join(" | ")} | ${servers[id] ?? "emulator"} |`
  })
  const headings = ["`provider`", "vendor", ...columns.map(([group]) => group), "tested on"]
  return [`| ${headings.join(" | ")} |`, `|${" --- |".repeat(headings.length)}`, ...rows].join("\n")
}
