/** Runs a call of the Promise API, so that its rejection shows the caller's line. */
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as Scheduler from "effect/Scheduler"
import * as Tracer from "effect/Tracer"
import { platform } from "#platform"
import { CurrentCall, CurrentCallRef } from "../internal/current-call.ts"
import type { AuthError } from "../ports/errors.ts"
import type { Telemetry } from "../ports/telemetry.ts"
import { type AnyFunction, Caller, withCaller } from "./caller.ts"

/** The runtime that the calls of one client share. */
export interface CallRuntime {
  readonly context: Context.Context<never>
  readonly fork: <A>(
    call: Effect.Effect<A, AuthError>,
    options?: { readonly signal: AbortSignal },
  ) => Fiber.Fiber<A, AuthError>
}

/** Makes the runtime of a client. */
export const makeRuntime = (telemetry?: Telemetry): CallRuntime => {
  const scheduled = Context.make(Scheduler.Scheduler, platform.scheduler)
  const context: Context.Context<never> =
    telemetry === undefined ? scheduled : Context.add(scheduled, Tracer.Tracer, telemetry.tracer)
  return { context, fork: Effect.runForkWith(context) }
}

/** Runs a call that may be interrupted when its time is over. */
const runHot = <A>(
  { context }: CallRuntime,
  call: Effect.Effect<A, AuthError>,
  current: CurrentCall,
  signal?: AbortSignal,
) =>
  Effect.runForkWith(Context.add(context, CurrentCallRef, current))(
    Effect.withFiber((fiber) => {
      current.fiber = fiber
      return call
    }),
    signal && { signal },
  )

/**
 * Runs an effect with one promise, where `Effect.runPromise` makes two. A call that is not answered at once takes the
 * caller's frames (decision 0026); a hot call takes them only when it fails. The observer may be kept long after the end
 * (decision 0017), so it holds neither the call nor, once it has run, the promise and the frames.
 */
export const run = <A>(
  call: Effect.Effect<A, AuthError>,
  method: AnyFunction,
  runtime: CallRuntime,
  isHot = false,
  signal?: AbortSignal,
): Promise<A> => {
  const current = isHot ? new CurrentCall() : undefined
  const fiber =
    current === undefined ? runtime.fork(call, signal && { signal }) : runHot(runtime, call, current, signal)
  const exit = fiber.pollUnsafe()
  if (exit !== undefined)
    return Exit.isSuccess(exit)
      ? Promise.resolve(exit.value)
      : Promise.reject(withCaller(Cause.squash(exit.cause), new Caller(method)))
  let caller = isHot ? undefined : new Caller(method)
  let settle: ((result: A | PromiseLike<A>) => void) | undefined
  const promise = new Promise<A>((resolve) => {
    settle = resolve
  })
  const follow = (running: Fiber.Fiber<A, AuthError>): void => {
    running.addObserver((exit) => {
      const overtime = Exit.isFailure(exit) ? current?.overtime : undefined
      if (current !== undefined) current.overtime = undefined
      if (overtime !== undefined) return follow(runtime.fork(overtime as typeof call, signal && { signal }))
      settle?.(Exit.isSuccess(exit) ? exit.value : rejected(exit.cause, caller, signal))
      settle = undefined
      caller = undefined
      signal = undefined
    })
  }
  follow(fiber)
  return promise
}

const rejected = async (cause: Cause.Cause<AuthError>, caller: Caller | undefined, signal: AbortSignal | undefined) => {
  if (signal?.aborted && Cause.hasInterruptsOnly(cause)) throw signal.reason
  const error = Cause.squash(cause)
  if (caller !== undefined) throw withCaller(error, caller)
  // Only after the caller's promise follows this one does the engine find the functions that await it.
  await undefined
  await undefined
  throw withCaller(error, new Caller(rejected))
}
