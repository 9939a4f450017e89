/** JWTs that a stranger can make: each from the header and the claims of an access token that a vendor accepts. */
import { createHmac } from "node:crypto"
import { exportSPKI } from "jose"
import { type SigningKey, signed } from "../jwt/signing-keys.ts"
import type { Json } from "./any-vendor.ts"

/** What a stranger knows: an access token of the vendor with its parts, and the published keys. */
export interface Known {
  readonly token: string
  readonly head: Json
  readonly claims: Json
  readonly keys: ReadonlyArray<SigningKey>
  /** The stranger's own key, which no key set has. */
  readonly stranger: SigningKey
}

export type Forgery = readonly [name: string, make: (known: Known) => string | Promise<string>]

const base64url = (text: string | Uint8Array): string => Buffer.from(text).toString("base64url")

const partsOf = (token: string): readonly [string, string, string] => {
  const [head = "", body = "", signature = ""] = token.split(".")
  return [head, body, signature]
}

/** The header of the genuine token, with changes. */
const headerOf = ({ token }: Known, changes: Json = {}): Json => ({
  typ: undefined,
  ...(JSON.parse(Buffer.from(partsOf(token)[0], "base64url").toString()) as Json),
  ...changes,
})

/** A token of the stranger's key under the `kid` of the vendor. */
const own = (known: Known, changes: Json = {}): string =>
  signed(known.stranger, { ...headerOf(known), ...changes }, known.claims)

/** A token of the stranger's key, with the header as this text. */
const ownText = (known: Known, text: (header: string) => string): string =>
  signed(known.stranger, text(JSON.stringify(headerOf(known))), known.claims)

const hmac = (known: Known, secret: string | Uint8Array): string => {
  const input = `${base64url(JSON.stringify(headerOf(known, { alg: "HS256" })))}.${partsOf(known.token)[1]}`
  return `${input}.${createHmac("sha256", secret).update(input).digest("base64url")}`
}

const first = ({ keys: [key] }: Known): SigningKey => key ?? ({} as never)

const bare = (known: Known, changes: Json, signature: string): string =>
  `${base64url(JSON.stringify(headerOf(known, changes)))}.${partsOf(known.token)[1]}.${signature}`

/** JWTs whose signature does not hold. */
export const forgeries: ReadonlyArray<Forgery> = [
  ["a signature of other bytes", ({ token }) => `${partsOf(token).slice(0, 2).join(".")}.${"AAAA".repeat(86)}`],
  ["no signature", ({ token }) => `${partsOf(token).slice(0, 2).join(".")}.`],
  ["alg none and no signature", (known) => bare(known, { alg: "none" }, "")],
  ["alg none and a signature", (known) => bare(known, { alg: "none" }, "AAAA")],
  ["alg NonE", (known) => bare(known, { alg: "NonE" }, "")],
  ["no alg", (known) => bare(known, { alg: undefined }, partsOf(known.token)[2])],
  ["a list as alg", (known) => bare(known, { alg: ["RS256"] }, partsOf(known.token)[2])],
  ["an alg in lower case", (known) => own(known, { alg: "rs256" })],
  ["the name of a member of every object as alg", (known) => own(known, { alg: "constructor" })],
  ["another alg with the kid of its key", (known) => own(known, { alg: "ES384", kid: known.keys[1]?.jwk.kid })],
  ["a MAC with the public key in PEM", async (known) => hmac(known, await exportSPKI(first(known).publicKey))],
  ["a MAC with the published JWK", (known) => hmac(known, JSON.stringify(first(known).jwk))],
  ["a MAC with an empty secret", (known) => hmac(known, "")],
  ["a stranger's signature", (known) => own(known)],
  ["a stranger's signature without kid", (known) => own(known, { kid: undefined })],
  ["a number as kid", (known) => own(known, { kid: 1 })],
  ["its own key in jwk", (known) => own(known, { jwk: known.stranger.jwk })],
  ["the URL of its own key set in jku", (known) => own(known, { jku: "https://evil.example/keys" })],
  ["the URL of its own certificates in x5u", (known) => own(known, { x5u: "https://evil.example/certs" })],
  ["its own certificates in x5c", (known) => own(known, { x5c: ["MIIB"] })],
  ["an empty crit", (known) => own(known, { crit: [] })],
  ["an unencoded payload", (known) => own(known, { b64: false, crit: ["b64"] })],
  ["the members of encryption", (known) => own(known, { enc: "A256GCM" })],
  ["two alg members", (known) => ownText(known, (text) => text.replace("{", '{"alg":"none",'))],
  ["members in __proto__", (known) => ownText(known, (text) => text.replace("{", '{"__proto__":{"alg":"none"},'))],
  ["a space in its header", (known) => ownText(known, (text) => text.replace("{", "{ "))],
  ["a line break in its header", (known) => ownText(known, (text) => text.replace("{", "{\n"))],
  ["a space before its header", (known) => ownText(known, (text) => ` ${text}`)],
  ["a byte order mark before its header", (known) => ownText(known, (text) => `\uFEFF${text}`)],
  ["a character in its header that is no base64", (known) => own(known).replace("e", "e!")],
  ["an empty header", ({ token }) => `${base64url("{}")}.${partsOf(token).slice(1).join(".")}`],
  ["a header in UTF-16", (known) => ownText(known, (text) => Array.from(text).join("\0"))],
  ["a header in base64 with padding", (known) => own(known).replace(".", "=.")],
  [
    "the payload of another token",
    ({ token, claims }) => {
      const [head, , signature] = partsOf(token)
      return `${head}.${base64url(JSON.stringify({ ...claims, sub: "admin" }))}.${signature}`
    },
  ],
  [
    "the genuine token within it",
    (known) => signed(known.stranger, headerOf(known, { cty: "JWT" }), JSON.stringify(known.token)),
  ],
  ["bytes after its signature", ({ token }) => `${token}AAAA`],
  ["padding after its signature", ({ token }) => `${token}==`],
  ["a fourth part", ({ token }) => `${token}.AAAA`],
  ["a dot at its end", ({ token }) => `${token}.`],
  [
    "a tid of another tenant, whose template names the issuer",
    (known) => {
      const iss = "https://login.microsoftonline.com/{tenantid}/v2.0"
      return signed(known.stranger, headerOf(known), { ...known.claims, iss, tid: "evil" })
    },
  ],
  [
    "two issuers",
    (known) => signed(known.stranger, headerOf(known), { ...known.claims, iss: [known.claims.iss, "https://evil"] }),
  ],
]

