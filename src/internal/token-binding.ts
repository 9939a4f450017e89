/** Compares the key that a token is bound to with the proven keys (RFC 9449 section 7.1, RFC 8705 section 3). */
import type { Confirmation, ProvenKeys } from "../ports/introspection.ts"

/** Why a binding and the proven keys do not match. */
export type BindingProblem =
  | "unbound-token-with-proof"
  | "unknown-binding"
  | "bound-token-as-bearer"
  | "proof-of-other-key"
  | "other-certificate"

/** Compares the binding of a token with the proven keys. Returns why they do not match, or `undefined`. */
export const bindingProblem = (
  confirmation: Confirmation | undefined,
  proven: ProvenKeys,
): BindingProblem | undefined => {
  if (confirmation === undefined) return proven.jkt === undefined ? undefined : "unbound-token-with-proof"
  const { jkt, x5tS256 } = confirmation
  if (jkt === undefined && x5tS256 === undefined) return "unknown-binding"
  if (jkt !== undefined && proven.jkt === undefined) return "bound-token-as-bearer"
  if (jkt === undefined && proven.jkt !== undefined) return "unbound-token-with-proof"
  if (jkt !== undefined && jkt !== proven.jkt) return "proof-of-other-key"
  if (x5tS256 !== undefined && x5tS256 !== proven.x5tS256) return "other-certificate"
  return undefined
}
