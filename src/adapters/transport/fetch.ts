/** The transport on platforms without undici: the platform's `fetch`. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { proxyRefusal } from "../../internal/proxy-refusal.ts"
import { clearTimeout, setTimeout } from "../../internal/real-timers.ts"
import { closed, type Issue, type Reason } from "../../ports/errors.ts"
import type { Transport, TransportRequest, TransportResponse } from "../../ports/transport.ts"
import { checkOrigin, compressed, reasonOf, timedOut, tooLarge } from "./allowed-origins.ts"
import { proxyOf } from "./proxy.ts"
import type { TransportOptions } from "./transport-options.ts"

/**
 * Makes a transport that uses the platform's `fetch`. Closing the scope ends the exchanges in progress.
 *
 * Fails with `InvalidConfig` for `tls` and `proxy`, which the standard `fetch` does not take.
 */
export const makeTransport = (options: TransportOptions): Effect.Effect<Transport, Reason, Scope.Scope> =>
  fetchTransport(
    options,
    () => ({}),
    (["tls", "proxy"] as const).flatMap((path) =>
      options[path] === undefined
        ? []
        : [{ path, message: "not supported on this platform: its fetch does not take it" }],
    ),
  )

/** Makes a transport that uses `fetch` with more options, which may depend on the URL. `issues`: why it cannot. */
export const fetchTransport = (
  options: TransportOptions,
  more: (url: string) => object,
  issues: ReadonlyArray<Issue> = [],
): Effect.Effect<Transport, Reason, Scope.Scope> =>
  Effect.map(
    Effect.acquireRelease(
      issues.length > 0
        ? Effect.fail<Reason>({ _tag: "InvalidConfig", issues })
        : Effect.sync((): Exchanges => ({ more, pending: new Set(), isClosed: false })),
      (exchanges) =>
        Effect.sync(() => {
          exchanges.isClosed = true
          for (const stop of exchanges.pending) stop(closed)
        }),
    ),
    (exchanges): Transport => ({
      send: (request) =>
        Effect.suspend(() => {
          const reason = exchanges.isClosed ? closed : checkOrigin(request.url, options)
          return reason === undefined ? exchange(exchanges, request) : Effect.fail(reason)
        }),
    }),
  )

/** The exchanges of a transport. */
interface Exchanges {
  /** Further options of `fetch`. */
  readonly more: (url: string) => object
  /** Functions that stop the exchanges in progress. */
  readonly pending: Set<(reason: Reason) => void>
  isClosed: boolean
}

/** A reason, as an error that a promise can be rejected with. */
class ReasonError {
  readonly reason: Reason
  constructor(reason: Reason) {
    this.reason = reason
  }
}

const exchange = ({ pending, more }: Exchanges, request: TransportRequest) =>
  Effect.callback<TransportResponse, Reason>((resume) => {
    const controller = new AbortController()
    const stop = (reason: Reason) => {
      resume(Effect.fail(reason))
      controller.abort()
    }
    const deadline = setTimeout(() => stop(timedOut(request.timeout)), request.timeout)
    pending.add(stop)
    const finish = () => {
      clearTimeout(deadline)
      pending.delete(stop)
    }
    receive(request, more(request.url), controller).then(
      (response) => {
        finish()
        resume(Effect.succeed(response))
      },
      (error: unknown) => {
        finish()
        resume(Effect.fail(error instanceof ReasonError ? error.reason : reasonOf(error, proxyTo(request))))
      },
    )
    return Effect.sync(() => {
      finish()
      controller.abort()
    })
  })

const receive = async (
  request: TransportRequest,
  more: object,
  controller: AbortController,
): Promise<TransportResponse> => {
  const response = await fetch(request.url, {
    ...more,
    method: request.method,
    headers: { "accept-encoding": "identity", ...request.headers },
    body: request.body ?? null,
    // With "manual", a redirect is a response, which is rejected by its status.
    redirect: "manual",
    signal: controller.signal,
  })
  const { status } = response
  const reject = (reason: Reason) => {
    controller.abort()
    throw new ReasonError(reason)
  }
  if (response.type === "opaqueredirect") return { status: 302, headers: {}, body: "" }
  if (status === 407) reject(proxyRefusal(status, proxyTo(request)))
  if (Number(response.headers.get("content-length")) > request.maxBytes) reject(tooLarge(status, request.maxBytes))
  if ((response.headers.get("content-encoding") ?? "identity") !== "identity") reject(compressed(status))
  const decoder = new TextDecoder()
  let body = ""
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.length
    if (size > request.maxBytes) reject(tooLarge(status, request.maxBytes))
    body += decoder.decode(chunk, { stream: true })
  }
  return { status, headers: joined(response.headers), body: body + decoder.decode() }
}

/** Returns the proxy that the environment names. Some platforms have no environment. */
const proxyTo = ({ url }: TransportRequest) => proxyOf(url, globalThis.process?.env ?? {})

/** Joins repeated headers. `Headers` joins all of them except `set-cookie`. */
const joined = (headers: Headers): Readonly<Record<string, string>> => {
  const record: Record<string, string> = {}
  for (const [name, value] of headers) record[name] = name in record ? `${record[name]}, ${value}` : value
  return record
}
