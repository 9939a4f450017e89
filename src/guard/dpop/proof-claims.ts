/** The claims of a DPoP proof (RFC 9449 section 4.3). */
import type { ProofRequest } from "../proofs.ts"
import { decoded } from "./proof-form.ts"
import { isSameUrl } from "./proof-url.ts"

/** The claims of a proof that is for the request. Time, nonce and token are not compared yet. */
export interface ProofClaims {
  readonly jti: string
  /** Seconds since 1970. */
  readonly iat: number
  /** The hash of the access token. */
  readonly ath: unknown
  readonly nonce: unknown
}

/** The longest `jti`: a UUID has 36 characters. */
const maxIdLength = 128

/** Reads the claims; `undefined` if they lack one, or if they are for another method or URL. */
export const proofClaims = (payload: string, { method, url }: ProofRequest): ProofClaims | undefined => {
  const claims = decoded(payload)
  if (claims === undefined || claims.htm !== method) return undefined
  const { htu, iat, jti, ath, nonce } = claims
  if (typeof htu !== "string" || !isSameUrl(htu, url)) return undefined
  if (typeof iat !== "number" || typeof jti !== "string" || jti === "" || jti.length > maxIdLength) return undefined
  return { jti, iat, ath, nonce }
}
