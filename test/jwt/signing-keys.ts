/** Signing keys of a vendor, and tokens signed with them: valid ones made by jose, invalid ones made by hand. */
import { createHmac, generateKeyPairSync, type KeyObject, sign } from "node:crypto"
import { CompactSign } from "jose"
import type { JsonWebKey } from "latchkey"
import { algorithms } from "../../src/internal/jwa.ts"

export interface SigningKey {
  readonly algorithm: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  /** The public key, as in the vendor's key set. */
  readonly jwk: JsonWebKey
}

const generatePair = (
  algorithm: string,
  bits: number,
): { readonly privateKey: KeyObject; readonly publicKey: KeyObject } => {
  const { kty, crv = "" } = algorithms[algorithm] ?? { kty: "" }
  if (kty === "RSA") return generateKeyPairSync("rsa", { modulusLength: bits })
  return kty === "EC" ? generateKeyPairSync("ec", { namedCurve: crv }) : generateKeyPairSync("ed25519")
}

/** Makes a key of an algorithm, published with this `kid`. */
export const signingKey = (algorithm: string, kid = `key-${algorithm}`, bits = 2048): SigningKey => {
  const keyPair = generatePair(algorithm, bits)
  const { kty = "" } = algorithms[algorithm] ?? {}
  return {
    algorithm,
    ...keyPair,
    jwk: { ...keyPair.publicKey.export({ format: "jwk" }), kty, kid, use: "sig", alg: algorithm },
  }
}

/** The time at which the tests' clock starts, in seconds since 1970. */
export const now = Math.floor(Date.now() / 1000)

export const issuer = "https://id.example"
export const audience = "https://orders.example"

/** Claims that every profile under test accepts. */
export const claims = {
  iss: issuer,
  sub: "user-1",
  azp: "app",
  client_id: "app",
  jti: "token-1",
  aud: [audience],
  iat: now - 60,
  exp: now + 3600,
  scp: ["read", "write"],
}

type Json = Readonly<Record<string, unknown>>

const base64url = (bytes: string | Uint8Array): string => Buffer.from(bytes).toString("base64url")

const headerOf = ({ algorithm, jwk }: SigningKey, changes: Json): Json => ({
  alg: algorithm,
  ...(jwk.kid !== undefined && { kid: jwk.kid }),
  typ: "JWT",
  ...changes,
})

/** Makes a token as the vendor does, with some claims and header fields changed; `undefined` removes one. */
export const token = (key: SigningKey, changes: Json = {}, header: Json = {}): Promise<string> => {
  const payload = new TextEncoder().encode(JSON.stringify({ ...claims, ...changes }))
  const { alg, ...rest } = JSON.parse(JSON.stringify(headerOf(key, header))) as { readonly alg: string }
  return new CompactSign(payload).setProtectedHeader({ alg, ...rest }).sign(key.privateKey)
}

/** Signs any header and any payload, also when they are not valid. */
export const signed = (
  key: SigningKey,
  header: Json | string,
  payload: Json | string | Uint8Array = claims,
): string => {
  const head = typeof header === "string" ? header : JSON.stringify(headerOf(key, header))
  const body = typeof payload === "string" || payload instanceof Uint8Array ? payload : JSON.stringify(payload)
  const input = `${base64url(head)}.${base64url(body)}`
  const { hash, kty, pss } = algorithms[key.algorithm] ?? { kty: "" }
  const options = {
    key: key.privateKey,
    ...(kty === "EC" && { dsaEncoding: "ieee-p1363" as const }),
    ...(pss && { padding: 6, saltLength: -1 }),
  }
  return `${input}.${base64url(sign(hash ?? null, Buffer.from(input), options))}`
}

/** Makes a token whose signature is an HMAC keyed with these bytes. */
export const hmacSigned = (bytes: string | Uint8Array, header: Json = {}): string => {
  const input = `${base64url(JSON.stringify({ alg: "HS256", typ: "JWT", ...header }))}.${base64url(JSON.stringify(claims))}`
  return `${input}.${createHmac("sha256", bytes).update(input).digest("base64url")}`
}

/** Makes a token with an empty or arbitrary signature. */
export const unsigned = (header: Json, signature = ""): string =>
  `${base64url(JSON.stringify(header))}.${base64url(JSON.stringify(claims))}.${signature}`
