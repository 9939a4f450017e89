/** The Promise API: a provider whose operations return promises. */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import { ifPresentOf } from "../internal/if-present.ts"
import type { CallOptions, Page, PageQuery } from "../ports/call.ts"
import type { AuthError } from "../ports/errors.ts"
import type { Explanation } from "../ports/explanation.ts"
import type { Health, HealthOptions } from "../ports/health.ts"
import { allOperations, lists, optionsIndex } from "../ports/operations.ts"
import type { Groups, Identity, Operation } from "../ports/provider.ts"
import { type AnyFunction, Caller, withCaller } from "./caller.ts"
import { type ClientOptions, recordingTo, telemetryOf } from "./client-options.ts"
import { explainer } from "./explain.ts"
import { healthOf } from "./health.ts"
import { methodOf, placed } from "./over-operations.ts"
import { withCursor } from "./page-query.ts"
import { composeLayers } from "./policies/compose.ts"
import { type Layer, type Layers, withLayers } from "./policies/layer.ts"
import { withLogout } from "./policies/logout.ts"
import { type CallRuntime, makeRuntime, run } from "./run.ts"

/** The option that the Promise API adds to the options of every call. */
export interface Abortable {
  /** Ends the call and closes its socket when it is aborted. The promise rejects with the signal's reason. */
  readonly signal?: AbortSignal
}

type WithSignal<Args extends ReadonlyArray<unknown>> = {
  [I in keyof Args]: NonNullable<Args[I]> extends CallOptions ? WithSignalIfOptions<Args[I]> : Args[I]
}
type WithSignalIfOptions<A> =
  CallOptions extends Pick<NonNullable<A>, Extract<keyof CallOptions, keyof NonNullable<A>>> ? A & Abortable : A

type PromisedMethod<F> = F extends (...args: infer Args) => Effect.Effect<infer A, AuthError>
  ? [A] extends [Page<infer Item>]
    ? (...args: WithSignal<Args>) => AsyncIterable<Item>
    : (...args: WithSignal<Args>) => Promise<A>
  : F

/** A provider whose operations return promises, and whose lists are async iterables. */
export type Promised<P> = {
  readonly [K in keyof P]: K extends keyof Groups
    ? { readonly [M in keyof P[K]]: PromisedMethod<P[K][M]> }
    : PromisedMethod<P[K]>
} & Closeable &
  Explaining &
  Checking

/** The function that the Promise API adds to every provider, for readiness endpoints. */
export interface Checking {
  /**
   * Resolves with whether access tokens can be judged at present, and what is known about each origin.
   *
   * It needs no token. It sends one GET request to each origin of the vendor, without credentials, at most every five
   * seconds for all callers, and waits at most two seconds. Caches, circuit breakers, metrics and the log are not
   * changed. An outage is a result, never a rejection.
   *
   * @param options `probe: true` sends the requests now; concurrent callers share them
   *
   * Rejects with `InvalidRequest` (an unknown option).
   */
  readonly health: (options?: HealthOptions) => Promise<Health>
}

/** The function that closes a client of the Promise API. */
export interface Closeable extends AsyncDisposable {
  /** Closes the connections. Calls in progress fail with `Unavailable`. */
  readonly close: () => Promise<void>
}

/** The function that the Promise API adds to every provider, for operators. */
export interface Explaining {
  /**
   * Lists the checks of an access token, each with what was expected and what was found.
   *
   * For operators: an HTTP response must never contain an explanation, because it tells an attacker what to change. It
   * sends one introspection request and, for a JWT, one request for the key set. Caches, circuit breakers and metrics
   * are neither used nor changed. A check after a failed one is listed if it can still be made. An error of the vendor
   * is a failed check.
   *
   * @param token the bearer token as received, without the word `Bearer`
   *
   * Rejects with `InvalidRequest` or `UnsupportedOperation` (the vendor has no introspection).
   */
  readonly explain: (token: string) => Promise<Explanation>
}

/**
 * Makes the Promise API of a provider. Its promises reject with the `AuthError`.
 *
 * Throws the `AuthError` (`InvalidConfig`) of a wrong configuration; its stack begins below `caller`.
 */
