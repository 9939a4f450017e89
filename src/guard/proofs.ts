/** The part of DPoP that a guard uses (RFC 9449). */
import type { Situation } from "./situations.ts"

/** The request that a proof must be made for. */
export interface ProofRequest {
  readonly method: string
  /** The URL without query and fragment. */
  readonly url: string
  readonly token: string
  /** Milliseconds since 1970. */
  readonly now: number
}

/** A proof whose form, signature, method, URL, time and token are right. */
export interface CheckedProof {
  /** The thumbprint of the key. */
  readonly jkt: string
  /**
   * Spends the proof's `jti`, at the end of all checks. Rejects if the replay store cannot be used.
   *
   * @param request the request of the framework, which spends its proof once
   */
  readonly spend: (request?: object) => Promise<"proof-replayed" | undefined>
  /** Whether the next proof needs a newer nonce. */
  readonly needsNonce: boolean
}

export interface Proofs {
  /** The algorithms that proofs may have. */
  readonly algorithms: ReadonlyArray<string>
  /** Checks a proof without sending a request. `proof`: the header; several lines are joined by ", ". */
  readonly check: (proof: string | undefined, request: ProofRequest) => Promise<CheckedProof | Situation>
  /** Returns a fresh nonce, if nonces are on. */
  readonly nonce: () => Promise<string | undefined>
}

/** Returns the headers that give the client a fresh nonce (RFC 9449 section 9), or none if nonces are off. */
export const nonceHeaders = async (proofs: Proofs | undefined): Promise<Readonly<Record<string, string>>> => {
  const nonce = await proofs?.nonce()
  return nonce === undefined ? {} : { "dpop-nonce": nonce, "cache-control": "no-store" }
}
