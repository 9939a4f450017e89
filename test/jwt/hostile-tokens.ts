/** Tokens that must not count, whatever platform checks them; each is one step away from a good one. */
import { createPublicKey } from "node:crypto"
import { CompactEncrypt, exportJWK, exportSPKI } from "jose"
import { claims, issuer, macked, now, type SigningKey, signed, token, unsigned } from "./signing-keys.ts"

export type Hostile = readonly [what: string, made: (key: SigningKey) => string | Promise<string>]

const attacker = async (key: SigningKey, header: (jwk: object) => Readonly<Record<string, unknown>>): Promise<string> =>
  signed(key, header(await exportJWK(key.publicKey)))

const encrypted = (key: SigningKey): Promise<string> =>
  new CompactEncrypt(new TextEncoder().encode(JSON.stringify(claims)))
    .setProtectedHeader({ alg: "RSA-OAEP-256", enc: "A256GCM", typ: "JWT", ...(key.jwk.kid && { kid: key.jwk.kid }) })
    .encrypt(createPublicKey({ key: { ...key.jwk, alg: "RSA-OAEP-256", use: "enc" }, format: "jwk" }))

const part = async (made: string | Promise<string>, at: number): Promise<string> => (await made).split(".")[at] ?? ""

/** Where it gets its key or its trust from; `other` keys are made and never published. */
export const confusions = (other: SigningKey): ReadonlyArray<Hostile> => [
  ["has no signature, and says alg none", ({ jwk }) => unsigned({ alg: "none", kid: jwk.kid, typ: "JWT" })],
  ["says alg none, and has a signature", ({ jwk }) => unsigned({ alg: "none", kid: jwk.kid, typ: "JWT" }, "AAAA")],
  ["says alg NonE", ({ jwk }) => unsigned({ alg: "NonE", kid: jwk.kid, typ: "JWT" }, "AAAA")],
  ["says no alg", (key) => signed(key, { alg: undefined })],
  ["says an alg that is no string", (key) => signed(key, { alg: ["RS256"] })],
  ["says an alg that Object has", (key) => signed(key, { alg: "constructor" })],
  [
    "is an HS256 of the public key in PEM",
    async (key) => macked(await exportSPKI(key.publicKey), { kid: key.jwk.kid }),
  ],
  [
    "is an HS256 of the public key in PEM without its last line end",
    async (key) => macked((await exportSPKI(key.publicKey)).trimEnd(), { kid: key.jwk.kid }),
  ],
  [
    "is an HS256 of the public key in DER",
    (key) => macked(key.publicKey.export({ format: "der", type: "spki" }), { kid: key.jwk.kid }),
  ],
  ["is an HS256 of the JWK", (key) => macked(JSON.stringify(key.jwk), { kid: key.jwk.kid })],
  ["is an HS256 of the modulus", (key) => macked(Buffer.from(String(key.jwk.n), "base64url"), { kid: key.jwk.kid })],
  ["is an HS256 of nothing", (key) => macked("", { kid: key.jwk.kid })],
  ["has an unknown crit", (key) => signed(key, { crit: ["https://x.example"], "https://x.example": true })],
  ["has an empty crit", (key) => signed(key, { crit: [] })],
  ["has a crit that names exp", (key) => signed(key, { crit: ["exp"], exp: now + 60 })],
  ["has an unencoded payload", (key) => signed(key, { b64: false, crit: ["b64"] })],
  ["says b64 true", (key) => signed(key, { b64: true })],
  ["is compressed", (key) => signed(key, { zip: "DEF" })],
  ["is encrypted to the vendor's key", encrypted],
  ["has four parts", async (key) => `${await token(key)}.AAAA`],
  ["has a signature of nothing", async (key) => `${(await token(key)).split(".").slice(0, 2).join(".")}.`],
  ["brings its own key as jwk", ({ jwk }) => attacker(other, (own) => ({ kid: jwk.kid, jwk: own }))],
  ["brings the vendor's key as jwk", (key) => attacker(key, (own) => ({ jwk: own }))],
  [
    "says where its key is (jku)",
    ({ jwk }) => attacker(other, () => ({ kid: jwk.kid, jku: "https://evil.example/k" })),
  ],
  [
    "says where its chain is (x5u)",
    ({ jwk }) => attacker(other, () => ({ kid: jwk.kid, x5u: "https://evil.example/c" })),
  ],
  ["brings its own chain (x5c)", ({ jwk }) => attacker(other, () => ({ kid: jwk.kid, x5c: ["MIIB"] }))],
  ["is signed with another key", ({ jwk }) => signed(other, { kid: jwk.kid })],
  ["names a key that nobody has", (key) => signed(key, { kid: "nobody's" })],
  ["names a key by a number", (key) => signed(key, { kid: 1 })],
  ["names a key by a path", (key) => signed(key, { kid: "../../dev/null" })],
  [
    "has the signature of another token",
    async (key) => {
      const [head, body] = (await token(key)).split(".")
      return `${head}.${body}.${await part(token(key, { sub: "user-2" }), 2)}`
    },
  ],
  [
    "has another token's payload",
    async (key) => {
      const [head, , signature] = (await token(key)).split(".")
      return `${head}.${await part(token(key, { sub: "admin" }), 1)}.${signature}`
    },
  ],
]

