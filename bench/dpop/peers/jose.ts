import { createHash } from "node:crypto"
import { calculateJwkThumbprint, EmbeddedJWK, importJWK, type JWK, jwtVerify } from "jose"
import { type MakeReceiver, url } from "../peer.ts"

/** Makes what RFC 9449 requires by hand, with a `Set` of spent proofs that grows without limit. */
export const make: MakeReceiver = async ({ jwk, issuer, audience }) => {
  const key = await importJWK(jwk as JWK, "ES256")
  const spent = new Set<string>()
  return {
    check: async (request) => {
      const [token = "", proof = ""] = request.split(" ")
      const { payload: claims, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
        typ: "dpop+jwt",
        algorithms: ["ES256"],
        maxTokenAge: "1 hour",
      })
      const ath = createHash("sha256").update(token).digest("base64url")
      if (claims.htm !== "GET" || claims.htu !== url || claims.ath !== ath) return false
      const { payload } = await jwtVerify(token, key, { issuer, audience, algorithms: ["ES256"] })
      const jkt = await calculateJwkThumbprint(protectedHeader.jwk as JWK)
      if ((payload.cnf as { readonly jkt?: string } | undefined)?.jkt !== jkt || spent.has(`${jkt} ${claims.jti}`))
        return false
      spent.add(`${jkt} ${claims.jti}`)
      return true
    },
    isGood: (answer) => answer === true,
  }
}
