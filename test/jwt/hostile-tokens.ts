/** Tokens that every implementation must reject. Each differs from a valid token in one respect. */
import { createPublicKey } from "node:crypto"
import { CompactEncrypt, exportJWK, exportSPKI } from "jose"
import { claims, hmacSigned, issuer, now, type SigningKey, signed, token, unsigned } from "./signing-keys.ts"

export type Hostile = readonly [what: string, makeToken: (key: SigningKey) => string | Promise<string>]

const signedWithOwnHeader = async (
  key: SigningKey,
  header: (jwk: object) => Readonly<Record<string, unknown>>,
): Promise<string> => signed(key, header(await exportJWK(key.publicKey)))

const encrypted = (key: SigningKey): Promise<string> =>
  new CompactEncrypt(new TextEncoder().encode(JSON.stringify(claims)))
    .setProtectedHeader({ alg: "RSA-OAEP-256", enc: "A256GCM", typ: "JWT", ...(key.jwk.kid && { kid: key.jwk.kid }) })
    .encrypt(createPublicKey({ key: { ...key.jwk, alg: "RSA-OAEP-256", use: "enc" }, format: "jwk" }))

const partOf = async (jwt: string | Promise<string>, index: number): Promise<string> =>
  (await jwt).split(".")[index] ?? ""

/** Tokens with a wrong signature, algorithm, key or header. The `other` key is in no key set. */
export const confusions = (other: SigningKey): ReadonlyArray<Hostile> => [
  ["has alg none and no signature", ({ jwk }) => unsigned({ alg: "none", kid: jwk.kid, typ: "JWT" })],
  ["has alg none and a signature", ({ jwk }) => unsigned({ alg: "none", kid: jwk.kid, typ: "JWT" }, "AAAA")],
  ["has alg NonE", ({ jwk }) => unsigned({ alg: "NonE", kid: jwk.kid, typ: "JWT" }, "AAAA")],
  ["has no alg", (key) => signed(key, { alg: undefined })],
  ["has an alg that is not a string", (key) => signed(key, { alg: ["RS256"] })],
  ["has an alg that is a member of Object.prototype", (key) => signed(key, { alg: "constructor" })],
  [
    "has an HS256 MAC keyed with the public key in PEM",
    async (key) => hmacSigned(await exportSPKI(key.publicKey), { kid: key.jwk.kid }),
  ],
  [
    "has an HS256 MAC keyed with the public key in PEM without the last line break",
    async (key) => hmacSigned((await exportSPKI(key.publicKey)).trimEnd(), { kid: key.jwk.kid }),
  ],
  [
    "has an HS256 MAC keyed with the public key in DER",
    (key) => hmacSigned(key.publicKey.export({ format: "der", type: "spki" }), { kid: key.jwk.kid }),
  ],
  ["has an HS256 MAC keyed with the JWK", (key) => hmacSigned(JSON.stringify(key.jwk), { kid: key.jwk.kid })],
  [
    "has an HS256 MAC keyed with the modulus",
    (key) => hmacSigned(Buffer.from(String(key.jwk.n), "base64url"), { kid: key.jwk.kid }),
  ],
  ["has an HS256 MAC with an empty key", (key) => hmacSigned("", { kid: key.jwk.kid })],
  ["has an unknown crit", (key) => signed(key, { crit: ["https://x.example"], "https://x.example": true })],
  ["has an empty crit", (key) => signed(key, { crit: [] })],
  ["has a crit that lists exp", (key) => signed(key, { crit: ["exp"], exp: now + 60 })],
  ["has an unencoded payload", (key) => signed(key, { b64: false, crit: ["b64"] })],
  ["has b64 true", (key) => signed(key, { b64: true })],
  ["is compressed", (key) => signed(key, { zip: "DEF" })],
  ["is encrypted to the vendor's key", encrypted],
  ["has four parts", async (key) => `${await token(key)}.AAAA`],
  ["has an empty signature", async (key) => `${(await token(key)).split(".").slice(0, 2).join(".")}.`],
  ["carries its own key in jwk", ({ jwk }) => signedWithOwnHeader(other, (own) => ({ kid: jwk.kid, jwk: own }))],
  ["carries the vendor's key in jwk", (key) => signedWithOwnHeader(key, (own) => ({ jwk: own }))],
  [
    "has the URL of its own key in jku",
    ({ jwk }) => signedWithOwnHeader(other, () => ({ kid: jwk.kid, jku: "https://evil.example/k" })),
  ],
  [
    "has the URL of its own certificate chain in x5u",
    ({ jwk }) => signedWithOwnHeader(other, () => ({ kid: jwk.kid, x5u: "https://evil.example/c" })),
  ],
  [
    "carries its own certificate chain in x5c",
    ({ jwk }) => signedWithOwnHeader(other, () => ({ kid: jwk.kid, x5c: ["MIIB"] })),
  ],
  ["is signed with another key", ({ jwk }) => signed(other, { kid: jwk.kid })],
  ["has an unknown kid", (key) => signed(key, { kid: "unknown" })],
  ["has a number as kid", (key) => signed(key, { kid: 1 })],
  ["has a path as kid", (key) => signed(key, { kid: "../../dev/null" })],
  [
    "has the signature of another token",
    async (key) => {
      const [head, body] = (await token(key)).split(".")
      return `${head}.${body}.${await partOf(token(key, { sub: "user-2" }), 2)}`
    },
  ],
  [
    "has the payload of another token",
    async (key) => {
      const [head, , signature] = (await token(key)).split(".")
      return `${head}.${await partOf(token(key, { sub: "admin" }), 1)}.${signature}`
    },
  ],
]

