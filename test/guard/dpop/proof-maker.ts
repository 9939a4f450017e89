/** Makes DPoP proofs, right ones and wrong ones. */
import { createHash, randomUUID } from "node:crypto"
import { calculateJwkThumbprint } from "jose"
import { type SigningKey, signed, signingKey } from "../../jwt/signing-keys.ts"

type Json = Readonly<Record<string, unknown>>

/** The request that the proofs are for. */
export const request = {
  method: "POST",
  url: "https://api.example/orders",
  token: "an-access-token",
}

/** A key of a client, with its public JWK and its thumbprint. */
export interface ClientKey extends SigningKey {
  readonly publicJwk: Json
  readonly jkt: string
}

export const clientKey = async (algorithm = "ES256", bits?: number): Promise<ClientKey> => {
  const key = signingKey(algorithm, undefined, bits)
  const publicJwk: Json = { ...key.publicKey.export({ format: "jwk" }) }
  return { ...key, publicJwk, jkt: await calculateJwkThumbprint(publicJwk) }
}

export const hashOf = (text: string): string => createHash("sha256").update(text).digest("base64url")

/** The claims of a proof for the request, made now. */
export const claims = (changes: Json = {}): Json => ({
  htm: request.method,
  htu: request.url,
  iat: Math.floor(Date.now() / 1000),
  ath: hashOf(request.token),
  jti: randomUUID(),
  ...changes,
})

/** Signs a proof, with some members of the header and the claims changed; `undefined` removes one. */
export const proof = (key: ClientKey, changes: Json = {}, header: Json = {}): string =>
  signed(key, JSON.stringify({ typ: "dpop+jwt", alg: key.algorithm, jwk: key.publicJwk, ...header }), claims(changes))
