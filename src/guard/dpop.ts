/** DPoP at a resource server (RFC 9449 section 7). */
import { signatures } from "#signature"
import { toMillis } from "../internal/duration.ts"
import type { DurationInput } from "../ports/duration.ts"
import { makeNonces, type NonceSecrets } from "./dpop/nonces.ts"
import { type ProofClaims, proofClaims } from "./dpop/proof-claims.ts"
import { proofHeader, splitProof } from "./dpop/proof-form.ts"
import { importProofKey, type ProofKey, ProofKeys } from "./dpop/proof-keys.ts"
import { spending } from "./dpop/spent-proofs.ts"
import type { Proofs } from "./proofs.ts"
import type { ReplayStore } from "./replay.ts"
import type { Situation } from "./situations.ts"

/** The options of DPoP. */
export interface DpopOptions {
  /** `"required"`: a bearer token is refused. Default `"allowed"`. */
  readonly mode?: "allowed" | "required"
  /** The algorithms of proofs. Default `["ES256", "EdDSA", "Ed25519", "RS256", "PS256"]`. */
  readonly algorithms?: ReadonlyArray<string>
  /**
   * The store of spent proofs: `memoryReplayStore()` for one process, or a store that all processes share.
   * `"external"`: another component refuses replays. Required, unless `nonce` is configured.
   */
  readonly replay?: ReplayStore | "external"
  /**
   * Requires a nonce of this server in each proof. The age of the nonce replaces `iat`, so clients with a wrong clock
   * work too. All processes share the secrets, random texts of at least 32 characters. To replace the secret, first add
   * the new one as `previousSecret` everywhere, then exchange the two, then remove the old one.
   */
  readonly nonce?: NonceSecrets
  /** How old a proof may be, by its `iat`. Default 60 seconds. */
  readonly maxAge?: DurationInput
  /** How far the `iat` of a proof may be in the future. Default 5 seconds. */
  readonly clockSkew?: DurationInput
}

const defaultAlgorithms = ["ES256", "EdDSA", "Ed25519", "RS256", "PS256"]

/**
 * Makes the checks of proofs. The cheapest check is the first one, and the signature the last one.
 *
 * @param timeout the longest time for an answer of the replay store
 */
export const makeProofs = (dpop: DpopOptions, timeout: DurationInput): Proofs => {
  const { replay, nonce } = dpop
  const algorithms = Array.from(dpop.algorithms ?? defaultAlgorithms)
  const allowed = new Set(algorithms)
  const nonces = nonce && makeNonces(nonce)
  const termOf = nonces === undefined ? termByTime(dpop) : termByNonce(nonces)
  const spend = replay === undefined || replay === "external" ? undefined : spending(replay, toMillis(timeout))
  const keys = new ProofKeys()

  const check: Proofs["check"] = async (text, request) => {
    if (text === undefined || text === "") return "proof-missing"
    const proof = splitProof(text)
    if (proof === undefined) return "proof-invalid"
    const known = keys.find(proof.header)
    const header = known === undefined ? proofHeader(proof.header, allowed) : undefined
    const claims = (known ?? header) ? proofClaims(proof.payload, request) : undefined
    if (claims === undefined) return "proof-invalid"
    const term = await termOf(claims, request.now)
    if (typeof term === "string") return term
    if (claims.ath !== (await signatures.sha256(request.token))) return "proof-invalid"
    const key: ProofKey | undefined = known ?? (header && (await importProofKey(proof.header, header)))
    if (key === undefined || !(await key.verifies(proof.signed, proof.signature))) return "proof-invalid"
    return {
      jkt: key.jkt,
      needsNonce: term.isAging,
      spend: async (by) => {
        keys.remember(key)
        return spend?.(key.jkt, claims.jti, term, by)
      },
    }
  }
  return { algorithms, check, nonce: async () => nonces?.fresh(Date.now()) }
}

/** How long a proof is accepted, in milliseconds since 1970. */
interface Term {
  readonly until: number
  /** The earliest time at which it can have been accepted, in milliseconds since 1970. */
  readonly usableSince: number
  /** Whether the next proof needs a newer nonce. */
  readonly isAging: boolean
}

type TermOf = (claims: ProofClaims, now: number) => Promise<Term | Situation>

const termByTime = ({ maxAge = "60 seconds", clockSkew = "5 seconds" }: DpopOptions): TermOf => {
  const past = toMillis(maxAge)
  const future = toMillis(clockSkew)
  return async ({ iat }, now) => {
    const issuedAt = iat * 1000
    if (issuedAt < now - past || issuedAt > now + future) return "proof-invalid"
    return { until: issuedAt + past, usableSince: issuedAt - future, isAging: false }
  }
}

const termByNonce =
  ({ check }: ReturnType<typeof makeNonces>): TermOf =>
  async ({ nonce }, now) =>
    (await check(nonce, now)) ?? "nonce-required"
