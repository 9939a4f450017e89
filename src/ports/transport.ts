/** The one door to the network. */
import type * as Effect from "effect/Effect"
import type { Reason } from "./errors.ts"

/** One HTTP request. */
export interface TransportRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE"
  /** Absolute URL. A door refuses `http:` except for the origins it was told to allow. */
  readonly url: string
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** Milliseconds for the whole exchange, from queueing to the last byte of the body. */
  readonly timeout: number
  /** The largest body accepted, in bytes. */
  readonly maxBytes: number
}

/** One complete HTTP answer: its body was read to the end, within the request's bounds. */
export interface TransportResponse {
  readonly status: number
  /** Lower-case names; repeated headers are joined by `, `. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/**
 * A door to the network: sends a request, follows no redirect, answers within the request's bounds.
 *
 * Interrupting the effect closes the socket. Fails with `Unavailable` (no complete answer), `UnexpectedResponse` (body
 * too large, broken HTTP) or `InvalidConfig` (an origin it may not talk to); never with a library's own error, which
 * may hold the bytes of an answer.
 */
export interface Transport {
  readonly send: (request: TransportRequest) => Effect.Effect<TransportResponse, Reason>
}
