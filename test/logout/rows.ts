/** The requests that no binding may accept: each is one change of a request that is accepted. */
import type { Outcome } from "latchkey/logout"
import { hmacSigned, signed, signingKey, unsigned } from "../jwt/signing-keys.ts"
import { form, type Sent } from "./bindings.ts"
import { claims, event, formWith, issuer, key, logoutToken } from "./logout-tokens.ts"

export interface Row {
  readonly name: string
  readonly outcome: Outcome
  readonly request: () => Sent
}

type Json = Readonly<Record<string, unknown>>

const tokenRow = (name: string, outcome: Outcome, token: () => string): Row => ({
  name,
  outcome,
  request: () => ({ body: formWith(token()) }),
})

const claimRow = (name: string, outcome: Outcome, changes: (now: number) => Json): Row =>
  tokenRow(name, outcome, () => logoutToken(changes(Math.floor(Date.now() / 1000))))

const headerRow = (name: string, outcome: Outcome, header: Json): Row =>
  tokenRow(name, outcome, () => logoutToken({}, header))

const stranger = signingKey("RS256", "issuer-key")
const elliptic = signingKey("ES256", "issuer-key")

const claimRows: ReadonlyArray<Row> = [
  claimRow("another issuer", "issuer", () => ({ iss: "https://other.example" })),
  claimRow("an issuer with a slash more", "issuer", () => ({ iss: `${issuer}/` })),
  claimRow("no issuer", "issuer", () => ({ iss: undefined })),
  claimRow("another audience", "audience", () => ({ aud: "another client" })),
  claimRow("no audience", "audience", () => ({ aud: undefined })),
  claimRow("an empty audience", "audience", () => ({ aud: [] })),
  claimRow("an audience with a member that is no text", "audience", () => ({ aud: ["service", 1] })),
  claimRow("an old iat", "age", (now) => ({ iat: now - 241 })),
  claimRow("an iat in the future", "age", (now) => ({ iat: now + 90 })),
  claimRow("no iat", "age", () => ({ iat: undefined })),
  claimRow("an iat that is no number", "age", (now) => ({ iat: String(now) })),
  claimRow("a past exp", "expired", (now) => ({ exp: now - 61 })),
  claimRow("no exp", "expired", () => ({ exp: undefined })),
  claimRow("an exp of null", "expired", () => ({ exp: null })),
  claimRow("no jti", "token-id", () => ({ jti: undefined })),
  claimRow("an empty jti", "token-id", () => ({ jti: "" })),
  claimRow("neither sub nor sid", "subject", () => ({ sub: undefined, sid: undefined })),
  claimRow("an empty sub", "format", () => ({ sub: "" })),
  claimRow("a sid that is no text", "format", () => ({ sid: 7 })),
  claimRow("a sub of null", "format", () => ({ sub: null })),
  claimRow("a nonce", "nonce", () => ({ nonce: "n" })),
  claimRow("a nonce of null", "nonce", () => ({ nonce: null })),
  claimRow("no events", "events", () => ({ events: undefined })),
  claimRow("another event", "events", () => ({ events: { "https://events.example/other": {} } })),
  claimRow("an event that is no object", "events", () => ({ events: { [event]: true } })),
  claimRow("an event that is a list", "events", () => ({ events: { [event]: [] } })),
  claimRow("events as a list", "events", () => ({ events: [event] })),
  claimRow("events as a text", "events", () => ({ events: event })),
]

const tokenRows: ReadonlyArray<Row> = [
  headerRow("no typ", "type", { typ: undefined }),
  headerRow("the typ of other tokens", "type", { typ: "JWT" }),
  headerRow("the typ of access tokens", "type", { typ: "at+jwt" }),
  headerRow("a critical member", "format", { crit: ["exp"], exp: 1 }),
  headerRow("a kid that is no text", "format", { kid: 1 }),
  headerRow("an unknown algorithm", "algorithm", { alg: "RS1" }),
  headerRow("an algorithm named like a member of every object", "algorithm", { alg: "constructor" }),
  tokenRow("the algorithm none", "algorithm", () => unsigned({ alg: "none", typ: "logout+jwt" })),
  tokenRow("an HMAC keyed with the public key", "algorithm", () =>
    hmacSigned(JSON.stringify(key.jwk), { typ: "logout+jwt" }),
  ),
  tokenRow("the signature of a stranger's key", "signature", () => logoutToken({}, {}, stranger)),
  tokenRow("claims that were changed after the signature", "signature", () => {
    const [header, , signature] = logoutToken().split(".")
    const payload = Buffer.from(JSON.stringify({ ...claims(), sub: "user-2" })).toString("base64url")
    return `${header}.${payload}.${signature}`
  }),
  tokenRow("no signature", "signature", () => logoutToken().replace(/[^.]*$/, "")),
  tokenRow("four parts", "format", () => `${logoutToken()}.x`),
  tokenRow("two parts", "format", () => logoutToken().replace(/\.[^.]*$/, "")),
  tokenRow("claims that are no object", "format", () => signed(key, { typ: "logout+jwt" }, "[]")),
  tokenRow("claims that are no JSON", "format", () => signed(key, { typ: "logout+jwt" }, "{")),
  tokenRow("a token longer than 65,536 characters", "format", () => logoutToken({ more: "a".repeat(70_000) })),
  tokenRow("a token that is no JWT", "format", () => "opaque"),
]

const requestRows: ReadonlyArray<Row> = [
  { name: "no token", outcome: "form", request: () => ({ body: "other=1" }) },
  { name: "an empty body", outcome: "form", request: () => ({ body: "" }) },
  { name: "an empty token", outcome: "form", request: () => ({ body: "logout_token=" }) },
  {
    name: "two tokens",
    outcome: "form",
    request: () => ({ body: `${formWith(logoutToken())}&${formWith(logoutToken())}` }),
  },
  {
    name: "a body longer than 131,072 bytes",
    outcome: "form",
    request: () => ({ body: `${formWith(logoutToken())}&more=${"a".repeat(131_072)}` }),
  },
  {
    name: "a body of JSON",
    outcome: "content-type",
    request: () => ({ type: "application/json", body: JSON.stringify({ logout_token: logoutToken() }) }),
  },
  {
    name: "a content type that only begins like that of a form",
    outcome: "content-type",
    request: () => ({ type: `${form}x`, body: formWith(logoutToken()) }),
  },
]

/** The rows of which the key set decides: the issuer may publish the key soon. */
export const unknownKeyRows: ReadonlyArray<Row> = [
  headerRow("a key id that the issuer does not publish", "unknown-key", { kid: "tomorrow" }),
  tokenRow("an algorithm for which the issuer publishes no key", "unknown-key", () => logoutToken({}, {}, elliptic)),
]

/** The rows that are answered with 400. */
export const rows: ReadonlyArray<Row> = [...claimRows, ...tokenRows, ...requestRows]
