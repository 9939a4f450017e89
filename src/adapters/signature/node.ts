/** Signatures on Node: checked at once, by `node:crypto`. */
import { isAscii, isUtf8 } from "node:buffer"
import { constants, createHmac, createPublicKey, hash, type KeyObject, randomBytes, verify } from "node:crypto"
import { algorithms, hasFullLength, minimumModulus } from "../../internal/jwa.ts"
import type { JsonWebKey } from "../../ports/metadata.ts"
import type { Signatures, VerificationKey } from "../../ports/signature.ts"

/** The platform's way to check signatures. */
export const signatures: Signatures = {
  importKey: (jwk, algorithm) => importKey(jwk, algorithm),
  text: (base64url) => {
    const bytes = decode(base64url)
    if (bytes === undefined) return undefined
    // Nearly every token is ASCII, which takes a third of the time.
    if (isAscii(bytes)) return bytes.toString("latin1")
    return isUtf8(bytes) ? bytes.toString() : undefined
  },
  // Of the token alone: its name goes nowhere, and joining a secret to it would cost a fifth of a call.
  digest: (token) => hash("sha256", token, "base64url"),
  keyedHash: (text) => createHmac("sha256", processKey).update(text).digest("base64url"),
}

const processKey = randomBytes(32)

const decode = (base64url: string): Buffer | undefined => {
  const bytes = Buffer.from(base64url, "base64url")
  return bytes.toString("base64url") === base64url ? bytes : undefined
}

const importKey = (jwk: JsonWebKey, algorithm: string): VerificationKey | undefined => {
  const wanted = algorithms[algorithm]
  const key = wanted && parse(jwk)
  if (key === undefined || wanted === undefined) return undefined
  const modulus = key.asymmetricKeyDetails?.modulusLength
  if (wanted.kty === "RSA" && (modulus ?? 0) < minimumModulus) return undefined
  // Options are read off whatever is given as the key; a key within an object of options costs Node a third more.
  const options = Object.assign(key, {
    ...(wanted.pss && { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }),
    ...(wanted.kty === "EC" && { dsaEncoding: "ieee-p1363" as const }),
  })
  const digest = wanted.hash ?? null
  return {
    algorithm,
    fingerprint: JSON.stringify(jwk),
    verifies: (signed, signature) => {
      const bytes = decode(signature)
      return (
        bytes !== undefined &&
        hasFullLength(bytes, modulus) &&
        verify(digest, Buffer.from(signed, "latin1"), options, bytes)
      )
    },
  }
}

const parse = (jwk: JsonWebKey): KeyObject | undefined => {
  try {
    return createPublicKey({ key: { ...jwk }, format: "jwk" })
  } catch {
    return undefined
  }
}
