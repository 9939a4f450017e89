/** Answers of a real Polar server, as data: CI cannot run the whole server, so its answers are kept here. */
import { ada, eve, rival } from "../../emulator/polar-steps.ts"

/** Where and when the answers were recorded. */
export const source = {
  server: "the whole API server on PostgreSQL 15, Redis 7 and Authlib 1.7.2, one worker",
  release: "polarsource/polar c6c3645e of 22 August 2026",
  date: "2026-11-28",
} as const

type Json = Readonly<Record<string, unknown>>
type Pairs = ReadonlyArray<readonly [string, string]>

/** One request to the API and its answer. Only the listed members and headers were recorded. */
export interface RecordedAnswer {
  /** The continuation of the sentence "the server ...". */
  readonly name: string
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly form?: Pairs
  /** JSON, or the text of the body. */
  readonly json?: unknown
  readonly status: number
  /** The members of the body; `undefined`: the body has no such member. */
  readonly answer?: Json
  /** The members of the first entry of `detail` in a 422. */
  readonly problem?: Json
  /** The headers; `null`: the response has no such header. */
  readonly responseHeaders?: Readonly<Record<string, string | null>>
  /** Parts of the redirect's address; `null`: it has no such parameter. */
  readonly redirect?: Readonly<Record<string, string | null>>
}

const secret: Pairs = [
  ["client_id", "shop"],
  ["client_secret", "shop-secret"],
]
const basic = (bytes: string) => ({ authorization: `Basic ${Buffer.from(bytes, "latin1").toString("base64")}` })
const token = { method: "POST", path: "/v1/oauth2/token" }
const introspect = { method: "POST", path: "/v1/oauth2/introspect" }
const userinfo = { method: "GET", path: "/v1/oauth2/userinfo" }
const register = { method: "POST", path: "/v1/oauth2/register" }
const cookie = { cookie: "polar_session=polar_us_ada" }
const callback = "http://127.0.0.1:9/cb"
const crash = {
  status: 500,
  responseHeaders: { "content-type": "text/plain; charset=utf-8", "polar-version": null, "cache-control": null },
}

const crashes: ReadonlyArray<RecordedAnswer> = [
  { ...introspect, ...crash, name: "fails on a token that is not ASCII", form: [...secret, ["token", "é"]] },
  {
    ...{ ...crash, name: "fails on a token to revoke that is not ASCII", method: "POST", path: "/v1/oauth2/revoke" },
    form: [...secret, ["token", "é"]],
  },
  {
    ...{ ...token, ...crash, name: "fails on a code that is not ASCII" },
    form: [...secret, ["grant_type", "authorization_code"], ["code", "é"]],
  },
  {
    ...{ ...token, ...crash, name: "fails on a refresh token that is not ASCII" },
    form: [...secret, ["grant_type", "refresh_token"], ["refresh_token", "é"]],
  },
  { ...userinfo, ...crash, name: "fails on a bearer that is not ASCII", headers: { authorization: "Bearer é" } },
  {
    ...{ ...introspect, ...crash, name: "fails on a secret that is not ASCII" },
    form: [
      ["client_id", "shop"],
      ["client_secret", "é"],
      ["token", "x"],
    ],
  },
  {
    ...{ ...crash, name: "fails on a registration token that is not ASCII", method: "GET" },
    ...{ path: "/v1/oauth2/register/shop", headers: { authorization: "Bearer polar_crt_é" } },
  },
  {
    ...{ ...introspect, ...crash, name: "fails on Basic credentials that are not UTF-8" },
    ...{ headers: basic("header:\xe9"), form: [["token", "x"]] },
  },
  {
    ...{ ...introspect, ...crash, name: "fails on a NUL in the client id of a form" },
    form: [
      ["client_id", "a\0"],
      ["client_secret", "x"],
      ["token", "x"],
    ],
  },
  {
    ...{ ...crash, name: "fails on a NUL in the client id of a query", method: "GET", headers: cookie },
    path: `/v1/oauth2/authorize?response_type=code&client_id=a%00`,
  },
  {
    ...{ ...crash, name: "fails on a NUL in the client id of a path", method: "GET" },
    ...{ path: "/v1/oauth2/register/a%00", headers: { authorization: "Bearer polar_crt_x" } },
  },
]

const largeField = { status: 400, answer: { detail: "Field exceeded maximum size of 1024KB." } }

