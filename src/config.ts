/** Chooses a vendor by configuration. This is the only file that imports every adapter. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { auth0 } from "./adapters/auth0/index.ts"
import { betterAuth } from "./adapters/better-auth/index.ts"
import { cognito } from "./adapters/cognito/index.ts"
import { entra } from "./adapters/entra/index.ts"
import { keycloak } from "./adapters/keycloak/index.ts"
import { kinde } from "./adapters/kinde/index.ts"
import { logto } from "./adapters/logto/index.ts"
import type { AdapterOptions } from "./adapters/oidc/definition.ts"
import { oidc } from "./adapters/oidc/index.ts"
import { okta } from "./adapters/okta/index.ts"
import { ory } from "./adapters/ory/index.ts"
import { polar } from "./adapters/polar/index.ts"
import { zitadel } from "./adapters/zitadel/index.ts"
import { widen } from "./core/widen.ts"
import { type Environment, readEnvironment, variableOf } from "./environment.ts"
import { type FleetOfEnvironment, readFleet } from "./fleet-config.ts"
import { suggestion } from "./internal/closest-name.ts"
import { AuthError, type Issue } from "./ports/errors.ts"
import type { Fleet } from "./ports/fleet.ts"
import type { Log } from "./ports/log.ts"
import type { AnyProvider, Identity } from "./ports/provider.ts"

const adapters = {
  ...{ auth0, "better-auth": betterAuth, cognito, entra, keycloak, kinde },
  ...{ logto, oidc, okta, ory, polar, zitadel },
} as const

type Adapters = typeof adapters

/** The configuration of any vendor: the vendor's name in `provider`, and the members of that vendor. */
export type Config = {
  [V in keyof Adapters]: {
    /** The vendor. It decides which other members there are. */
    readonly provider: V
  } & Parameters<Adapters[V]>[0]
}[keyof Adapters]

/** An adapter of your own, as `define` of `latchkey/oidc` makes it. */
export interface OwnAdapter {
  (config: never, options?: AdapterOptions): Effect.Effect<Identity, AuthError, Scope.Scope>
  readonly id: string
  readonly members: Adapters[keyof Adapters]["members"]
  readonly check: Adapters[keyof Adapters]["check"]
}

/** The configuration of an adapter of your own: its id in `provider`, and its members. */
export type OwnConfig<Own extends OwnAdapter> = Own extends OwnAdapter
  ? { readonly provider: Own["id"] } & Parameters<Own>[0]
  : never

/** The options that a configuration cannot hold. */
export interface ConfigOptions<Own extends OwnAdapter = OwnAdapter> extends AdapterOptions {
  /** Adapters of your own, which `provider` may name too. Their ids differ from those of latchkey's adapters. */
  readonly adapters?: ReadonlyArray<Own> | undefined
}

/** A provider of a vendor that is chosen at run time. Operations that the vendor lacks fail with `UnsupportedOperation`. */
export type Configured = Effect.Effect<AnyProvider, AuthError, Scope.Scope>

/**
 * Makes the provider of a configuration.
 *
 * @param options `transport`: a transport to use instead of the standard one, or a function that wraps the standard one;
 * `adapters`: adapters of your own, which `provider` may name too; `fleet`: what the processes of a service share
 *
 * Fails with `InvalidConfig`, which lists every problem by its path.
 */
export const fromConfig = <Own extends OwnAdapter = never>(
  config: Config | OwnConfig<Own>,
  { adapters: own, ...options }: ConfigOptions<Own> = {},
): Configured => {
  const { provider, ...members } = (config ?? {}) as Config
  const adapter = find(provider, "provider", own, Object.keys(members).some(isVariable) ? hintOfVariables : "")
  return Array.isArray(adapter) ? failed(adapter) : Effect.map(adapter(members, options), widen)
}

/** An adapter whose configuration is not known to the compiler. It checks the configuration itself. */
type AnyAdapter = ((config: unknown, options?: AdapterOptions) => Effect.Effect<Identity, AuthError, Scope.Scope>) &
  Pick<OwnAdapter, "members" | "check">

const isVariable = (name: string): boolean => name.endsWith("_PROVIDER")

const hintOfVariables = "; to read environment variables, use createAuth(fromEnv(process.env))"

/** Finds the adapter of a vendor, or the problems. `path`: where the configuration names the vendor. */
const find = (
  name: unknown,
  path: string,
  own: ReadonlyArray<OwnAdapter> = [],
  hint = "",
): AnyAdapter | Array<Issue> => {
  const all = new Map<unknown, object>(Object.entries(adapters))
  const issues: Array<Issue> = []
  for (const [at, adapter] of Array.from(own).entries()) {
    const message = problemOf(adapter, all)
    if (message === undefined) all.set(adapter.id, adapter)
    else issues.push({ path: `adapters.${at}`, message })
  }
  const found = all.get(name) as AnyAdapter | undefined
  if (found === undefined) issues.push({ path, message: expectedVendor(name, Array.from(all.keys(), String)) + hint })
  return found === undefined || issues.length > 0 ? issues : found
}

