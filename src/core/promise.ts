/** The same provider with promises. */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import type { CallOptions, Page, PageQuery } from "../ports/call.ts"
import type { AuthError } from "../ports/errors.ts"
import { allOperations, lists, optionsIndex } from "../ports/operations.ts"
import type { Groups, Identity, Operation } from "../ports/provider.ts"
import { compose } from "./policies/compose.ts"
import { type AnyMethod, methodOf, placed } from "./over-operations.ts"
import { at } from "./page-query.ts"
import { peekOf } from "./peek.ts"

/** What the Promise entry takes beside the options of every call. */
export interface Abortable {
  /** Ends the call and closes its socket; the promise rejects with the signal's reason. */
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

/** A provider whose operations answer promises, and whose lists are async iterables. */
export type Promised<P> = {
  readonly [K in keyof P]: K extends keyof Groups
    ? { readonly [M in keyof P[K]]: PromisedMethod<P[K][M]> }
    : PromisedMethod<P[K]>
} & Closeable

export interface Closeable extends AsyncDisposable {
  /** Closes what the provider keeps open; calls under way fail with `Unavailable`. */
  readonly close: () => Promise<void>
}

/**
 * Runs a provider behind promises. They reject with the `AuthError` itself.
 *
 * Throws the `AuthError` (`InvalidConfig`) of a configuration that is wrong.
 */
export const promised = <P extends Identity>(make: Effect.Effect<P, AuthError, Scope.Scope>): Promised<P> => {
  const scope = Scope.makeUnsafe()
  const exit = Effect.runSyncExit(Scope.provide(make, scope))
  if (Exit.isFailure(exit)) throw Cause.squash(exit.cause)
  const provider = compose(exit.value)
  let face: Identity = provider
  for (const operation of allOperations) {
    const method = methodOf(provider, operation)
    if (method === undefined) continue
    const call = promise(operation, method)
    face = { ...face, ...placed(face, operation, lists.some((list) => list === operation) ? iterable(call) : call) }
  }
  const close = () => Effect.runPromise(Scope.close(scope, Exit.void))
  return { ...face, close, [Symbol.asyncDispose]: close } as Identity & Closeable as Promised<P>
}

type Call = (...args: ReadonlyArray<unknown>) => Promise<unknown>

const promise = (operation: Operation, method: AnyMethod): Call => {
  const index = optionsIndex(operation)
  const peek = peekOf(method)
  return (...args) => {
    const options = args[index]
    if (typeof options !== "object" || options === null || !("signal" in options)) {
      const known = peek?.(args)
      return known === undefined ? run(method(...args)) : Promise.resolve(known)
    }
    const { signal, ...rest } = options
    const stripped = args.map((arg, at) => (at === index ? rest : arg))
    if (signal === undefined) return run(method(...stripped))
    // Anything else under that name is refused by the operation, as every option it does not know.
    if (!(signal instanceof AbortSignal)) return run(method(...args))
    // An effect that completes at once would run in spite of a signal that is aborted already.
    if (signal.aborted) return Promise.reject(signal.reason)
    return Effect.runPromiseExit(method(...stripped), { signal }).then((exit) => {
      if (Exit.isSuccess(exit)) return exit.value
      throw signal.aborted && Cause.hasInterruptsOnly(exit.cause) ? signal.reason : Cause.squash(exit.cause)
    })
  }
}

/**
 * One promise, where `Effect.runPromise` makes two. What is told of the end may be kept for long after it (decision 0017), so
 * it holds neither the call nor, once it has been told, the promise.
 */
const run = <A>(call: Effect.Effect<A, AuthError>): Promise<A> => {
  let fulfil: ((answer: A) => void) | undefined
  let fail: ((error: unknown) => void) | undefined
  const promise = new Promise<A>((resolve, reject) => {
    fulfil = resolve
    fail = reject
  })
  Effect.runFork(call).addObserver((exit) => {
    if (Exit.isSuccess(exit)) fulfil?.(exit.value)
    else fail?.(Cause.squash(exit.cause))
    fulfil = undefined
    fail = undefined
  })
  return promise
}

const iterable =
  (call: Call) =>
  (query: PageQuery | null = {}, options?: unknown): AsyncIterable<unknown> => ({
    async *[Symbol.asyncIterator]() {
      let cursor = query?.cursor
      do {
        const page = (await call(at(query, cursor), options)) as Page<unknown>
        yield* page.items
        cursor = page.next
      } while (cursor !== undefined)
    },
  })
