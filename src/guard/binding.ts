/** Whether a token that is bound to a key came with the proof of that key (RFC 9449 section 7.1, RFC 8705 section 3). */
import type { Confirmation } from "../ports/introspection.ts"
import type { Situation } from "./situations.ts"

/** The keys whose possession the caller has proven. */
export interface ProvenKeys {
  /** The thumbprint of the key of a valid DPoP proof. */
  readonly jkt: string | undefined
  /** The SHA-256 thumbprint of the client certificate. */
  readonly x5tS256: string | undefined
}

/** Compares the binding of a token with the proven keys. Returns why they do not match, or `undefined`. */
export const bindingProblem = (confirmation: Confirmation | undefined, proven: ProvenKeys): Situation | undefined => {
  if (confirmation === undefined) return proven.jkt === undefined ? undefined : "unbound-token-with-proof"
  const { jkt, x5tS256 } = confirmation
  if (jkt === undefined && x5tS256 === undefined) return "unknown-binding"
  if (jkt !== undefined && proven.jkt === undefined) return "bound-token-as-bearer"
  if (jkt === undefined && proven.jkt !== undefined) return "unbound-token-with-proof"
  if (jkt !== undefined && jkt !== proven.jkt) return "proof-of-other-key"
  if (x5tS256 !== undefined && x5tS256 !== proven.x5tS256) return "other-certificate"
  return undefined
}
