/** Reads the variables of a configuration from Effect's `ConfigProvider`. */
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import { type Configured, type EnvOptions, fromEnv, membersOfVendor } from "./config.ts"
import { variableOf, variablesOf } from "./environment.ts"
import { fleetVariables } from "./fleet-config.ts"
import { AuthError } from "./ports/errors.ts"

/** Makes the provider that the `ConfigProvider` configures, with the variables and the options of `fromEnv`. */
export const fromConfigProvider = (options: EnvOptions): Configured =>
  Effect.flatMap(ConfigProvider.ConfigProvider, (source) =>
    Effect.flatMap(readVariables(source, options), (env) => fromEnv(env, options)),
  )

const readVariables = (
  source: ConfigProvider.ConfigProvider,
  { prefix = "LATCHKEY_", adapters }: EnvOptions,
): Effect.Effect<Readonly<Record<string, string>>, AuthError> =>
  Effect.gen(function* () {
    const env: Record<string, string> = {}
    const vendor = variableOf("provider", prefix)
    const name = yield* valueAt(source, [vendor])
    if (name !== undefined) env[vendor] = name
    // A source may list fewer variables than it has, such as one with a fallback, so each variable is read by its name.
    for (const variable of [...variablesOf(membersOfVendor(name, adapters), prefix), ...fleetVariables(prefix)]) {
      const value = yield* valueAt(source, [variable])
      if (value !== undefined) env[variable] = value
    }
    // Other listed variables are unknown, and `fromEnv` rejects them.
    return { ...(yield* listed(source, [], prefix)), ...env }
  })

/** Returns the variables of a source whose names begin with the prefix. A source may split a name at each `_`. */
const listed = (
  source: ConfigProvider.ConfigProvider,
  path: ConfigProvider.Path,
  prefix: string,
): Effect.Effect<Readonly<Record<string, string>>, AuthError> =>
  Effect.gen(function* () {
    const found: Record<string, string> = {}
    const node = yield* load(source, path)
    const name = path.join("_")
    const text = yield* textOf(source, path, node)
    if (text !== undefined && name.startsWith(prefix)) found[name] = text
    for (const part of node?._tag === "Record" ? node.keys : []) {
      const inner = [...path, part]
      const longer = inner.join("_")
      if (longer.startsWith(prefix) || prefix.startsWith(`${longer}_`))
        Object.assign(found, yield* listed(source, inner, prefix))
    }
    return found
  })

const valueAt = (source: ConfigProvider.ConfigProvider, path: ConfigProvider.Path) =>
  Effect.flatMap(load(source, path), (node) => textOf(source, path, node))

/** Returns the text of a variable; of a list, JSON. */
const textOf = (
  source: ConfigProvider.ConfigProvider,
  path: ConfigProvider.Path,
  node: ConfigProvider.Node | undefined,
): Effect.Effect<string | undefined, AuthError> => {
  if (node?._tag !== "Array" || node.value !== undefined) return Effect.succeed(node?.value)
  const places = Array.from({ length: node.length }, (_, at) => at)
  return Effect.map(
    Effect.forEach(places, (at) => load(source, [...path, at])),
    (items) => JSON.stringify(items.map((item) => item?.value)),
  )
}

/** The message of the source is not repeated: it may hold a value. */
const load = (source: ConfigProvider.ConfigProvider, path: ConfigProvider.Path) =>
  Effect.mapError(source.load(path), () => {
    const message = "the ConfigProvider failed to read it"
    const reason = { _tag: "InvalidConfig", issues: [{ path: path.join("_") || "ConfigProvider", message }] } as const
    return new AuthError({ provider: "latchkey", operation: "config", reason })
  })
