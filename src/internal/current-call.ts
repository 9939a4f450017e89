/** The record of the call that a fiber runs. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import type { AuthError } from "../ports/errors.ts"
import type { Transport } from "../ports/transport.ts"

/** A call in progress. A class: it lives as long as a request (decision 0017). */
export class CurrentCall {
  /** The URL of its last request. */
  url: string | undefined = undefined
  /** The fiber that runs only this call, so that it may be interrupted when the time of the call is over. */
  fiber: Fiber.Fiber<unknown, unknown> | undefined = undefined
  /** Continues the call after its fiber was interrupted because the time was over. */
  overtime: Effect.Effect<unknown, AuthError> | undefined = undefined
}

/** `undefined` outside a call. */
export const CurrentCallRef = Context.Reference<CurrentCall | undefined>("latchkey/CurrentCall", {
  defaultValue: () => undefined,
})

export const currentCall = (fiber: Fiber.Fiber<unknown, unknown>): CurrentCall | undefined =>
  fiber.getRef(CurrentCallRef)

/** Returns the member `url` of an error: absent if nothing was sent yet. */
export type Address = () => Pick<AuthError, "url">

/** Runs a call with the address of its last request. A call within another one shares the record of the outer one. */
export const withAddress = <A, E>(call: (address: Address) => Effect.Effect<A, E>): Effect.Effect<A, E> =>
  Effect.withFiber((fiber) => {
    const outer = currentCall(fiber)
    if (outer !== undefined) return call(() => addressIn(outer))
    const own = new CurrentCall()
    return Effect.provideService(
      call(() => addressIn(own)),
      CurrentCallRef,
      own,
    )
  })

/** Records the URL of each request: when it is sent, and when it ends, because several may be in flight. */
export const recordedTransport = (transport: Transport): Transport => ({
  send: (request) =>
    Effect.withFiber((fiber) => {
      const call = currentCall(fiber)
      if (call === undefined) return transport.send(request)
      call.url = request.url
      return Effect.onExitPrimitive(transport.send(request), (exit) => {
        if (!Exit.hasInterrupts(exit)) call.url = request.url
        return undefined
      })
    }),
})

/** Names a URL as the address of a failure: that of a request which another call made, or that could not be sent. */
export const failingAt = <A, E>(url: string, effect: Effect.Effect<A, E>): Effect.Effect<A, E> =>
  Effect.tapError(effect, () => addressedTo(url))

/** Names a URL as the address of the failure that follows. */
export const addressedTo = (url: string): Effect.Effect<void> =>
  Effect.withFiber((fiber) => {
    const call = currentCall(fiber)
    if (call !== undefined) call.url = url
    return Effect.void
  })

/** The member `url` of an error of a call, and of an event. */
export const addressIn = ({ url }: Pick<CurrentCall, "url">): Pick<AuthError, "url"> => {
  const parsed = url === undefined ? null : URL.parse(url)
  return parsed === null ? {} : { url: addressOf(parsed) }
}

/** In characters. */
const longest = { segment: 40, address: 300 }

/**
 * Returns origin and path. User, query and fragment may hold a secret. So may a long segment of the path: a caller may
 * have passed a token in place of an id.
 */
const addressOf = ({ origin, pathname }: URL): string => {
  const segments = pathname.split("/").map((each) => (each.length < longest.segment ? each : "[redacted]"))
  const address = `${origin}${segments.join("/")}`
  return address.length > longest.address ? `${address.slice(0, longest.address - 1)}…` : address
}
