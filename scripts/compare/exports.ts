/** What each package exports for a task: the names of its exports, and of the operations and methods of its objects. */
import { readFileSync } from "node:fs"
import * as testing from "@latchkey/testing"
import * as jwtBearer from "express-oauth2-jwt-bearer"
import * as jose from "jose"
import { kinde } from "latchkey/kinde"
import * as logout from "latchkey/logout"
import { oidc } from "latchkey/oidc"
import { ory } from "latchkey/ory"
import { polar } from "latchkey/polar"
import * as openidClient from "openid-client"
import passport from "passport"
import type { BetterAuth } from "./better-auth.ts"
import type { Table } from "./table.ts"

type Names = ReadonlyArray<string>

/** The names that a package has for a task. */
const tasks: Readonly<Record<string, RegExp>> = {
  "tokens for the program itself": /clientCredentials/i,
  "login on a device": /device/i,
  "end a token (RFC 7009)": /^revoke$|(token_?revocation|revoke_?token)$/i,
  "exchange a token (RFC 8693)": /exchangeToken|tokenExchange|genericGrant/i,
  "register a client (RFC 7591)": /^registration\.|dynamicClientRegistration|registerClient/i,
  "manage clients with the vendor's own API": /^clients\./,
  "receive back-channel logouts": /backChannelLogout/i,
  "emulate vendors in tests": /^start[A-Z]|emulat/,
  "pushed and signed authorization requests (PAR, JAR)": /(PAR|JAR)$/,
  "signed authorization responses (JARM)": /JARM|jwtResponseMode/i,
  "login without a browser (CIBA)": /CIBA|backchannelAuthentication/i,
  "DPoP for requests of one's own": /^(get|create|generate)DPoP(Handle|Proof)$/i,
  "sign a JWT": /^signJwt$/i,
  "encrypt a JWT": /^encryptJwt$/i,
  "keep sessions": /^(session|getSession|serializeUser)$/,
  "keep users and passwords": /^signUpEmail$|^(set|verify|change|reset)Password$/,
  "login without OpenID Connect": /^(github|facebook|twitter)$/i,
}

const shown = 2

/** Sorted: a bundler may list the exports of a module in another order. */
const namesOf = (value: object): Names => Object.keys(value).toSorted()

const cellOf = (names: Names, pattern: RegExp): string => {
  const found = [...new Set(names)].filter((name) => pattern.test(name))
  const some = found.slice(0, shown).map((name) => `\`${name}\``)
  return found.length === 0 ? "-" : [...some, ...(found.length > shown ? ["…"] : [])].join(", ")
}

const betterAuthNames = (kit: BetterAuth): Names => {
  const { api } = kit.betterAuth({
    baseURL: "http://127.0.0.1",
    emailAndPassword: { enabled: true },
    plugins: [kit.jwt()],
    logger: { disabled: true },
    telemetry: { enabled: false },
  })
  return [...namesOf(kit), ...namesOf(api)]
}

const packagesWith = (betterAuth?: BetterAuth): Readonly<Record<string, Names>> => ({
  latchkey: [...[oidc, kinde, ory, polar].flatMap(({ can }) => [...can]), ...[logout, testing].flatMap(namesOf)],
  "openid-client": namesOf(openidClient),
  "express-oauth2-jwt-bearer": namesOf(jwtBearer),
  jose: namesOf(jose),
  passport: Object.getOwnPropertyNames(passport.Passport.prototype),
  ...(betterAuth && { "better-auth": betterAuthNames(betterAuth) }),
})

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

const manifest = (path: string): Manifest =>
  JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), "utf8")) as Manifest

/** The versions of all packages that were run. */
const versions = (): Readonly<Record<string, string>> => {
  const { dependencies, devDependencies } = manifest("package.json")
  const betterAuth = manifest("test/better-auth/server/package.json").dependencies
  return { ...dependencies, ...devDependencies, ...betterAuth, latchkey: "this one" }
}

/** Lists the first names that each package has for each task. */
export const compareExports = async (betterAuth?: BetterAuth): Promise<Table> => {
  const packages = packagesWith(betterAuth)
  const rows = Object.entries(tasks).map(([task, pattern]) => [
    task,
    ...Object.values(packages).map((names) => cellOf(names, pattern)),
  ])
  const version = versions()
  return [
    ["a name for", ...Object.keys(packages)],
    ...rows,
    ["version", ...Object.keys(packages).map((name) => version[name] ?? "-")],
  ]
}
