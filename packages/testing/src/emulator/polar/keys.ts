import { createPublicKey, generateKeyPairSync, type KeyObject, randomUUID, sign } from "node:crypto"
import type { PublicJwk } from "../jwt.ts"

interface SigningKey {
  readonly kid: string
  readonly privateKey: KeyObject
}

/** The optional members that published keys have. */
interface PublishedMembers {
  readonly use: boolean
  readonly alg: boolean
}

/** The keys of one server. One key signs; the key set can also contain the previous key. */
export interface KeyRing {
  readonly published: (members: PublishedMembers) => ReadonlyArray<PublicJwk>
  /** Signs claims as a compact JWS with RS256. */
  readonly sign: (claims: Readonly<Record<string, unknown>>) => string
  readonly rotate: () => void
}

// Generating a key pair takes up to half a second, so the servers of a process share key pairs. Their `kid` differs.
const pairs: Array<KeyObject> = []

const privateKeyAt = (index: number): KeyObject => {
  pairs[index] ??= generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey
  return pairs[index]
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url")

const publicJwk = ({ kid, privateKey }: SigningKey, { use, alg }: PublishedMembers): PublicJwk => {
  const { n, e } = createPublicKey(privateKey).export({ format: "jwk" })
  return { kty: "RSA", ...(n && { n }), ...(e && { e }), kid, ...(use && { use: "sig" }), ...(alg && { alg: "RS256" }) }
}

/**
 * Makes the keys of a server.
 *
 * `publishesPrevious`: the key set contains the previous key before the signing key. `hasKid`: tokens have a `kid`.
 */
export const makeKeyRing = (options: { readonly publishesPrevious: boolean; readonly hasKid: boolean }): KeyRing => {
  const keys: Array<SigningKey> = []
  const keyAt = (index: number): SigningKey => {
    keys[index] ??= { kid: randomUUID(), privateKey: privateKeyAt(index) }
    return keys[index]
  }
  let current = options.publishesPrevious ? 1 : 0
  return {
    published: (members) =>
      (options.publishesPrevious ? [current - 1, current] : [current]).map((index) => publicJwk(keyAt(index), members)),
    sign: (claims) => {
      const { kid, privateKey } = keyAt(current)
      const header = { typ: "JWT", alg: "RS256", ...(options.hasKid && { kid }) }
      const signingInput = `${encode(header)}.${encode(claims)}`
      return `${signingInput}.${sign("sha256", Buffer.from(signingInput), privateKey).toString("base64url")}`
    },
    rotate: () => {
      current += 1
    },
  }
}
