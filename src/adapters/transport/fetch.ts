/** The door to the network where there is no undici: the platform's `fetch`. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { closed, type Reason } from "../../ports/errors.ts"
import type { Transport, TransportRequest, TransportResponse } from "../../ports/transport.ts"
import { encoded, failureBelow, refuseOrigin, type TransportOptions, timedOut, tooLarge } from "./allowed-origins.ts"

/** Makes a door on the platform's `fetch`; closing the scope ends what is under way. */
export const makeTransport = (options: TransportOptions): Effect.Effect<Transport, never, Scope.Scope> =>
  Effect.map(
    Effect.acquireRelease(
      Effect.sync((): Door => ({ underWay: new Set(), closed: false })),
      (door) =>
        Effect.sync(() => {
          door.closed = true
          for (const end of door.underWay) end(closed)
        }),
    ),
    (door): Transport => ({
      send: (request) =>
        Effect.suspend(() => {
          const refused = door.closed ? closed : refuseOrigin(request.url, options)
          return refused === undefined ? exchange(door, request) : Effect.fail(refused)
        }),
    }),
  )

interface Door {
  readonly underWay: Set<(reason: Reason) => void>
  closed: boolean
}

/** A failure that is already a reason, on its way through a promise. */
class Refused {
  readonly reason: Reason
  constructor(reason: Reason) {
    this.reason = reason
  }
}

const exchange = ({ underWay }: Door, request: TransportRequest) =>
  Effect.callback<TransportResponse, Reason>((resume) => {
    const abort = new AbortController()
    const end = (reason: Reason) => {
      resume(Effect.fail(reason))
      abort.abort()
    }
    const deadline = setTimeout(() => end(timedOut(request.timeout)), request.timeout)
    underWay.add(end)
    const settled = () => {
      clearTimeout(deadline)
      underWay.delete(end)
    }
    receive(request, abort).then(
      (response) => {
        settled()
        resume(Effect.succeed(response))
      },
      (error: unknown) => {
        settled()
        resume(Effect.fail(error instanceof Refused ? error.reason : failureBelow(error)))
      },
    )
    return Effect.sync(() => {
      settled()
      abort.abort()
    })
  })

const receive = async (request: TransportRequest, abort: AbortController): Promise<TransportResponse> => {
  const response = await fetch(request.url, {
    method: request.method,
    headers: { "accept-encoding": "identity", ...request.headers },
    body: request.body ?? null,
    // "manual" hands a redirect back as an answer, to be refused by its status.
    redirect: "manual",
    signal: abort.signal,
  })
  const { status } = response
  const refuse = (reason: Reason) => {
    abort.abort()
    throw new Refused(reason)
  }
  if (response.type === "opaqueredirect") return { status: 302, headers: {}, body: "" }
  if (Number(response.headers.get("content-length")) > request.maxBytes) refuse(tooLarge(status, request.maxBytes))
  if ((response.headers.get("content-encoding") ?? "identity") !== "identity") refuse(encoded(status))
  const decoder = new TextDecoder()
  let body = ""
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.length
    if (size > request.maxBytes) refuse(tooLarge(status, request.maxBytes))
    body += decoder.decode(chunk, { stream: true })
  }
  return { status, headers: flat(response.headers), body: body + decoder.decode() }
}

/** Repeated headers come one by one here where they are cookies, and joined where they are not. */
const flat = (headers: Headers): Readonly<Record<string, string>> => {
  const out: Record<string, string> = {}
  for (const [name, value] of headers) out[name] = name in out ? `${out[name]}, ${value}` : value
  return out
}
