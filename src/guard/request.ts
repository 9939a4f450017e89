/** A request as a guard sees it, in any framework. */
import type * as Context from "effect/Context"

/** The parts of a request that a guard reads. `Host`, `Forwarded` and `X-Forwarded-*` are not among them. */
export interface GuardRequest {
  readonly method: string
  /** The path with its query, as received. */
  readonly target: string
  /** Returns the value of a header by its lower-case name. Several lines are joined by ", ". */
  readonly header: (name: string) => string | null | undefined
  /** Returns the client's certificate of the TLS connection, as DER. */
  readonly certificate?: () => Uint8Array | undefined
  /** The address that the connection comes from. */
  readonly remoteAddress?: string | undefined
  /**
   * Returns a signal that is aborted when the client disconnects. Called only if a request must be sent to the vendor.
   */
  readonly signal?: () => AbortSignal
  /**
   * The request of the framework: the guards that check one request after each other spend its DPoP proof once. It is not
   * enumerable, because it has the token.
   */
  readonly raw?: object
  /** The context of the fiber that handles the request, for an `auth` of the Effect API. */
  readonly context?: Context.Context<never>
}

/** Returns whether a request is a CORS preflight request (Fetch standard, section "CORS-preflight request"). */
export const isPreflight = ({ method, header }: GuardRequest): boolean =>
  method === "OPTIONS" && Boolean(header("origin")) && Boolean(header("access-control-request-method"))
