/** The options of a guard. */
import type { DurationInput } from "../ports/duration.ts"
import type { ChallengeSettings } from "./challenge.ts"
import type { DpopOptions } from "./dpop.ts"
import type { MetadataOptions, Resource } from "./metadata.ts"
import type { Proofs } from "./proofs.ts"
import type { Refusal } from "./refusal.ts"
import type { GuardRequest } from "./request.ts"

/** The options of every guard. */
export interface GuardOptions {
  /** The `realm` of every challenge (RFC 9110 section 11.5). */
  readonly realm?: string
  /**
   * The address of the API as its clients know it, such as `"https://api.example"`; with the path that a proxy removes.
   * Required with `dpop` and `metadata`, because a guard trusts neither `Host` nor `X-Forwarded-Host`.
   */
  readonly publicUrl?: string
  /** Publishes the protected resource metadata, and names it in every challenge (RFC 9728). */
  readonly metadata?: MetadataOptions
  /** Accepts DPoP-bound tokens with their proofs (RFC 9449). Without this option such a token is refused. */
  readonly dpop?: DpopOptions
  /**
   * Returns whether the header `Client-Cert` (RFC 9440) of a connection from this address is accepted. Without it, only
   * the certificate of the TLS connection itself is accepted.
   */
  readonly trustedProxy?: (remoteAddress: string | undefined) => boolean
  /** Returns the client's certificate as DER, if neither the connection nor `Client-Cert` of a trusted proxy has it. */
  readonly certificate?: (request: GuardRequest) => Uint8Array | undefined
  /** The longest time for the introspection of a token. Default 3 seconds. */
  readonly timeout?: DurationInput
  /** `"pass"`: CORS preflight requests pass without a principal. Better: put the CORS middleware before the guard. */
  readonly preflight?: "pass"
  /** Called for each refused request, for logs and metrics. */
  readonly onRefusal?: (refusal: Refusal, request: GuardRequest) => void
  /**
   * Called with the `AuthError` when the response is 500, because an operator must act: the credentials of this service
   * or the configuration are wrong, or the vendor's response breaks the standard. Called at most once a minute when the
   * replay store cannot be used, with an `Error` whose `cause` is the store's. Default: logs the message with Effect's
   * logger, at most once a minute.
   */
  readonly onError?: (error: unknown) => void
}

/** The options of a binding whose handlers always get a principal. A preflight request has none. */
export type OptionsWithPrincipal = Omit<GuardOptions, "preflight">

/** The options, checked and completed. */
export interface Settings {
  readonly timeout: DurationInput
  readonly challenge: ChallengeSettings
  readonly proofs: Proofs | undefined
  readonly requiresProofs: boolean
  readonly passesPreflight: boolean
  /** Returns the address of a request, without its query. */
  readonly urlOf: (target: string) => string
  readonly certificateThumbprint: (request: GuardRequest) => Promise<string | undefined>
  /** The protected resource metadata, if it is published. */
  readonly resource: Resource | undefined
  readonly report: (refusal: Refusal, request: GuardRequest, error: unknown) => void
}
