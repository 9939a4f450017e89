/** Signatures on platforms without `node:crypto`: Web Crypto verifies them. */
import { type Algorithm, algorithms, hasFullLength, minimumModulus } from "../../internal/jwa.ts"
import type { JsonWebKey } from "../../ports/metadata.ts"
import type { Signatures, VerificationKey } from "../../ports/signature.ts"

/** Verifies signatures with Web Crypto. */
export const signatures: Signatures = {
  importKey: (jwk, algorithm) => importKey(jwk, algorithm),
  text: (base64url) => {
    const bytes = decode(base64url)
    try {
      return bytes && utf8.decode(bytes)
    } catch {
      return undefined
    }
  },
  keyedHash: () => btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32)))),
  hmac: async (secret, text) => {
    const encoder = new TextEncoder()
    const parameters = { name: "HMAC", hash: "SHA-256" }
    const key = await crypto.subtle.importKey("raw", encoder.encode(secret), parameters, false, ["sign"])
    return base64urlOf(new Uint8Array(await crypto.subtle.sign("HMAC", key, encoder.encode(text))))
  },
  sha256: async (data) => {
    const bytes = typeof data === "string" ? new TextEncoder().encode(data) : Uint8Array.from(data)
    return base64urlOf(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)))
  },
}

const base64urlOf = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "")

/** A byte order mark is kept, as on Node. It makes the text invalid JSON. */
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

const importKey = async (jwk: JsonWebKey, algorithm: string): Promise<VerificationKey | undefined> => {
  const definition = algorithms[algorithm]
  if (definition === undefined) return undefined
  const parameters = parametersOf(definition)
  const { key_ops: _operations, use: _use, ...material } = jwk
  const key = await crypto.subtle.importKey("jwk", material, parameters, false, ["verify"]).catch(() => undefined)
  if (key === undefined) return undefined
  const modulus = "modulusLength" in key.algorithm ? Number(key.algorithm.modulusLength) : undefined
  if (modulus !== undefined && modulus < minimumModulus) return undefined
  return {
    algorithm,
    fingerprint: JSON.stringify(jwk),
    verifies: (signed, signature) => {
      const bytes = decode(signature)
      if (bytes === undefined || !hasFullLength(bytes, modulus)) return false
      return crypto.subtle.verify(parameters, key, bytes, new TextEncoder().encode(signed))
    },
  }
}

const parametersOf = ({ kty, hash = "sha256", crv = "", pss }: Algorithm) => {
  const digest = hash.replace("sha", "SHA-")
  if (kty === "OKP") return { name: "Ed25519" }
  if (kty === "EC") return { name: "ECDSA", namedCurve: crv, hash: digest }
  return pss
    ? { name: "RSA-PSS", hash: digest, saltLength: Number(hash.slice(3)) / 8 }
    : { name: "RSASSA-PKCS1-v1_5", hash: digest }
}

const decode = (base64url: string): Uint8Array<ArrayBuffer> | undefined => {
  try {
    const binary = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"))
    const canonical = btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")
    return canonical === base64url ? Uint8Array.from(binary, (character) => character.charCodeAt(0)) : undefined
  } catch {
    return undefined
  }
}
