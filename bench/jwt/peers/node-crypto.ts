import { createPublicKey, verify } from "node:crypto"
import type { MakeValidator } from "../peer.ts"

/** The reference: the signature alone, and nothing of what the token says. */
export const make: MakeValidator = async ({ jwk, pem }) => {
  const key = createPublicKey(pem)
  const digest = jwk.alg === "EdDSA" ? null : "sha256"
  // Given as it is where no option is needed: Node takes a third longer for a key within an object.
  const options = jwk.kty === "EC" ? { key, dsaEncoding: "ieee-p1363" as const } : key
  return {
    check: (token) => {
      const cut = token.lastIndexOf(".")
      return verify(digest, Buffer.from(token.slice(0, cut)), options, Buffer.from(token.slice(cut + 1), "base64url"))
    },
    isGood: (answer) => answer === true,
  }
}