const requests: ReadonlyArray<RecordedAnswer> = [
  {
    ...{ ...token, name: "describes no unknown grant type", form: [...secret, ["grant_type", "nope"]] },
    ...{ status: 400, answer: { error: "unsupported_grant_type", error_description: undefined } },
  },
  {
    ...{ ...token, name: "describes no missing grant type", form: secret },
    ...{ status: 400, answer: { error: "unsupported_grant_type", error_description: undefined } },
  },
  {
    ...{ ...token, name: "reads no grant type from JSON", headers: { "content-type": "application/json" } },
    ...{ json: { grant_type: "refresh_token", refresh_token: "x" }, status: 400 },
    answer: { error: "unsupported_grant_type", error_description: undefined },
  },
  {
    ...{ ...token, name: "sends no Cache-Control without a Content-Length", status: 411 },
    ...{ headers: { "transfer-encoding": "chunked" }, responseHeaders: { "cache-control": null } },
  },
  {
    ...{ ...userinfo, name: "knows the version 2026-10", headers: { "polar-version": "2026-10" } },
    ...{ status: 401, responseHeaders: { "polar-version": "2026-10" } },
  },
  {
    ...{ ...userinfo, name: "sends no Cache-Control with an unknown version" },
    ...{ headers: { "polar-version": "1999-01" }, status: 404, responseHeaders: { "cache-control": null } },
  },
  {
    ...{ ...introspect, name: "takes the last of two tokens" },
    form: [...secret, ["token", "x"], ["token", "polar_at_u_ada"]],
    ...{ status: 200, answer: { active: true } },
  },
  {
    ...{ ...introspect, name: "takes the last of two secrets" },
    form: [["client_secret", "wrong"], ...secret, ["token", "polar_at_u_ada"]],
    ...{ status: 200, answer: { active: true } },
  },
  {
    ...{ ...token, name: "takes the first of two grant types" },
    form: [...secret, ["grant_type", "refresh_token"], ["grant_type", "nope"], ["refresh_token", "x"]],
    ...{ status: 400, answer: { error: "invalid_grant" } },
  },
  {
    ...{ ...introspect, ...largeField, name: "rejects a field of 1 MiB" },
    form: [...secret, ["token", "x".repeat(2 ** 20)]],
  },
  {
    ...{ ...register, name: "rejects a body of 11 MiB", json: " ".repeat(11 * 2 ** 20), status: 413 },
  },
  {
    ...{ ...userinfo, name: "reads a header of 100 kB" },
    ...{ headers: { authorization: `Bearer ${"x".repeat(100_000)}` }, status: 401 },
  },
  ...["Bearer polar_crt_x", "Bearer", "Bearer a b"].map((authorization) => ({
    ...{ ...userinfo, name: `rejects ${authorization} at userinfo as a token`, headers: { authorization } },
    ...{ status: 401, answer: { error: "invalid_token" } },
  })),
  {
    ...{ ...token, name: "exchanges the session of a blocked user" },
    form: [
      ["client_id", "own"],
      ["client_secret", "own-secret"],
      ["grant_type", "web"],
      ["session_token", "polar_us_blocked"],
    ],
    status: 200,
  },
  {
    ...{ ...token, name: "keeps a repeated scope" },
    form: [
      ["client_id", "own"],
      ["client_secret", "own-secret"],
      ["grant_type", "web"],
      ["session_token", "polar_us_ada"],
      ["scope", "openid email openid"],
    ],
    ...{ status: 200, answer: { scope: "openid email openid" } },
  },
  ...["PATCH", "POST"].map((method) => ({
    ...{ name: `allows only GET to ${method} on a client`, method, path: "/v1/oauth2/register/shop", json: {} },
    ...{ status: 405, responseHeaders: { allow: "GET" } },
  })),
  {
    ...{ name: "sends its version with a preflight", method: "OPTIONS", path: "/v1/oauth2/token", status: 200 },
    headers: { origin: "https://app.example", "access-control-request-method": "POST" },
    responseHeaders: { "polar-version": "2026-04" },
  },
]

const authorizePath = (endpoint: "authorize" | "consent", parameters: Readonly<Record<string, string>>) =>
  `/v1/oauth2/${endpoint}?${new URLSearchParams({
    ...{ response_type: "code", client_id: "shop", redirect_uri: callback, scope: "openid email", state: "s" },
    ...parameters,
  })}`

const authorize = (parameters: Readonly<Record<string, string>>) => ({
  ...{ method: "GET", path: authorizePath("authorize", parameters), headers: cookie },
})

const consent = (action: string, parameters: Readonly<Record<string, string>>) => ({
  ...{ method: "POST", path: authorizePath("consent", parameters), headers: cookie },
  form: [["action", action]] as const,
})