/** JWTs whose key the server might have made a moment ago. */
export const ofUnknownKeys: ReadonlyArray<Forgery> = [
  ["an unknown kid", (known) => own(known, { kid: "unknown" })],
  ["a path as kid", (known) => own(known, { kid: "../../dev/null" })],
  ["the kid of a key of another type", (known) => own(known, { kid: known.keys[1]?.jwk.kid })],
]

/** Claims that are wrong although the signature holds, as changes of the claims or as JSON. */
export const wrongClaims: ReadonlyArray<readonly [name: string, change: (claims: Json) => Json | string]> = [
  ["two issuers", (claims) => ({ ...claims, iss: [claims.iss, "https://evil.example"] })],
  ["an issuer in an object", (claims) => ({ ...claims, iss: { 0: claims.iss } })],
  ["a second issuer member", (claims) => JSON.stringify(claims).replace(/}$/, ',"iss":"https://evil.example"}')],
  ["an audience that is an object", (claims) => ({ ...claims, aud: { 0: "https://api.example", length: 1 } })],
  ["an audience that is a number", (claims) => ({ ...claims, aud: 1 })],
  ["an audience within a list", (claims) => ({ ...claims, aud: [[claims.aud].flat()] })],
  ["a second audience member", (claims) => JSON.stringify(claims).replace(/}$/, ',"aud":"https://evil.example"}')],
  ["a word as exp", (claims) => ({ ...claims, exp: "tomorrow" })],
  ["a list as exp", (claims) => ({ ...claims, exp: [claims.exp] })],
  ["an exp beyond every date", (claims) => JSON.stringify(claims).replace(/"exp":\d+/, '"exp":1e300')],
  ["an infinite exp", (claims) => JSON.stringify(claims).replace(/"exp":\d+/, '"exp":1e400')],
  [
    "an exp that has passed",
    (claims) => ({ ...claims, exp: Number(claims.iat) - 3600, iat: Number(claims.iat) - 7200 }),
  ],
  ["an nbf of tomorrow", (claims) => ({ ...claims, nbf: Number(claims.exp) + 86_400 })],
  ["a number as subject", (claims) => ({ ...claims, sub: 7 })],
  ["all claims in __proto__", (claims) => `{"__proto__":${JSON.stringify(claims)}}`],
  [
    "its audience in __proto__",
    ({ aud, client_id: _, ...claims }) =>
      JSON.stringify(claims).replace("{", `{"__proto__":{"aud":${JSON.stringify(aud)}},`),
  ],
]