/** What it says. */
export const wrongClaims: ReadonlyArray<Hostile> = [
  ["is another issuer's", (key) => token(key, { iss: "https://evil.example" })],
  ["has an issuer with a slash more", (key) => token(key, { iss: `${issuer}/` })],
  ["has an issuer in capitals", (key) => token(key, { iss: issuer.toUpperCase() })],
  ["lists issuers, ours among them", (key) => token(key, { iss: [issuer] })],
  ["lists two issuers", (key) => token(key, { iss: [issuer, "https://evil.example"] })],
  ["has an issuer with a space more", (key) => token(key, { iss: `${issuer} ` })],
  ["has no issuer", (key) => token(key, { iss: undefined })],
  ["has no audience", (key) => token(key, { aud: undefined })],
  ["has an audience of null", (key) => token(key, { aud: null })],
  ["has an empty audience", (key) => token(key, { aud: [] })],
  ["has another audience", (key) => token(key, { aud: ["https://other.example"] })],
  ["has an audience that begins like ours", (key) => token(key, { aud: "https://orders.example.evil.example" })],
  ["has an audience that holds ours as text", (key) => token(key, { aud: "https://orders.example https://x.example" })],
  ["has an audience that is an object", (key) => token(key, { aud: { 0: "https://orders.example", length: 1 } })],
  ["has an audience list with a number", (key) => token(key, { aud: ["https://orders.example", 1] })],
  ["never expires", (key) => token(key, { exp: undefined })],
  ["expires at null", (key) => token(key, { exp: null })],
  ["expires at a text", (key) => token(key, { exp: String(now + 3600) })],
  [
    "expires beyond any date",
    (key) => signed(key, {}, JSON.stringify({ ...claims, exp: 0 }).replace(/"exp":0/, '"exp":1e300')),
  ],
  [
    "expires at infinity",
    (key) => signed(key, {}, JSON.stringify({ ...claims, exp: 0 }).replace(/"exp":0/, '"exp":1e400')),
  ],
  ["expires before time began", (key) => token(key, { exp: -1 })],
  ["has a not-before of text", (key) => token(key, { nbf: String(now) })],
  ["has an issue time of text", (key) => token(key, { iat: "yesterday" })],
  ["has a subject that is no text", (key) => token(key, { sub: 7 })],
  ["says typ of another kind", (key) => token(key, {}, { typ: "logout+jwt" })],
  ["says typ id+jwt", (key) => token(key, {}, { typ: "id+jwt" })],
  ["says no typ", (key) => token(key, {}, { typ: undefined })],
  ["says a typ that is no text", (key) => signed(key, { typ: ["JWT"] })],
  ["is an ID token with at_hash", (key) => token(key, { at_hash: "x" })],
  ["is an ID token with nonce", (key) => token(key, { nonce: "x" })],
  ["names no client", (key) => token(key, { azp: undefined, client_id: undefined })],
  ["names a client of null", (key) => token(key, { azp: null, client_id: null })],
  ["names a client that is no text", (key) => token(key, { azp: 7, client_id: 7 })],
  ["is a list", (key) => signed(key, {}, "[]")],
  ["is null", (key) => signed(key, {}, "null")],
  ["is a text", (key) => signed(key, {}, '"claims"')],
  ["is no JSON", (key) => signed(key, {}, "{")],
  ["has a header that ends early", (key) => signed(key, `{"alg":"RS256"`)],
  ["has a header that is no JSON", (key) => signed(key, `{"alg"=RS256}`)],
  ["is no UTF-8", (key) => signed(key, {}, Buffer.from(JSON.stringify({ ...claims, a: "\u00c3(" }), "latin1"))],
  ["begins with a byte order mark", (key) => signed(key, {}, `\uFEFF${JSON.stringify(claims)}`)],
  [
    "has its issuer behind __proto__ only",
    (key) =>
      signed(key, {}, JSON.stringify({ ...claims, iss: undefined }).replace("{", `{"__proto__":{"iss":"${issuer}"},`)),
  ],
  ["says everything by __proto__", (key) => signed(key, {}, `{"__proto__":${JSON.stringify(claims)}}`)],
]
