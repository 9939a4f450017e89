/** The requests that tests make to the Polar emulator. */
import { createHash } from "node:crypto"
import { makeBrowser, type PolarEmulator, type PolarSeed } from "@latchkey/testing"

export const callback = "http://127.0.0.1:9/cb"
export const verifier = "v".repeat(64)
const challenge = createHash("sha256").update(verifier).digest("base64url")

export const ada = "3f0c6a52-8a0e-4d0e-9a52-0f6f2b0a7c11"
export const eve = "5d1f3b11-2b65-4f0c-8f6e-1c2d3e4f5a6b"
export const acme = "b7a1f0de-1111-4222-8333-944444444444"
export const zeta = "c8b2e1ef-1111-4222-8333-944444444444"
export const rival = "eab4c3f1-1111-4222-8333-944444444444"
export const locked = "d9c3d2f0-1111-4222-8333-944444444444"

const defaults = { redirect_uris: [callback], scope: "openid email products:read" }

/** The users, organizations and clients of most tests. */
export const seed = {
  users: [
    { id: ada, email: "ada@example.com" },
    { id: eve, email: "eve@example.com", email_verified: false },
  ],
  organizations: [
    { id: zeta, slug: "zeta", members: [ada, eve] },
    { id: acme, slug: "acme", members: [ada] },
    { id: rival, slug: "rival", members: [eve] },
    { id: locked, slug: "locked", members: [ada], sso_enforced: true },
  ],
  clients: [
    { ...defaults, client_id: "shop", client_secret: "shop-secret" },
    { ...defaults, client_id: "other", client_secret: "other-secret" },
    {
      ...defaults,
      client_id: "header",
      client_secret: "header secret",
      token_endpoint_auth_method: "client_secret_basic",
    },
    { ...defaults, client_id: "app", token_endpoint_auth_method: "none" },
    { ...defaults, client_id: "own", client_secret: "own-secret", grant_types: ["web"], first_party: true },
  ],
  sessions: [{ token: "polar_us_ada", user: ada }],
  api_tokens: ["polar_pat_ada", "polar_oat_acme"],
} as const satisfies PolarSeed

export const shop = { client_id: "shop", client_secret: "shop-secret" }
export const other = { client_id: "other", client_secret: "other-secret" }

export interface ParsedResponse {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The members of a JSON body; empty for any other body. */
  readonly json: Record<string, unknown>
}

export const parse = async (pending: Promise<Response>): Promise<ParsedResponse> => {
  const response = await pending
  const text = await response.text()
  const json: Record<string, unknown> = text.startsWith("{") ? JSON.parse(text) : {}
  return { status: response.status, headers: response.headers, text, json }
}

type HeaderFields = Record<string, string>

export const get = (polar: PolarEmulator, path: string, headers: HeaderFields = {}) =>
  parse(fetch(`${polar.apiUrl}${path}`, { headers, redirect: "manual" }))

export const post = (polar: PolarEmulator, path: string, form: Record<string, string>, headers: HeaderFields = {}) =>
  parse(
    fetch(`${polar.apiUrl}${path}`, {
      method: "POST",
      body: new URLSearchParams(form),
      headers,
      redirect: "manual",
    }),
  )

export const sendJson = (
  polar: PolarEmulator,
  method: string,
  path: string,
  body: unknown,
  headers: HeaderFields = {},
) =>
  parse(
    fetch(`${polar.apiUrl}${path}`, {
      method,
      body: JSON.stringify(body),
      headers: { "content-type": "application/json", ...headers },
    }),
  )

export const bearer = (token: unknown) => ({ authorization: `Bearer ${String(token)}` })
export const cookie = { cookie: "polar_session=polar_us_ada" }
export const basic = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString("base64")}`,
})

/** Builds the query of an authorization request; an undefined value omits the parameter. */
export const authorizeQuery = (more: Query = {}) =>
  new URLSearchParams(
    Object.entries({
      response_type: "code",
      client_id: "shop",
      redirect_uri: callback,
      scope: "openid email",
      state: "some-state",
      code_challenge: challenge,
      code_challenge_method: "S256",
      ...more,
    }).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )

type Query = Record<string, string | undefined>

/** Opens the authorize page in a browser, a new one by default, and returns the final URL. */
export const visit = async (polar: PolarEmulator, more: Query = {}, browser = makeBrowser()) =>
  new URL(
    await browser.go(`${polar.authorizeUrl}?${authorizeQuery(more)}`, [
      polar.apiUrl,
      new URL(polar.authorizeUrl).origin,
    ]),
  )

export const codeFor = async (polar: PolarEmulator, more?: Query) =>
  (await visit(polar, more)).searchParams.get("code") ?? ""

export const redeem = (
  polar: PolarEmulator,
  code: string,
  more: Record<string, string> = {},
  headers: HeaderFields = {},
) =>
  post(
    polar,
    "/v1/oauth2/token",
    { grant_type: "authorization_code", code, redirect_uri: callback, code_verifier: verifier, ...shop, ...more },
    headers,
  )

/** Returns a user's tokens after a complete authorization code flow. */
export const userTokens = async (polar: PolarEmulator, more?: Query) =>
  (await redeem(polar, await codeFor(polar, more))).json

export const refresh = (polar: PolarEmulator, token: unknown, more: Record<string, string> = {}) =>
  post(polar, "/v1/oauth2/token", {
    ...{ grant_type: "refresh_token", refresh_token: String(token), ...shop },
    ...more,
  })

export const introspect = (polar: PolarEmulator, token: unknown, more: Record<string, string> = {}) =>
  post(polar, "/v1/oauth2/introspect", { token: String(token), ...shop, ...more })

export const revoke = (polar: PolarEmulator, token: unknown, more: Record<string, string> = {}) =>
  post(polar, "/v1/oauth2/revoke", { token: String(token), ...shop, ...more })

export const userInfo = (polar: PolarEmulator, token: unknown) => get(polar, "/v1/oauth2/userinfo", bearer(token))
