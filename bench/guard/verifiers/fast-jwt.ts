import { type Algorithm, createVerifier } from "fast-jwt"
import { bearer, type MakeVerify } from "../peer.ts"

/** Makes a guard by hand with fast-jwt and its cache. */
export const make: MakeVerify = async ({ trust: { pem, issuer, audience, jwk } }) => {
  const algorithms = [jwk.alg as Algorithm]
  const verify = createVerifier({ key: pem, algorithms, allowedIss: issuer, allowedAud: audience, cache: true })
  return (authorization) => {
    try {
      return verify(bearer(authorization) ?? "").sub
    } catch {
      return undefined
    }
  }
}
