/** Choosing a vendor by configuration: the only file that knows them all. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { kinde } from "./adapters/kinde/index.ts"
import { oidc } from "./adapters/oidc/index.ts"
import { ory } from "./adapters/ory/index.ts"
import { polar } from "./adapters/polar/index.ts"
import { widen } from "./core/widen.ts"
import { AuthError, type Issue } from "./ports/errors.ts"
import type { AnyProvider, Identity } from "./ports/provider.ts"

const adapters = { kinde, oidc, ory, polar } as const

type Adapters = typeof adapters

/** The configuration of any vendor: its name in `provider`, and that vendor's own members. */
export type Config = { [V in keyof Adapters]: { readonly provider: V } & Parameters<Adapters[V]>[0] }[keyof Adapters]

/** A provider of a vendor that only the configuration names: every operation is there, and some refuse. */
export type Configured = Effect.Effect<AnyProvider, AuthError, Scope.Scope>

/** Makes the provider that a configuration names. Fails with `InvalidConfig`, listing every problem by its path. */
export const fromConfig = (config: Config): Configured => {
  const { provider, ...rest } = (config ?? {}) as Config
  const adapter = find(provider)
  return adapter === undefined ? failed([unknownProvider("provider")]) : Effect.map(adapter(rest), widen)
}

/** An adapter, whichever: it checks what it is given. */
type AnyAdapter = ((config: unknown) => Effect.Effect<Identity, AuthError, Scope.Scope>) &
  Pick<Adapters[keyof Adapters], "keys" | "check">

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

const json = (text: string): unknown => JSON.parse(text)

/** Separated by commas or spaces, or a JSON array. */
const list = (text: string): unknown => (/^\s*\[/.test(text) ? json(text) : text.split(/[\s,]+/).filter(Boolean))

/** A number of milliseconds, or words such as `5 seconds`. */
const duration = (text: string): unknown => (/^\s*\d+\s*$/.test(text) ? Number(text) : text)

/** How the variables that are no plain text are written. */
const readers: Readonly<Record<string, (text: string) => unknown>> = {
  scopes: list,
  audience: (text) => (text === "any" ? text : list(text)),
  insecure: list,
  clockSkew: (text) => (/^\s*[\d.]+\s*$/.test(text) ? Number(text) : text),
  timeout: duration,
  staleIfUnavailable: duration,
  privateKey: json,
  management: json,
  endpoints: json,
  // A secret in itself never looks like this.
  clientSecret: (text) => (/^\s*\[\s*"/.test(text) ? json(text) : text),
  cache: json,
  singleFlight: json,
  ownTokens: json,
  retry: json,
  breaker: json,
  trace: json,
}

/**
 * Makes the provider that the environment names: `LATCHKEY_PROVIDER`, and each configuration member in upper snake case
 * (`LATCHKEY_CLIENT_ID`, `LATCHKEY_ADMIN_URL`, ...).
 *
 * Lists are separated by commas or spaces; durations are words such as `5 seconds`, or milliseconds; `LATCHKEY_CACHE`,
 * `LATCHKEY_RETRY`, `LATCHKEY_BREAKER`, `LATCHKEY_SINGLE_FLIGHT`, `LATCHKEY_OWN_TOKENS`, `LATCHKEY_TRACE`,
 * `LATCHKEY_PRIVATE_KEY`, `LATCHKEY_ENDPOINTS`, `LATCHKEY_MANAGEMENT` and a pair of client secrets are JSON. An empty
 * variable counts as absent; an unknown one that begins with `LATCHKEY_` is an error.
 *
 * Fails with `InvalidConfig`, listing every problem by the variable's name.
 */
export const fromEnv = (env: Readonly<Record<string, string | undefined>>): Configured => {
  const given = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[0].startsWith(prefix) && !!entry[1],
  )
  const adapter = find(env[variable("provider")])
  if (adapter === undefined) return failed([unknownProvider(variable("provider"))])
  const byVariable = new Map(adapter.keys.map((key) => [variable(key), key]))
  const config: Record<string, unknown> = {}
  const issues: Array<Issue> = []
  for (const [name, text] of given) {
    if (name === variable("provider")) continue
    const key = byVariable.get(name)
    if (key === undefined) issues.push({ path: name, message: "unknown variable" })
    else
      try {
        config[key] = readers[key]?.(text) ?? text
      } catch {
        config[key] = text
        issues.push({ path: name, message: "expected JSON" })
      }
  }
  const found = adapter.check(config).map(({ path, message }) => ({ path: named(path), message }))
  issues.push(...found.filter(({ path }) => !issues.some((each) => each.path === path)))
  return issues.length > 0 ? failed(issues) : Effect.map(adapter(config), widen)
}

const variable = (key: string): string => prefix + key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()

/** Names the variable behind a path, and keeps what is below it. */
const named = (path: string): string => {
  const [key = "", ...below] = path.split(".")
  return [variable(key), ...below].join(".")
}