export const promised = <P extends Identity>(
  make: Effect.Effect<P, AuthError, Scope.Scope>,
  caller?: AnyFunction,
  options?: ClientOptions,
): Promised<P> => {
  const scope = Scope.makeUnsafe()
  const telemetry = telemetryOf(options)
  const recorded = Effect.flatMap(telemetry, (given) => Effect.map(make, (provider) => recordingTo(provider, given)))
  const exit = Effect.runSyncExit(Scope.provide(recorded, scope))
  if (Exit.isFailure(exit)) throw withCaller(Cause.squash(exit.cause), new Caller(caller ?? promised))
  const close = () => Effect.runPromise(Effect.asVoid(Scope.close(scope, Exit.void)))
  const provider = exit.value
  const runtime = makeRuntime(provider.events?.telemetry())
  const layers = composeLayers(provider)
  const api = withLogout(withPromises(provider, layers, runtime), layers)
  const explain = explainer(provider)
  const explained: Explaining["explain"] = (token) => run(explain(token), explained, runtime)
  const check = healthOf(provider)
  const health: Checking["health"] = (options) => run(check(options), health, runtime)
  const added: Closeable & Explaining & Checking = {
    close,
    [Symbol.asyncDispose]: close,
    explain: explained,
    health,
  }
  return { ...api, ...added } as Identity & typeof added as Promised<P>
}

/** Returns a provider whose operations run these layers and return promises. */
export const withPromises = (exact: Identity, layers: Layers, runtime: CallRuntime = makeRuntime()): Identity => {
  const provider = withLayers(exact, layers)
  let api: Identity = provider
  for (const operation of allOperations) {
    const method = methodOf(provider, operation)
    if (method === undefined) continue
    // An operation that the vendor lacks has no layer.
    const promise = lists.some((list) => list === operation) ? toIterable : toPromise
    api = { ...api, ...placed(api, operation, promise(operation, layers.get(operation) ?? { call: method }, runtime)) }
  }
  return api
}

type Call = (...args: ReadonlyArray<unknown>) => Promise<unknown>

const toPromise = (operation: Operation, { call, getIfPresent }: Layer, runtime: CallRuntime): Call => {
  const index = optionsIndex(operation)
  const isHot = operation === "introspect"
  const method: Call = (...args) => {
    const options = args[index]
    if (typeof options !== "object" || options === null || !("signal" in options)) {
      const orCall = (present: unknown) =>
        present === undefined ? run(call(...args), method, runtime, isHot) : present
      const present = getIfPresent?.(args)
      return present instanceof Promise ? present.then(orCall) : Promise.resolve(orCall(present))
    }
    const { signal, ...rest } = options
    const withoutSignal = args.map((argument, at) => (at === index ? rest : argument))
    if (signal === undefined) return run(call(...withoutSignal), method, runtime, isHot)
    // The operation rejects a `signal` that is no AbortSignal, as it rejects every unknown option.
    if (!(signal instanceof AbortSignal)) return run(call(...args), method, runtime, isHot)
    // An effect that completes synchronously would run in spite of an aborted signal.
    if (signal.aborted) return Promise.reject(signal.reason)
    return run(call(...withoutSignal), method, runtime, isHot, signal)
  }
  return getIfPresent === undefined ? method : Object.assign(method, { [ifPresentOf]: getIfPresent })
}

/** Calls a list page by page. The error of a page shows where the list was called, not where it is iterated. */
const toIterable = (operation: Operation, layer: Layer, runtime: CallRuntime): AnyFunction => {
  const call = toPromise(operation, layer, runtime)
  const method = (query: PageQuery | null = {}, options?: unknown): AsyncIterable<unknown> => {
    const caller = new Caller(method)
    const fetchPage = async (cursor: string | undefined) => {
      try {
        return (await call(withCursor(query, cursor), options)) as Page<unknown>
      } catch (error) {
        throw withCaller(error, caller)
      }
    }
    return {
      async *[Symbol.asyncIterator]() {
        let cursor = query?.cursor
        do {
          const { items, next } = await fetchPage(cursor)
          yield* items
          cursor = next
        } while (cursor !== undefined)
      },
    }
  }
  return method
}
