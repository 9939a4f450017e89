import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto"
import { sortedMembers } from "../go.ts"
import type { SigningKey } from "../jwt.ts"

/** The keys of one server. The newest key signs; all keys are in the key set. */
export interface KeyRing {
  readonly current: () => SigningKey
  readonly published: () => ReadonlyArray<SigningKey>
  readonly rotate: (keepOld: boolean) => void
}

const pairs: Array<string> = []

// The servers of a process share key pairs by position: generating a pair takes up to half a second.
const privateKeyAt = (index: number): KeyObject => {
  pairs[index] ??= generateKeyPairSync("rsa", { modulusLength: 2048 })
    .privateKey.export({ type: "pkcs8", format: "pem" })
    .toString()
  return createPrivateKey(pairs[index])
}

/** Makes a key id in Kinde's format: hexadecimal octets, separated by colons. */
const makeKid = () => randomBytes(16).toString("hex").match(/../g)?.join(":") ?? ""

const makeKey = (index: number): SigningKey => {
  const privateKey = privateKeyAt(index)
  const kid = makeKid()
  const { n, e } = createPublicKey(privateKey).export({ format: "jwk" })
  return { kid, privateKey, publicJwk: { kty: "RSA", use: "sig", alg: "RS256", kid, ...(e && { e }), ...(n && { n }) } }
}

/** Makes a key ring. The first key is generated when it is first used. */
export const makeKeyRing = (): KeyRing => {
  let keys: ReadonlyArray<SigningKey> = []
  let count = 0
  const ring = (): ReadonlyArray<SigningKey> => {
    if (keys.length === 0) keys = [makeKey(count++)]
    return keys
  }
  const current = () => {
    const [key] = ring()
    if (key === undefined) throw new Error("a key ring is never empty")
    return key
  }
  return {
    current,
    published: ring,
    rotate: (keepOld) => {
      const old = ring()
      keys = [makeKey(count++), ...(keepOld ? old : [])]
    },
  }
}

const encode = (text: string) => Buffer.from(text).toString("base64url")

/** Formats a large number as Go does after decoding it to a float: `1.685522721e+09`. */
const goFloat = (digits: string) =>
  Number(digits)
    .toExponential()
    .replace(/e\+(\d)$/, "e+0$1")

/** Signs claims with RS256. `updated_at` has an exponent, as Kinde writes it. */
export const signClaims = (
  key: SigningKey,
  claims: Readonly<Record<string, unknown>>,
  header: Readonly<Record<string, unknown>> = { alg: "RS256", kid: key.kid, typ: "JWT" },
): string => {
  const body = JSON.stringify(sortedMembers(claims)).replace(
    /("updated_at":)(\d+)/g,
    (_, name: string, digits: string) => `${name}${goFloat(digits)}`,
  )
  const signed = `${encode(JSON.stringify(header))}.${encode(body)}`
  return `${signed}.${sign("sha256", Buffer.from(signed), key.privateKey).toString("base64url")}`
}
