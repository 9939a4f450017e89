import { createPublicKey, verify } from "node:crypto"
import type { MakeValidator } from "../peer.ts"

/** Checks only the signature, as in Node's documentation, and no claims. */
export const make: MakeValidator = async ({ jwk, pem }) => {
  const key = createPublicKey(pem)
  const digest = jwk.alg === "EdDSA" ? null : "sha256"
  const options = { key, ...(jwk.kty === "EC" && { dsaEncoding: "ieee-p1363" as const }) }
  return {
    check: (token) => {
      const cut = token.lastIndexOf(".")
      return verify(digest, Buffer.from(token.slice(0, cut)), options, Buffer.from(token.slice(cut + 1), "base64url"))
    },
    isGood: (answer) => answer === true,
  }
}
