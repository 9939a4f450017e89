/** Makes an adapter from a definition. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { z } from "zod"
import { signatures } from "#signature"
import { makeTransport } from "#transport"
import { recordedTransport } from "../../internal/current-call.ts"
import { toMillis } from "../../internal/duration.ts"
import type { FleetPlace } from "../../internal/fleet-tokens.ts"
import { makeEvents } from "../../internal/log.ts"
import { AuthError, type Reason } from "../../ports/errors.ts"
import type { Events } from "../../ports/events.ts"
import type { Fleet } from "../../ports/fleet.ts"
import type { Operation } from "../../ports/provider.ts"
import { type CircuitBreakerParts, circuitBreaker, type JudgedTransport } from "../transport/circuit-breaker.ts"
import { withOwnHeaders } from "../transport/own-headers.ts"
import { timedTransport } from "../transport/timing.ts"
import { assemble, fingerprintOf } from "./assemble.ts"
import { tlsFilesOf } from "./configuration/connection-settings.ts"
import { problemsOf } from "./configuration/problems.ts"
import type { Settings } from "./configuration/settings.ts"
import type { Adapter, AdapterOptions, Definition, Implemented } from "./definition.ts"
import { type Engine, tenantOf } from "./engine/engine.ts"
import { makeEngine } from "./engine/make-engine.ts"
import { makeServiceToken } from "./engine/service-token.ts"
import { fleetOfProvider } from "./fleet-of-provider.ts"
import { outageIn } from "./http/outage.ts"
import { needlessIn } from "./instead.ts"
import { missingAudience } from "./kit.ts"
import { makeOwnRequest } from "./operations/own-request.ts"
import { watchFleet } from "./watch-fleet.ts"

/**
 * Defines an adapter.
 *
 * Throws a `TypeError` for an override outside `can` and for an `instead` of an operation in `can`. The adapter throws one
 * for an operation in `can` that is not implemented, and for an implementation outside `can`.
 */
export const define = <
  const Can extends Operation,
  Config extends z.ZodObject & z.ZodType<Settings>,
  const Id extends string,
>(
  definition: Definition<Can, Config, Id> & Implemented<Can, Config>,
): Adapter<Can, z.input<Config>, Id> => {
  const { id, can, instead = {}, overrides = {} } = definition
  const needless = needlessIn(can, instead)
  if (needless !== undefined) throw new TypeError(`${id}: "${needless}" is in "can" and has an "instead": remove one`)
  const undeclared = Object.keys(overrides).find((name) => !can.some((each) => each === name))
  if (undeclared !== undefined) throw new TypeError(`${id}: "${undeclared}" is implemented but not in "can"`)

  const check = (config: unknown) => problemsOf(definition, config)
  const make = (input: z.input<Config>, options: AdapterOptions = {}) =>
    Effect.gen(function* () {
      const issues = check(input)
      if (issues.length > 0)
        return yield* new AuthError({ provider: id, operation: "config", reason: { _tag: "InvalidConfig", issues } })
      const configs = bySecret(input).map((each) => definition.config.parse(each))
      const [first = definition.config.parse(input)] = configs
      const events = makeEvents(first.log)
      const server = definition.server(first)
      const needsAudience = server.token?.answers === "signature" ? missingAudience(first) : []
      if (needsAudience.length > 0)
        return yield* new AuthError({
          ...{ provider: id, operation: "config" },
          reason: { _tag: "InvalidConfig", issues: needsAudience },
        })
      const tenant = tenantOf({ id, server, settings: first })
      const transport: JudgedTransport = yield* Effect.mapError(
        transportFor(options, first, {
          tenant,
          events,
          ownRequest: (origin) => Effect.suspend(() => ask(origin)),
          outageIn: (response, operation) => outageIn(response, operation, server),
        }),
        (reason) => new AuthError({ provider: id, operation: "config", reason }),
      )
      const fleet = options.fleet && (yield* fleetOfProvider(options.fleet))
      const place = fleet && placeOf(fleet, id, server.issuer, configs)
      const engines = configs.map((config) => engineFor(definition, config, transport, events, place))
      const [engine = engineFor(definition, first, transport, events, place)] = engines
      const ask = makeOwnRequest(engine)
      const watched = fleet && { fleet, ask: yield* watchFleet(fleet, tenant, events) }
      return assemble(definition, engines, configs, watched)
    })
  return Object.assign(make, { id, can, members: definition.config.shape, check })
}

/**
 * Gives an adapter a configuration type whose members have documentation in the editor: the types that zod infers lose
 * it. The type must be assignable to the schema's input; a type test of the adapter compares the two.
 */
export const configuredBy =
  <Input>() =>
  <Can extends Operation, Id extends string>(adapter: Adapter<Can, Input, Id>): Adapter<Can, Input, Id> =>
    adapter

const transportOptions = ({ maxConnectionAge, tls, ...settings }: Settings) => ({
  ...settings,
  tls: tlsFilesOf(tls),
  maxConnectionAge: maxConnectionAge === undefined ? undefined : toMillis(maxConnectionAge),
})

/** The transport: timed unless `trace` is off, with a circuit breaker unless that is off. */
const transportFor = (
  { transport }: AdapterOptions,
  settings: Settings,
  parts: CircuitBreakerParts,
): Effect.Effect<JudgedTransport, Reason, Scope.Scope> => {
  const { circuitBreaker: option, trace } = settings
  const standard = typeof transport === "object" ? Effect.succeed(transport) : makeTransport(transportOptions(settings))
  const wrapped = typeof transport === "function" ? Effect.map(standard, transport) : standard
  const named = Effect.map(wrapped, withOwnHeaders(settings))
  const timed = trace === false ? named : Effect.map(named, timedTransport)
  // A transport of the application gets only the request.
  return option === false ? Effect.map(timed, recordedTransport) : Effect.flatMap(timed, circuitBreaker(parts))
}

/** One configuration for each client secret. */
const bySecret = <Input extends object>(input: Input): ReadonlyArray<Input> =>
  "clientSecret" in input && Array.isArray(input.clientSecret)
    ? input.clientSecret.map((clientSecret) => ({ ...input, clientSecret }))
    : [input]

const engineFor = <Can extends Operation, Config extends z.ZodType<Settings>>(
  { id, server: serverOf }: Definition<Can, Config>,
  config: z.output<Config>,
  transport: JudgedTransport,
  events: Events,
  place: FleetPlace | undefined,
): Engine => {
  const server = serverOf(config)
  const serviceToken =
    server.serviceToken && makeServiceToken(id, server.serviceToken, config, server, transport, place)
  return makeEngine(id, config, server, transport, serviceToken, events, place)
}

/** The place of the values of a provider in a fleet. */
const placeOf = (fleet: Fleet, id: string, issuer: string, configs: ReadonlyArray<Settings>): FleetPlace => ({
  fleet,
  name: async () => JSON.stringify([issuer, await fingerprintOf(id, configs)]),
  hash: signatures.sha256,
})
