/** The door to the network where there is no undici: the platform's `fetch`. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Reason } from "../../ports/errors.ts"
import type { Transport, TransportRequest, TransportResponse } from "../../ports/transport.ts"
import { type DoorOptions, failureBelow, refuseOrigin, timedOut, tooLarge } from "./policy.ts"

/** Makes a door on the platform's `fetch`; it keeps nothing open of its own. */
export const makeTransport = (options: DoorOptions): Effect.Effect<Transport, never, Scope.Scope> =>
  Effect.succeed({
    send: (request) =>
      Effect.suspend(() => {
        const refused = refuseOrigin(request.url, options)
        return refused === undefined ? exchange(request) : Effect.fail(refused)
      }),
  })

/** A failure that is already a reason, on its way through a promise. */
class Refused {
  readonly reason: Reason
  constructor(reason: Reason) {
    this.reason = reason
  }
}

const exchange = (request: TransportRequest) =>
  Effect.callback<TransportResponse, Reason>((resume) => {
    const abort = new AbortController()
    const deadline = setTimeout(() => {
      resume(Effect.fail(timedOut(request.timeout)))
      abort.abort()
    }, request.timeout)
    receive(request, abort)
      .then(
        (response) => resume(Effect.succeed(response)),
        (error: unknown) => resume(Effect.fail(error instanceof Refused ? error.reason : failureBelow(error))),
      )
      .finally(() => clearTimeout(deadline))
    return Effect.sync(() => {
      clearTimeout(deadline)
      abort.abort()
    })
  })

const receive = async (request: TransportRequest, abort: AbortController): Promise<TransportResponse> => {
  const response = await fetch(request.url, {
    method: request.method,
    headers: request.headers,
    body: request.body ?? null,
    // "manual" hands a redirect back as an answer, to be refused by its status.
    redirect: "manual",
    signal: abort.signal,
  })
  const { status } = response
  if (response.type === "opaqueredirect") return { status: 302, headers: {}, body: "" }
  const decoder = new TextDecoder()
  let body = ""
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.length
    if (size > request.maxBytes) {
      abort.abort()
      throw new Refused(tooLarge(status, request.maxBytes))
    }
    body += decoder.decode(chunk, { stream: true })
  }
  return { status, headers: Object.fromEntries(response.headers), body: body + decoder.decode() }
}
