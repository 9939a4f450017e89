/** Makes a provider from a definition and its engines. */
import * as Effect from "effect/Effect"
import type { z } from "zod"
import { signatures } from "#signature"
import { AuthError } from "../../ports/errors.ts"
import type { Fleet } from "../../ports/fleet.ts"
import type { FleetHealth } from "../../ports/health.ts"
import type { Identity, Operation, Provider } from "../../ports/provider.ts"
import { checkedOperation, type UncheckedOperation } from "./arguments/checked-operation.ts"
import { policiesOf } from "./configuration/policy-settings.ts"
import type { Settings } from "./configuration/settings.ts"
import { unredact } from "./configuration/unredact.ts"
import type { Definition, Override } from "./definition.ts"
import { type Engine, tenantOf } from "./engine/engine.ts"
import { alternatives } from "./instead.ts"
import { jwtProfile } from "./jwt-profile.ts"
import { makeMonitor } from "./monitor.ts"
import { fetchKeySet } from "./operations/discovery.ts"
import { standard } from "./operations/standard.ts"
import { secretRotation } from "./secret-rotation.ts"

type Method = ReturnType<typeof checkedOperation>

/** A fleet as a provider uses it, and the effect that sends a command to its store, for `health`. */
export interface WatchedFleet {
  readonly fleet: Fleet
  readonly ask: Effect.Effect<FleetHealth>
}

/** Makes a provider. There is one engine, with its configuration, for each client secret. */
export const assemble = <Can extends Operation, Config extends z.ZodType<Settings>>(
  definition: Definition<Can, Config>,
  engines: ReadonlyArray<Engine>,
  configs: ReadonlyArray<z.output<Config>>,
  watched?: WatchedFleet,
): Provider<Can> => {
  const { id, can, instead = {} } = definition
  const [first, second] = engines.map((engine, at) => methodsOf(definition, engine, configs[at] as z.output<Config>))
  const withEitherSecret = engines[0] && secretRotation(tenantOf(engines[0]), engines[0].server, engines[0].events)
  const provider: Identity & Record<string, unknown> = {
    id,
    can: new Set<Operation>(can),
    instead: alternatives(can, instead),
    ...(engines[0] && identityOf(engines[0], configs, watched)),
    ...(watched !== undefined && { fleet: watched.fleet }),
  }
  if (provider.jwt !== undefined && !provider.can.has("metadata.keys"))
    throw new TypeError(`${id}: "token.answers" needs signatures, but "metadata.keys" is not in "can"`)
  for (const name of can) {
    const [method, other] = [first?.get(name), second?.get(name)]
    if (method !== undefined)
      place(provider, name, other && withEitherSecret ? withEitherSecret(name, method, other) : method)
  }
  return provider as Identity as Provider<Can>
}

const methodsOf = <Can extends Operation, Config extends z.ZodType<Settings>>(
  { id, can, operations, overrides = {} }: Definition<Can, Config>,
  engine: Engine,
  config: z.output<Config>,
): ReadonlyMap<Can, Method> => {
  const own: Readonly<Record<string, UncheckedOperation | undefined>> = operations?.(engine, config) ?? {}
  const base = standard(engine)
  const replaced = overrides as Readonly<Record<string, Override<Operation, Config> | undefined>>
  for (const name of Object.keys(own))
    if (!can.some((each) => each === name)) throw new TypeError(`${id}: "${name}" is implemented but not in "can"`)
  return new Map(
    can.map((name) => {
      const unchecked =
        replaced[name]?.({ standard: base, engine, config }) ??
        own[name] ??
        (base as Readonly<Record<string, UncheckedOperation | undefined>>)[name]
      if (unchecked === undefined) throw new TypeError(`${id}: "${name}" is in "can" but nothing implements it`)
      return [name, checkedOperation(id, name, unchecked, engine.server.traits)]
    }),
  )
}

/** The data that the policies read. */
const identityOf = (
  engine: Engine,
  configs: ReadonlyArray<Settings>,
  watched: WatchedFleet | undefined,
): Pick<Identity, "jwt" | "keySets" | "backend" | "traits" | "policies" | "events" | "tenant" | "monitor"> => {
  const { server, settings, events } = engine
  const keySets = keySetsOf(engine)
  const jwt = jwtProfile(server, settings)
  return {
    ...(jwt.answers !== "introspection" && { jwt }),
    ...(keySets.size > 0 && { keySets }),
    backend: {
      instance: server.issuer,
      ...(settings.clientId !== undefined && { clientId: settings.clientId }),
      endpoint: server.endpoints?.introspectionEndpoint ?? server.metadataUrl,
      // Read with the first key, because some platforms have no random numbers while a module is loaded.
      get credential() {
        return signatures.keyedHash(JSON.stringify(unredact(configs)))
      },
      fingerprint: () => fingerprintOf(engine.id, configs),
    },
    ...(server.traits !== undefined && { traits: server.traits }),
    policies: policiesOf(settings),
    events,
    tenant: tenantOf(engine),
    monitor: makeMonitor(engine, watched?.ask),
  }
}

/**
 * Returns a hash of an adapter and of whole configurations, credentials included, that is the same in every process. It
 * includes the adapter, because two adapters may read one response in two ways.
 */
export const fingerprintOf = (id: string, configs: ReadonlyArray<Settings>): string | Promise<string> =>
  signatures.sha256(JSON.stringify([id, unredact(configs)]))

/** Returns the functions that fetch the keys of issuers with their own key set; one function for each key set. */
const keySetsOf = (engine: Engine): NonNullable<Identity["keySets"]> => {
  const { id, server } = engine
  const issuers = (server.token?.issuers ?? []).flatMap(({ issuer, jwksUri }) =>
    jwksUri === undefined || jwksUri === server.endpoints?.jwksUri ? [] : [{ issuer, jwksUri }],
  )
  const fetches = new Map(
    issuers.map(({ jwksUri }) => [
      jwksUri,
      () =>
        Effect.mapError(
          fetchKeySet(engine, jwksUri),
          (reason) => new AuthError({ provider: id, operation: "metadata.keys", reason }),
        ),
    ]),
  )
  return new Map(
    issuers.flatMap(({ issuer, jwksUri }) => {
      const fetch = fetches.get(jwksUri)
      return fetch === undefined ? [] : [[issuer, fetch] as const]
    }),
  )
}

const place = (provider: Record<string, unknown>, name: Operation, method: unknown): void => {
  const [group, member] = name.split(".") as [string, string | undefined]
  if (member === undefined) provider[group] = method
  else provider[group] = { ...(provider[group] as object | undefined), [member]: method }
}
