/** Every door to the network, opened for a test. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import type { TransportRequest, TransportResponse } from "latchkey"
import type { Reason } from "latchkey/effect"
import { makeTransport as makeFetch } from "../../src/adapters/transport/fetch.ts"
import { makeTransport as makeUndici } from "../../src/adapters/transport/undici.ts"

export const doors = [
  { door: "undici", make: makeUndici },
  { door: "fetch", make: makeFetch },
] as const

type Outcome = TransportResponse | Reason

export interface Door extends AsyncDisposable {
  /** Sends a request; the answer, or the reason why there is none. Anything else that happens rejects. */
  readonly ask: (url: string, more?: Partial<TransportRequest>) => Promise<Outcome>
  /** Sends a request that can be interrupted. */
  readonly start: (url: string, more?: Partial<TransportRequest>) => Fiber.Fiber<TransportResponse, Reason>
  readonly close: () => Promise<void>
}

/** Opens a door that may talk to these `http:` origins. */
export const open = (make: (typeof doors)[number]["make"], ...insecure: ReadonlyArray<string>): Door => {
  const scope = Scope.makeUnsafe()
  const transport = Effect.runSync(Scope.provide(make({ insecure }), scope))
  // A door that throws in place of failing is caught here as it would be inside a larger program: as a defect.
  const send = (url: string, more: Partial<TransportRequest> = {}) =>
    Effect.suspend(() => transport.send({ method: "GET", url, headers: {}, timeout: 2000, maxBytes: 1 << 20, ...more }))
  const close = () => Effect.runPromise(Scope.close(scope, Exit.void))
  return {
    ask: (url, more) =>
      Effect.runPromise(
        Effect.match(send(url, more), {
          onFailure: (reason): Outcome => reason,
          onSuccess: (response): Outcome => response,
        }),
      ),
    start: (url, more) => Effect.runFork(send(url, more)),
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** Interrupts a request and waits until that is done. */
export const interrupt = (fiber: Fiber.Fiber<unknown, unknown>): Promise<void> =>
  Effect.runPromise(Fiber.interrupt(fiber))

/** Milliseconds that something took, and what came of it. */
export const timed = async <A>(run: () => Promise<A>): Promise<{ readonly value: A; readonly ms: number }> => {
  const start = performance.now()
  const value = await run()
  return { value, ms: performance.now() - start }
}
