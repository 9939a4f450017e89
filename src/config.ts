/** Chooses a vendor by configuration. This is the only file that imports every adapter. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { kinde } from "./adapters/kinde/index.ts"
import { isReadable, readVariable } from "./adapters/oidc/configuration/environment.ts"
import { shownName } from "./adapters/oidc/configuration/shown-name.ts"
import { oidc } from "./adapters/oidc/index.ts"
import { ory } from "./adapters/ory/index.ts"
import { polar } from "./adapters/polar/index.ts"
import { widen } from "./core/widen.ts"
import { AuthError, type Issue } from "./ports/errors.ts"
import type { Log } from "./ports/log.ts"
import type { AnyProvider, Identity } from "./ports/provider.ts"

const adapters = { kinde, oidc, ory, polar } as const

type Adapters = typeof adapters

/** The configuration of any vendor: the vendor's name in `provider`, and the members of that vendor. */
export type Config = {
  [V in keyof Adapters]: {
    /** The vendor. It decides which other members there are. */
    readonly provider: V
  } & Parameters<Adapters[V]>[0]
}[keyof Adapters]

/** A provider of a vendor that is chosen at run time. Operations that the vendor lacks fail with `UnsupportedOperation`. */
export type Configured = Effect.Effect<AnyProvider, AuthError, Scope.Scope>

/** Makes the provider of a configuration. Fails with `InvalidConfig`, which lists every problem by its path. */
export const fromConfig = (config: Config): Configured => {
  const { provider, ...members } = (config ?? {}) as Config
  const adapter = find(provider)
  return adapter === undefined ? failed([unknownProvider("provider")]) : Effect.map(adapter(members), widen)
}

/** An adapter whose configuration is not known to the compiler. It checks the configuration itself. */
type AnyAdapter = ((config: unknown) => Effect.Effect<Identity, AuthError, Scope.Scope>) &
  Pick<Adapters[keyof Adapters], "members" | "check">

const find = (name: unknown): AnyAdapter | undefined =>
  typeof name === "string" && Object.hasOwn(adapters, name)
    ? (adapters[name as keyof Adapters] as AnyAdapter)
    : undefined

const unknownProvider = (path: string): Issue => ({
  path,
  message: `expected one of ${Object.keys(adapters).join(", ")}`,
})

const failed = (issues: ReadonlyArray<Issue>): Configured =>
  Effect.fail(new AuthError({ provider: "latchkey", operation: "config", reason: { _tag: "InvalidConfig", issues } }))

const prefix = "LATCHKEY_"

/** Returns the environment variable of a member: `clientId` is `LATCHKEY_CLIENT_ID`. */
export const variableOf = (member: string): string =>
  prefix + member.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()

/** The members of a configuration that no environment variable can hold. */
export interface EnvOptions {
  /** Receives events for operators. No event holds a secret or a token. */
  readonly log?: Log | undefined
}

/**
 * Makes the provider that the environment configures: the vendor in `LATCHKEY_PROVIDER`, and each member of its
 * configuration in upper snake case, such as `LATCHKEY_CLIENT_ID`.
 *
 * The schema of a member decides how its text is read: a list is separated by commas or spaces, or a JSON array; a duration
 * has a unit, such as `5 seconds`; an object is JSON. An empty variable counts as absent. An
 * unknown variable that begins with `LATCHKEY_` is an error.
 *
 * @param options `log`: the member of the configuration that no variable can hold, because it is a function
 *
 * Fails with `InvalidConfig`, which lists every problem by the name of its variable.
 */
export const fromEnv = (env: Readonly<Record<string, string | undefined>>, { log }: EnvOptions = {}): Configured => {
  const providerVariable = variableOf("provider")
  const adapter = find(env[providerVariable])
  if (adapter === undefined) return failed([unknownProvider(providerVariable)])
  const readable = Object.entries(adapter.members).filter(([, schema]) => isReadable(schema))
  const members = new Map(readable.map((entry) => [variableOf(entry[0]), entry] as const))
  const config: Record<string, unknown> = log === undefined ? {} : { log }
  const issues: Array<Issue> = []
  for (const [name, text] of Object.entries(env)) {
    if (!name.startsWith(prefix) || name === providerVariable || !text) continue
    const [member, schema] = members.get(name) ?? []
    if (member === undefined || schema === undefined)
      issues.push({ path: prefix + shownName(name.slice(prefix.length)), message: "unknown variable" })
    else
      try {
        config[member] = readVariable(schema, text)
      } catch {
        config[member] = text
        issues.push({ path: name, message: "expected JSON" })
      }
  }
  const problems = adapter.check(config).map(({ path, message }) => ({ path: variablePath(path), message }))
  issues.push(...problems.filter(({ path }) => !issues.some((issue) => issue.path === path)))
  return issues.length > 0 ? failed(issues) : Effect.map(adapter(config), widen)
}

/** Replaces the first part of a path by its variable. */
const variablePath = (path: string): string => {
  const [member = "", ...rest] = path.split(".")
  // No variable holds it: it is an option of `fromEnv`.
  if (member === "log") return path
  return [variableOf(member), ...rest].join(".")
}
