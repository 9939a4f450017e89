import {
  constants,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
  randomUUID,
  sign,
  verify,
} from "node:crypto"
import { sortedMembers } from "./go.ts"

export interface SigningKey {
  readonly kid: string
  readonly privateKey: KeyObject
  readonly publicJwk: JsonWebKey & { readonly kid: string; readonly use: string; readonly alg: string }
}

export interface ParsedJwt {
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: Readonly<Record<string, unknown>>
  readonly signed: string
  readonly signature: Buffer
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url")

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

let processKey: string | undefined

// One key pair per process: generating one takes up to half a second, and no test needs two instances to differ in it.
const processPrivateKey = () => {
  processKey ??= generateKeyPairSync("rsa", { modulusLength: 2048 })
    .privateKey.export({ type: "pkcs8", format: "pem" })
    .toString()
  return createPrivateKey(processKey)
}

/** Makes a signing key; every key of a process shares one key pair and has its own `kid`. */
export const makeSigningKey = (): SigningKey => {
  const privateKey = processPrivateKey()
  const kid = randomUUID()
  const { n, e } = createPublicKey(privateKey).export({ format: "jwk" })
  return { kid, privateKey, publicJwk: { use: "sig", kty: "RSA", kid, alg: "RS256", ...(n && { n }), ...(e && { e }) } }
}

/** Signs claims as a compact JWS with RS256. */
export const signJwt = (key: SigningKey, claims: Readonly<Record<string, unknown>>): string => {
  const signed = `${encode({ alg: "RS256", kid: key.kid, typ: "JWT" })}.${encode(sortedMembers(claims))}`
  return `${signed}.${sign("sha256", Buffer.from(signed), key.privateKey).toString("base64url")}`
}

/** Takes a compact JWS apart without believing it. */
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

/** Whether a JWS was signed by this key, with the algorithm its header names. */
export const verifiesJwt = (token: ParsedJwt, key: KeyObject): boolean => {
  const match = /^(RS|PS|ES)(256|384|512)$/.exec(String(token.header.alg))
  if (match === null) return false
  const [, family, bits = ""] = match
  if ((family === "ES" ? "ec" : "rsa") !== key.asymmetricKeyType) return false
  const options =
    family === "PS" ? { key, ...pss } : family === "ES" ? { key, dsaEncoding: "ieee-p1363" as const } : key
  return verify(`sha${bits}`, Buffer.from(token.signed), options, token.signature)
}

/** Reads a public JWK; undefined when it is not one of a kind that signs. */
export const importJwk = (jwk: Readonly<Record<string, unknown>>): KeyObject | undefined => {
  try {
    return createPublicKey({ key: jwk as JsonWebKey, format: "jwk" })
  } catch {
    return undefined
  }
}
