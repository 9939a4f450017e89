import { createPublicKey, verify } from "node:crypto"
import { bearer, type MakeVerify } from "../peer.ts"

/** Makes the least possible guard for tokens that were never seen, a lower bound: one signature and no claims. */
export const make: MakeVerify = async ({ trust: { pem, jwk } }) => {
  const key = createPublicKey(pem)
  const options = { key, ...(jwk.kty === "EC" && { dsaEncoding: "ieee-p1363" as const }) }
  return (authorization) => {
    const token = bearer(authorization) ?? ""
    const cut = token.lastIndexOf(".")
    const signature = Buffer.from(token.slice(cut + 1), "base64url")
    if (!verify("sha256", Buffer.from(token.slice(0, cut), "latin1"), options, signature)) return undefined
    return JSON.parse(Buffer.from(token.slice(token.indexOf(".") + 1, cut), "base64url").toString()).sub
  }
}