/** Tokens with wrong claims, a wrong typ, or a malformed header or payload. */
export const wrongClaims: ReadonlyArray<Hostile> = [
  ["has another issuer", (key) => token(key, { iss: "https://evil.example" })],
  ["has an issuer with a trailing slash", (key) => token(key, { iss: `${issuer}/` })],
  ["has an issuer in capitals", (key) => token(key, { iss: issuer.toUpperCase() })],
  ["has a list with the issuer", (key) => token(key, { iss: [issuer] })],
  ["has a list of two issuers", (key) => token(key, { iss: [issuer, "https://evil.example"] })],
  ["has an issuer with a trailing space", (key) => token(key, { iss: `${issuer} ` })],
  ["has no issuer", (key) => token(key, { iss: undefined })],
  ["has no audience", (key) => token(key, { aud: undefined })],
  ["has an audience of null", (key) => token(key, { aud: null })],
  ["has an empty audience", (key) => token(key, { aud: [] })],
  ["has another audience", (key) => token(key, { aud: ["https://other.example"] })],
  [
    "has an audience that begins with the configured one",
    (key) => token(key, { aud: "https://orders.example.evil.example" }),
  ],
  [
    "has an audience string that contains the configured one",
    (key) => token(key, { aud: "https://orders.example https://x.example" }),
  ],
  ["has an audience that is an object", (key) => token(key, { aud: { 0: "https://orders.example", length: 1 } })],
  ["has an audience list with a number", (key) => token(key, { aud: ["https://orders.example", 1] })],
  ["has no exp", (key) => token(key, { exp: undefined })],
  ["has an exp of null", (key) => token(key, { exp: null })],
  ["has a string as exp", (key) => token(key, { exp: String(now + 3600) })],
  [
    "has an exp beyond any date",
    (key) => signed(key, {}, JSON.stringify({ ...claims, exp: 0 }).replace(/"exp":0/, '"exp":1e300')),
  ],
  [
    "has an infinite exp",
    (key) => signed(key, {}, JSON.stringify({ ...claims, exp: 0 }).replace(/"exp":0/, '"exp":1e400')),
  ],
  ["has a negative exp", (key) => token(key, { exp: -1 })],
  ["has a string as nbf", (key) => token(key, { nbf: String(now) })],
  ["has a string as iat", (key) => token(key, { iat: "yesterday" })],
  ["has a sub that is not a string", (key) => token(key, { sub: 7 })],
  ["has typ logout+jwt", (key) => token(key, {}, { typ: "logout+jwt" })],
  ["has typ id+jwt", (key) => token(key, {}, { typ: "id+jwt" })],
  ["has no typ", (key) => token(key, {}, { typ: undefined })],
  ["has a typ that is not a string", (key) => signed(key, { typ: ["JWT"] })],
  ["is an ID token with at_hash", (key) => token(key, { at_hash: "x" })],
  ["is an ID token with nonce", (key) => token(key, { nonce: "x" })],
  ["has no client id", (key) => token(key, { azp: undefined, client_id: undefined })],
  ["has a client id of null", (key) => token(key, { azp: null, client_id: null })],
  ["has a client id that is not a string", (key) => token(key, { azp: 7, client_id: 7 })],
  ["has a list as payload", (key) => signed(key, {}, "[]")],
  ["has null as payload", (key) => signed(key, {}, "null")],
  ["has a string as payload", (key) => signed(key, {}, '"claims"')],
  ["has a payload that is not JSON", (key) => signed(key, {}, "{")],
  ["has a truncated header", (key) => signed(key, `{"alg":"RS256"`)],
  ["has a header that is not JSON", (key) => signed(key, `{"alg"=RS256}`)],
  [
    "has a payload that is not UTF-8",
    (key) => signed(key, {}, Buffer.from(JSON.stringify({ ...claims, a: "\u00c3(" }), "latin1")),
  ],
  ["has a payload that begins with a byte order mark", (key) => signed(key, {}, `\uFEFF${JSON.stringify(claims)}`)],
  [
    "has its issuer in __proto__ only",
    (key) =>
      signed(key, {}, JSON.stringify({ ...claims, iss: undefined }).replace("{", `{"__proto__":{"iss":"${issuer}"},`)),
  ],
  ["has all its claims in __proto__", (key) => signed(key, {}, `{"__proto__":${JSON.stringify(claims)}}`)],
]
