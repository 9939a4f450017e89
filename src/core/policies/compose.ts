/** The policies around a provider, in their one order. */
import type { Policies } from "../../ports/policies.ts"
import type { Identity } from "../../ports/provider.ts"
import { validateJwt } from "../jwt/validate-jwt.ts"
import { clientCredentialsCache } from "./client-credentials-cache.ts"
import { exchangeSingleFlight } from "./exchange-single-flight.ts"
import { introspectionCache } from "./introspection-cache.ts"
import { type Layers, layersOf, type Policy, withLayers } from "./layer.ts"
import { withLogout } from "./logout.ts"
import { refreshSingleFlight } from "./refresh-single-flight.ts"
import { retry } from "./retry.ts"
import { sessionSubjects } from "./session-subjects.ts"
import { timeout } from "./timeout.ts"
import { tokenBinding } from "./token-binding.ts"
import { trace } from "./trace.ts"

/** A place in the composition: the members of `Policies` that it honours, and the policy that it makes of them. */
interface Place<Name extends keyof Policies> {
  readonly honours: ReadonlyArray<Name>
  /** Receives these members only; `undefined` when they turn the policy off. */
  readonly make: (policies: Pick<Policies, Name>) => Policy | undefined
}

const place = <const Name extends keyof Policies>(
  honours: ReadonlyArray<Name>,
  make: Place<Name>["make"],
): Place<Name> => ({ honours, make })

/**
 * The composition, innermost first: a retry repeats one request, the cache holds merged answers, the proven keys of
 * each caller are compared with them, the timeout limits the whole call, and a span covers the whole call.
 */
const composition = {
  retry: place(["retry"], ({ retry: options }) => (options === false ? undefined : retry(options))),
  validateJwt: place([], () => validateJwt()),
  introspectionCache: place(["cache", "singleFlight", "staleIfError", "trace"], introspectionCache),
  clientCredentialsCache: place(["tokenCache"], ({ tokenCache }) =>
    tokenCache === false ? undefined : clientCredentialsCache,
  ),
  refreshSingleFlight: place(["singleFlight"], ({ singleFlight }) =>
    singleFlight === false ? undefined : refreshSingleFlight,
  ),
  exchangeSingleFlight: place(["singleFlight"], ({ singleFlight }) =>
    singleFlight === false ? undefined : exchangeSingleFlight,
  ),
  sessionSubjects: place([], () => sessionSubjects),
  tokenBinding: place([], () => tokenBinding),
  timeout: place(["timeout"], (policies) => timeout(policies.timeout)),
  trace: place(["trace"], (policies) => (policies.trace === false ? undefined : trace)),
}

type Honoured = (typeof composition)[keyof typeof composition] extends Place<infer Name> ? Name : never

/** The circuit breaker is in the transport, which knows the origin of a request: a vendor may have several origins. */
type InTransport = "circuitBreaker"

/** The members of `P` that no place honours. */
export type Unplaced<P> = Exclude<keyof P, Honoured | InTransport>

/** Compiles only while every member of `Policies` has a place: `Unplaced<Policies>` must be `never`. */
const places: [Unplaced<Policies>] extends [never] ? typeof composition : never = composition

/** Every policy that the configuration of a provider leaves on, innermost first. */
export const policiesOf = ({ policies = {} }: Identity): ReadonlyArray<Policy> =>
  Object.values(places).flatMap(({ make }) => make(policies) ?? [])

/** Puts the policies of its configuration around a provider, as layers. */
export const composeLayers = (provider: Identity): Layers => layersOf(provider, policiesOf(provider))

/** Puts the policies of its configuration around a provider; its type stays the same. */
export const compose = <P extends Identity>(provider: P): P => {
  const layers = composeLayers(provider)
  return withLogout(withLayers(provider, layers), layers)
}
