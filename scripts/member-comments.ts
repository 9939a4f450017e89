/** The doc comments of the members of configurations. */
import { readFileSync } from "node:fs"
import type { vendors } from "./vendors.ts"

export type Vendor = (typeof vendors)[number]["id"]

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

/** The interfaces of members that are objects. The others are documented on the pages of their vendors. */
const interfaces: Readonly<Record<string, string>> = {
  cache: "CacheOptions",
  retry: "RetryOptions",
  tls: "TlsConfig",
}

const text = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), "utf8")

const commentIn = (source: string, member: string): string | undefined => {
  const comments = Array.from(source.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*readonly (\w+)\??:/g))
  const comment = comments.find(([, , name]) => name === member)?.[1]
  return comment
    ?.replace(/^\s*\* ?/gm, " ")
    .replace(/@see\s+\S+/g, "")
    .replace(/\s+/g, " ")
    .trim()
}

const interfaceIn = (source: string, name: string): string =>
  new RegExp(`^export interface ${name}\\b[^{]*\\{[\\s\\S]*?^\\}`, "m").exec(source)?.[0] ?? ""

/**
 * Returns the doc comment of a member, in one line.
 *
 * @param where whose files to read, the first comment found counts
 * @param within the member whose object has this member
 */
export const meaningOf = (
  where: ReadonlyArray<keyof typeof documented>,
  member: string,
  within?: string,
): string | undefined => {
  if (within === undefined)
    return where.map((each) => commentIn(text(documented[each]), member)).find((comment) => comment !== undefined)
  const name = interfaces[within]
  if (name === undefined) return undefined
  const all = [...where, "all", "policies"] as const
  return all
    .map((each) => commentIn(interfaceIn(text(documented[each]), name), member))
    .find((comment) => comment !== undefined)
}