/** Never repeats the found value, which may be a secret in the wrong place. */
const expectedVendor = (found: unknown, ids: ReadonlyArray<string>): string => {
  const end = found === undefined || found === "" ? "; found none" : suggestion(String(found), ids)
  return `expected one of ${ids.join(", ")}${end}`
}

/** Returns the schemas of a vendor's members; none for an unknown vendor. */
export const membersOfVendor = (name: unknown, own?: ReadonlyArray<OwnAdapter>): OwnAdapter["members"] => {
  const adapter = find(name, "", own)
  return Array.isArray(adapter) ? {} : adapter.members
}

/** Returns the problem of an adapter of the caller's own; `undefined` for a valid one. */
const problemOf = (adapter: OwnAdapter, all: ReadonlyMap<unknown, unknown>): string | undefined => {
  if (typeof adapter !== "function" || typeof adapter.check !== "function" || !adapter.id)
    return "expected an adapter, as `define` makes it, with an id"
  const { id } = adapter
  if (Object.hasOwn(adapters, id)) return `"${id}" is the id of an adapter of latchkey: choose another one`
  return all.has(id) ? `"${id}" is the id of two adapters: choose another one` : undefined
}

const failed = (issues: ReadonlyArray<Issue>): Configured =>
  Effect.fail(new AuthError({ provider: "latchkey", operation: "config", reason: { _tag: "InvalidConfig", issues } }))

/** The options that no environment variable can hold. */
export interface EnvOptions extends Omit<ConfigOptions, "fleet"> {
  /**
   * What the processes of a service share: a fleet, or `{ client }` with a client of Redis or Valkey, whose secret is in
   * `LATCHKEY_FLEET_SECRET`.
   */
  readonly fleet?: FleetOfEnvironment | Fleet | undefined
  /** The prefix of the variables. Default `"LATCHKEY_"`. */
  readonly prefix?: string
  /** Receives events for operators. No event holds a secret or a token. */
  readonly log?: Log | undefined
}

/**
 * Makes the provider that the environment configures: the vendor in `LATCHKEY_PROVIDER`, and each member of its
 * configuration in upper snake case, such as `LATCHKEY_CLIENT_ID`.
 *
 * The schema of a member decides how its text is read: a list is separated by commas or spaces, or a JSON array; a
 * duration has a unit, such as `5 seconds`; an object is JSON. A secret or a key may be in a file, whose path is in the
 * variable with `_FILE` at its end; one line break at the end of the file is removed. An object may also be given by
 * its members, such as `LATCHKEY_TOKEN_ANSWERS` or `LATCHKEY_TLS_KEY_FILE`. An empty variable counts as absent, and
 * variables that Kubernetes adds for a service are ignored. Any other unknown variable that begins with `LATCHKEY_` is
 * an error.
 *
 * @param env the variables, such as `process.env`
 * @param options `transport`: a transport, or a function that wraps the standard one; `prefix`: instead of `LATCHKEY_`;
 * `adapters`: adapters of your own, which `LATCHKEY_PROVIDER` may name too; `log`: the member of the configuration that
 * no variable can hold, because it is a function; `fleet`: what the processes share, such as `{ client }`
 *
 * Fails with `InvalidConfig`, which lists every problem by the name of its variable.
 */
export const fromEnv = (
  env: Environment,
  { prefix = "LATCHKEY_", log, adapters: own, fleet: fleetOption, ...options }: EnvOptions = {},
): Configured => {
  if (prefix === "") return failed([{ path: "prefix", message: "expected the beginning of the names, not empty" }])
  const providerVariable = variableOf("provider", prefix)
  const adapter = find(env[providerVariable], providerVariable, own)
  if (Array.isArray(adapter)) return failed(adapter)
  const fleet = readFleet(env, prefix, fleetOption)
  const { config: read, issues, inVariables } = readEnvironment(adapter.members, fleet.env, prefix, providerVariable)
  const config = log === undefined ? read : { ...read, log }
  const problems = adapter.check(config).map(inVariables)
  const unread = problems.filter(({ path }) => !issues.some((issue) => issue.path === path))
  const all = [...fleet.issues, ...issues, ...unread]
  if (all.length > 0) return failed(all)
  return Effect.flatMap(fleet.make, (made) => Effect.map(adapter(config, { ...options, fleet: made }), widen))
}
