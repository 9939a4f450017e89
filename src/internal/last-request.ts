/** Where the last request of a call went, so that its error names the address. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { AuthError } from "../ports/errors.ts"
import type { Transport } from "../ports/transport.ts"

interface LastRequest {
  url: string | undefined
}

/** `undefined` outside a call. */
const LastRequest = Context.Reference<LastRequest | undefined>("latchkey/LastRequest", {
  defaultValue: () => undefined,
})

/** Returns the member `url` of an error: absent if nothing was sent yet. */
export type Address = () => Pick<AuthError, "url">

/** Runs a call with the address of its last request. A call within another one shares the record of the outer one. */
export const withAddress = <A, E>(call: (address: Address) => Effect.Effect<A, E>): Effect.Effect<A, E> =>
  Effect.withFiber((fiber) => {
    const outer = fiber.getRef(LastRequest)
    if (outer !== undefined) return call(() => shown(outer))
    const last: LastRequest = { url: undefined }
    return Effect.provideService(
      call(() => shown(last)),
      LastRequest,
      last,
    )
  })

/** A transport whose `send` may take more than the request. */
interface Sends<Rest extends ReadonlyArray<unknown>> {
  readonly send: (request: Parameters<Transport["send"]>[0], ...rest: Rest) => ReturnType<Transport["send"]>
}

/** Records the URL of each request: when it is sent, and when it ends, because several may be in flight. */
export const recordedTransport = <Rest extends ReadonlyArray<unknown>>(transport: Sends<Rest>): Sends<Rest> => ({
  send: (request, ...rest) =>
    Effect.withFiber((fiber) => {
      const last = fiber.getRef(LastRequest)
      if (last === undefined) return transport.send(request, ...rest)
      last.url = request.url
      return Effect.onExitPrimitive(transport.send(request, ...rest), (exit) => {
        if (!Exit.hasInterrupts(exit)) last.url = request.url
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
    const last = fiber.getRef(LastRequest)
    if (last !== undefined) last.url = url
    return Effect.void
  })

const shown = ({ url }: LastRequest): Pick<AuthError, "url"> => {
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
