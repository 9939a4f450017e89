/** Opens each transport for a test. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import type { TransportRequest, TransportResponse } from "latchkey"
import type { Reason } from "latchkey/effect"
import { makeTransport as makeFetch } from "../../src/adapters/transport/fetch.ts"
import type { TransportOptions } from "../../src/adapters/transport/transport-options.ts"
import { makeTransport, type UndiciOptions } from "../../src/adapters/transport/undici.ts"

/** The transport without more connections for requests that hang. */
export const makeUndici = (options: UndiciOptions) => makeTransport({ hangsAfter: 60_000, ...options })

export const transports = [
  { name: "undici", make: makeUndici },
  { name: "fetch", make: makeFetch },
] as const

type Outcome = TransportResponse | Reason

export interface OpenTransport extends AsyncDisposable {
  /** Sends a request. Resolves with the response or the reason of the failure; rejects on a defect. */
  readonly send: (url: string, more?: Partial<TransportRequest>) => Promise<Outcome>
  /** Sends a request that can be interrupted. */
  readonly start: (url: string, more?: Partial<TransportRequest>) => Fiber.Fiber<TransportResponse, Reason>
  readonly close: () => Promise<void>
}

/** Opens a transport that may send requests to these `http:` origins. */
export const open = (
  make: (typeof transports)[number]["make"],
  ...insecureOrigins: ReadonlyArray<string>
): OpenTransport => openWith(make, { insecureOrigins })

/** Opens a transport with these options. */
export const openWith = (make: (typeof transports)[number]["make"], options: TransportOptions): OpenTransport => {
  const scope = Scope.makeUnsafe()
  const transport = Effect.runSync(Scope.provide(make(options), scope))
  // Effect.suspend turns a synchronous throw of the transport into a defect, as in a larger program.
  const exchange = (url: string, more: Partial<TransportRequest> = {}) =>
    Effect.suspend(() => transport.send({ method: "GET", url, headers: {}, timeout: 2000, maxBytes: 1 << 20, ...more }))
  const close = () => Effect.runPromise(Scope.close(scope, Exit.void))
  return {
    send: (url, more) =>
      Effect.runPromise(
        Effect.match(exchange(url, more), {
          onFailure: (reason): Outcome => reason,
          onSuccess: (response): Outcome => response,
        }),
      ),
    start: (url, more) => Effect.runFork(exchange(url, more)),
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** Interrupts a request and waits until that is done. */
export const interrupt = (fiber: Fiber.Fiber<unknown, unknown>): Promise<void> =>
  Effect.runPromise(Fiber.interrupt(fiber))

/** The result of a function, and the milliseconds that it took. */
export const timed = async <A>(run: () => Promise<A>): Promise<{ readonly value: A; readonly ms: number }> => {
  const start = performance.now()
  const value = await run()
  return { value, ms: performance.now() - start }
}
