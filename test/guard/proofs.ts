/** DPoP proofs, also wrong ones, made by jose (RFC 9449 section 4.2). */
import { createHash, randomUUID } from "node:crypto"
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose"
import { type Lines, token } from "./row.ts"

const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true })
const jwk = await exportJWK(publicKey)
const privateJwk = await exportJWK(privateKey)

/** The thumbprint of the key that signs the proofs. */
export const thumbprint = await calculateJwkThumbprint(jwk)

export interface ProofChanges {
  readonly header?: Readonly<Record<string, unknown>>
  readonly payload?: (right: JWTPayload) => JWTPayload
  /** Changes the text of the proof. */
  readonly text?: (proof: string) => string
  readonly copies?: 0 | 1 | 2
}

export const withPrivateKey = { jwk: { ...jwk, d: privateJwk.d } }

const base64url = (text: string): string => Buffer.from(text).toString("base64url")

const signed = (header: Readonly<Record<string, unknown>>, payload: JWTPayload): Promise<string> => {
  const alg = String(header.alg)
  if (alg === "none")
    return Promise.resolve(`${base64url(JSON.stringify(header))}.${base64url(JSON.stringify(payload))}.`)
  const key = alg === "HS256" ? new TextEncoder().encode("a shared secret of 32 characters") : privateKey
  return new SignJWT(payload).setProtectedHeader({ ...header, alg }).sign(key)
}

/** Makes the header lines of a request with a proof. */
export const proven =
  ({ header, payload = (right) => right, text = (proof) => proof, copies = 1 }: ProofChanges = {}) =>
  async (url: string): Promise<Lines> => {
    const right: JWTPayload = {
      jti: randomUUID(),
      htm: "GET",
      htu: url,
      iat: Math.floor(Date.now() / 1000),
      ath: createHash("sha256").update(token).digest("base64url"),
    }
    const proof = text(await signed({ typ: "dpop+jwt", alg: "ES256", jwk, ...header }, payload(right)))
    const lines = Array.from({ length: copies }, () => ["DPoP", proof] as const)
    return [["Authorization", `DPoP ${token}`], ...lines]
  }
