/** DPoP at a resource server (RFC 9449 section 7). */

import type { DurationInput } from "../ports/duration.ts"
import type { Issue } from "../ports/errors.ts"
import type { Proofs } from "./proofs.ts"
import type { ReplayStore } from "./replay.ts"

export interface DpopOptions {
  /** `"required"`: a bearer token is refused. Default `"allowed"`. */
  readonly mode?: "allowed" | "required"
  /** The algorithms of proofs. Default `["ES256", "EdDSA", "Ed25519", "RS256", "PS256"]`. */
  readonly algorithms?: ReadonlyArray<string>
  /**
   * Where spent proofs are remembered: `memoryReplayStore()` for one process, or a store that all processes share.
   * `"external"`: replays are refused elsewhere. Required, unless `nonce` is on.
   */
  readonly replay?: ReplayStore | "external"
  /** Requires a nonce of this server in each proof. All processes share the secrets. */
  readonly nonce?: { readonly secret: string; readonly previousSecret?: string }
  /** How old a proof may be. Default 60 seconds. */
  readonly maxAge?: DurationInput
  /** How far a proof may be in the future. Default 5 seconds. */
  readonly clockSkew?: DurationInput
}

export const problemsOfDpop = (_dpop: DpopOptions | undefined): ReadonlyArray<Issue> => []

export const makeProofs = (_dpop: DpopOptions): Proofs => {
  throw new Error("not built")
}
