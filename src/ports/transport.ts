/** The transport: the only access to the network. */
import type * as Effect from "effect/Effect"
import type { Reason } from "./errors.ts"

/** One HTTP request. */
export interface TransportRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE"
  /** An absolute URL. A transport rejects `http:`, except for the origins that are configured. */
  readonly url: string
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** The longest time for the whole exchange, from queueing to the last byte of the body, in milliseconds. */
  readonly timeout: number
  /** The largest response body, in bytes. */
  readonly maxBytes: number
  /** The request does not wait for a connection behind others, because it tests whether the origin answers. */
  readonly urgent?: true
}

/** One complete HTTP response. Its body is read to the end, within the request's limits. */
export interface TransportResponse {
  readonly status: number
  /** Lower-case names; repeated headers are joined by `, `. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/**
 * Sends HTTP requests. It follows no redirect and enforces the limits of each request.
 *
 * Interrupting the effect closes the socket. Fails with `Unavailable` (no complete response), `UnexpectedResponse`
 * (body too large, broken HTTP) or `InvalidConfig` (an origin that is not allowed), never with a library's own error,
 * which may contain bytes of a response.
 */
export interface Transport {
  readonly send: (request: TransportRequest) => Effect.Effect<TransportResponse, Reason>
}
