/** Signatures on Node: `node:crypto` verifies them, slow ones in its thread pool while many come. */
import { isAscii, isUtf8 } from "node:buffer"
import { constants, createHmac, createPublicKey, hash, type KeyObject, randomBytes, verify } from "node:crypto"
import { nextTick } from "node:process"
import { algorithms, hasFullLength, minimumModulus } from "../../internal/jwa.ts"
import type { JsonWebKey } from "../../ports/metadata.ts"
import type { Signatures, VerificationKey } from "../../ports/signature.ts"

/** Verifies signatures and hashes with `node:crypto`. */
export const signatures: Signatures = {
  importKey: (jwk, algorithm) => importKey(jwk, algorithm),
  text: (base64url) => {
    const bytes = decode(base64url)
    if (bytes === undefined) return undefined
    // Nearly every token is ASCII, and decoding ASCII as Latin-1 takes a third of the time.
    if (isAscii(bytes)) return bytes.toString("latin1")
    return isUtf8(bytes) ? bytes.toString() : undefined
  },
  // Without a secret: a digest does not leave the process, and prepending a secret would take a fifth of a call's time.
  digest: (token) => hash("sha256", token, "base64url"),
  keyedHash: (text) => createHmac("sha256", processKey).update(text).digest("base64url"),
  hmac: (secret, text) => createHmac("sha256", secret).update(text).digest("base64url"),
  sha256: (data) => hash("sha256", data, "base64url"),
}

const processKey = randomBytes(32)

const decode = (base64url: string): Buffer | undefined => {
  const bytes = Buffer.from(base64url, "base64url")
  return bytes.toString("base64url") === base64url ? bytes : undefined
}

const importKey = (jwk: JsonWebKey, algorithm: string): VerificationKey | undefined => {
  const parameters = algorithms[algorithm]
  const key = parameters && parse(jwk)
  if (key === undefined || parameters === undefined) return undefined
  const modulus = key.asymmetricKeyDetails?.modulusLength
  if (parameters.kty === "RSA" && (modulus ?? 0) < minimumModulus) return undefined
  // Node reads the options from the key object. Passing the key within an options object takes a third longer.
  const options = Object.assign(key, {
    ...(parameters.pss && { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }),
    ...(parameters.kty === "EC" && { dsaEncoding: "ieee-p1363" as const }),
  })
  const digest = parameters.hash ?? null
  return {
    algorithm,
    fingerprint: JSON.stringify(jwk),
    verifies: (signed, signature) => {
      const bytes = decode(signature)
      if (bytes === undefined || !hasFullLength(bytes, modulus)) return false
      const data = Buffer.from(signed, "latin1")
      if (parameters.kty === "RSA" || mayBlock()) return verify(digest, data, options, bytes)
      return new Promise((resolve, reject) =>
        verify(digest, data, options, bytes, (error, isValid) => (error === null ? resolve(isValid) : reject(error))),
      )
    },
  }
}

/** How many slow verifications may block the event loop in one turn. */
const maxBlocking = 4

/** How many more may block it for callers that wait for one result before they send the next token. */
const maxAwaited = 128

let blocking = 0
let awaited = 0
/** Whether a microtask of the present callback has run since the last verification: a caller may have its result. */
let hasResult = false

const nextTurn = (): void => {
  blocking = 0
  awaited = 0
}

const nextCallback = (): void => {
  hasResult = false
}

// The queue of `nextTick` runs when all microtasks of the callback have run.
const nextMicrotask = (): void => {
  hasResult = true
  nextTick(nextCallback)
}

/**
 * Returns whether a slow verification may block the event loop. The first ones of each turn may: the thread pool takes 10 to
 * 60 microseconds of processor time more for each, and is of use only where several are verified at the same time. A
 * caller that waits for each result blocks the event loop for itself, up to a limit.
 */
const mayBlock = (): boolean => {
  if (hasResult) {
    awaited += 1
    return awaited <= maxAwaited
  }
  if (blocking >= maxBlocking) return false
  if (blocking === 0) setImmediate(nextTurn)
  blocking += 1
  queueMicrotask(nextMicrotask)
  return true
}

const parse = (jwk: JsonWebKey): KeyObject | undefined => {
  try {
    return createPublicKey({ key: { ...jwk }, format: "jwk" })
  } catch {
    return undefined
  }
}
