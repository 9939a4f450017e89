import {
  constants,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKeyInput,
  type KeyObject,
  randomUUID,
  sign,
  verify,
} from "node:crypto"
import { sortedMembers } from "./go.ts"

/** A public JSON Web Key (RFC 7517). A type of our own: the name of Node's type differs between releases of @types/node. */
export interface PublicJwk {
  readonly kty: string
  readonly [member: string]: unknown
}

/** A private key, and its public JWK. */
export interface SigningKey {
  readonly kid: string
  readonly privateKey: KeyObject
  readonly publicJwk: PublicJwk & { readonly kid: string; readonly use: string; readonly alg: string }
}

/** The parts of a compact JWS. The signature has not been verified. */
export interface ParsedJwt {
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: Readonly<Record<string, unknown>>
  /** The JWS signing input (RFC 7515, section 2). */
  readonly signed: string
  readonly signature: Buffer
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url")

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

let processKey: string | undefined

// One key pair per process: generating a pair takes up to half a second, and the tests do not need different pairs.
const processPrivateKey = () => {
  processKey ??= generateKeyPairSync("rsa", { modulusLength: 2048 })
    .privateKey.export({ type: "pkcs8", format: "pem" })
    .toString()
  return createPrivateKey(processKey)
}

/** Makes a signing key with a new `kid`. All keys of a process share one key pair. */
export const makeSigningKey = (): SigningKey => {
  const privateKey = processPrivateKey()
  const kid = randomUUID()
  const { n, e } = createPublicKey(privateKey).export({ format: "jwk" })
  return { kid, privateKey, publicJwk: { use: "sig", kty: "RSA", kid, alg: "RS256", ...(n && { n }), ...(e && { e }) } }
}

/** Signs claims with RS256. Returns a compact JWS. */
export const signJwt = (key: SigningKey, claims: Readonly<Record<string, unknown>>): string => {
  const signed = `${encode({ alg: "RS256", kid: key.kid, typ: "JWT" })}.${encode(sortedMembers(claims))}`
  return `${signed}.${sign("sha256", Buffer.from(signed), key.privateKey).toString("base64url")}`
}

/** Parses a compact JWS without verifying its signature; `undefined` if it is malformed. */
export const parseJwt = (token: string): ParsedJwt | undefined => {
  const parts = token.split(".")
  const [head = "", body = "", signature = ""] = parts
  if (parts.length !== 3) return undefined
  try {
    const header: unknown = JSON.parse(Buffer.from(head, "base64url").toString("utf8"))
    const claims: unknown = JSON.parse(Buffer.from(body, "base64url").toString("utf8"))
    if (!isRecord(header) || !isRecord(claims)) return undefined
    return { header, claims, signed: `${head}.${body}`, signature: Buffer.from(signature, "base64url") }
  } catch {
    return undefined
  }
}

const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }

/** Whether the signature of a JWS is valid for this key, with the algorithm in the header. */
export const verifiesJwt = (token: ParsedJwt, key: KeyObject): boolean => {
  const match = /^(RS|PS|ES)(256|384|512)$/.exec(String(token.header.alg))
  if (match === null) return false
  const [, family, bits = ""] = match
  if ((family === "ES" ? "ec" : "rsa") !== key.asymmetricKeyType) return false
  const options =
    family === "PS" ? { key, ...pss } : family === "ES" ? { key, dsaEncoding: "ieee-p1363" as const } : key
  return verify(`sha${bits}`, Buffer.from(token.signed), options, token.signature)
}

/** Imports a public JWK; `undefined` if it is not an asymmetric key. */
export const importJwk = (jwk: Readonly<Record<string, unknown>>): KeyObject | undefined => {
  try {
    return createPublicKey({ key: jwk as JsonWebKeyInput["key"], format: "jwk" })
  } catch {
    return undefined
  }
}