const authorizations: ReadonlyArray<RecordedAnswer> = [
  {
    ...{ name: "checks the response type before the client", method: "GET", path: "/v1/oauth2/authorize" },
    ...{ headers: cookie, status: 400, answer: { error: "unsupported_response_type" } },
  },
  {
    ...{ ...authorize({ response_type: "token" }), name: "describes an unsupported response type by its value" },
    ...{ status: 302, redirect: { error: "unsupported_response_type", error_description: "token" } },
  },
  {
    ...{ ...authorize({ client_id: "own", prompt: "login" }), name: "needs no new login for a first-party client" },
    ...{ status: 302, redirect: { error: null, state: "s" } },
  },
  {
    ...{ ...consent("allow", { client_id: "nope" }), name: "omits state in an error of consent" },
    ...{ status: 400, answer: { error: "invalid_client", state: undefined } },
  },
  {
    ...{ ...consent("allow", { scope: "nope" }), name: "omits state in an error of consent that redirects" },
    ...{ status: 302, redirect: { error: "invalid_scope", state: null } },
  },
  {
    ...{ ...consent("deny", {}), name: "sends state with access_denied" },
    ...{ status: 302, redirect: { error: "access_denied", state: "s" } },
  },
  {
    ...{ ...consent("allow", { organizations: rival }), name: "says that a foreign organization is not accessible" },
    ...{ status: 400, answer: { error_description: `Organization ${rival} is not accessible` } },
  },
]

const minimal = { redirect_uris: ["https://app.example/cb"], client_name: "Example" }
const asJson = { "content-type": "application/json" }

const localHosts = ["192.0.2.1", "198.18.0.1", "198.19.0.1", "203.0.113.1", "240.0.0.1", "255.255.255.255", "192.0.0.8"]

const registrations: ReadonlyArray<RecordedAnswer> = [
  ...localHosts.map((host) => ({
    ...{ ...register, name: `takes a redirect URI of http://${host}`, headers: asJson, status: 201 },
    json: { ...minimal, redirect_uris: [`http://${host}/cb`] },
  })),
  ...["myapp:/path", "myapp:", "urn:a:b", "javascript:alert(1)"].map((uri) => ({
    ...{ ...register, name: `rejects the redirect URI ${uri} by its claims`, headers: asJson, status: 400 },
    ...{ json: { ...minimal, redirect_uris: [uri] }, answer: { error: "invalid_client_metadata" } },
  })),
  ...["logo_uri", "tos_uri", "policy_uri"].map((name) => ({
    ...{ ...register, name: `rejects the scheme of a script as ${name}`, headers: asJson, status: 422 },
    ...{ json: { ...minimal, [name]: "javascript:alert(1)" }, problem: { type: "url_scheme" } },
  })),
  {
    ...{ ...register, name: "stores an empty client_uri", headers: asJson, status: 201 },
    ...{ json: { ...minimal, client_uri: "" }, answer: { client_uri: "" } },
  },
  {
    ...{ name: "stores an empty client_uri of a replacement", method: "PUT", path: "/v1/oauth2/register/shop" },
    headers: { ...asJson, authorization: "Bearer polar_crt_shop" },
    ...{ json: { ...minimal, client_id: "shop", client_uri: "" }, status: 200, answer: { client_uri: "" } },
  },
  {
    ...{ ...register, name: "rejects a NUL in client_name", headers: asJson, status: 422 },
    ...{ json: { ...minimal, client_name: "a\0" }, problem: { msg: "This value contains invalid characters" } },
  },
  {
    ...{ ...register, name: "misses a body that is null", headers: asJson, json: "null", status: 422 },
    problem: { type: "missing" },
  },
  {
    ...{ ...register, name: "reads no body without a content type", headers: { "content-type": "" }, status: 422 },
    json: minimal,
  },
  {
    ...{ ...register, name: "names the position of an error in JSON", headers: asJson, json: '{"a" 1}', status: 422 },
    problem: { type: "json_invalid", loc: ["body", 5] },
  },
  {
    ...{ ...register, name: "rejects a default_sub_type as no member of an enumeration", headers: asJson, status: 422 },
    ...{ json: { ...minimal, default_sub_type: "x" }, problem: { type: "enum" } },
  },
]

/** The data of the server beyond those of the emulator's other tests. */
export const moreSeed = {
  users: [{ id: eve, email: "eve@example.com", blocked: true }],
  sessions: [{ token: "polar_us_blocked", user: eve }],
  tokens: [{ client_id: "shop", sub: ada, access_token: "polar_at_u_ada", scope: "openid" }],
  clients: [
    {
      ...{ client_id: "shop", client_secret: "shop-secret", registration_access_token: "polar_crt_shop" },
      ...{ redirect_uris: [callback], scope: "openid email products:read" },
    },
  ],
}

export const recorded: ReadonlyArray<RecordedAnswer> = [...crashes, ...requests, ...authorizations, ...registrations]
