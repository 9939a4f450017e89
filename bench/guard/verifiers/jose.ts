import { createRemoteJWKSet, jwtVerify } from "jose"
import { bearer, type MakeVerify } from "../peer.ts"

/** Makes a guard by hand with jose. */
export const make: MakeVerify = async ({ vendor, trust: { issuer, audience, jwk } }) => {
  const keys = createRemoteJWKSet(new URL(`${vendor}/keys`))
  const options = { issuer, audience, algorithms: [jwk.alg] }
  return async (authorization) => {
    try {
      return (await jwtVerify(bearer(authorization) ?? "", keys, options)).payload.sub
    } catch {
      return undefined
    }
  }
}
