/** The requests that tests make to the Ory emulator, and the login and consent screens without pages. */
import { createHash } from "node:crypto"
import type { OryEmulator } from "@latchkey/testing"
import { type Browser, makeBrowser, parameter } from "./browser.ts"

export const callback = "http://127.0.0.1:9/cb"
export const verifier = "v".repeat(64)
const challenge = createHash("sha256").update(verifier).digest("base64url")

/** The client of most tests. It has every grant type and scope that these tests use. */
export const shop = {
  client_id: "shop",
  client_secret: "shop-secret",
  redirect_uris: [callback],
  post_logout_redirect_uris: ["http://127.0.0.1:9/out"],
  grant_types: ["authorization_code", "refresh_token", "client_credentials"],
  scope: "openid offline_access a b",
}

export const basic = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString("base64")}`,
})

export interface ParsedResponse {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The members of a JSON body; empty for any other body. */
  readonly json: Record<string, unknown>
}

const parse = async (response: Response): Promise<ParsedResponse> => {
  const text = await response.text()
  const json: Record<string, unknown> = text.startsWith("{") ? JSON.parse(text) : {}
  return { status: response.status, headers: response.headers, text, json }
}

export const post = async (url: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
  parse(await fetch(url, { method: "POST", body: new URLSearchParams(form), headers }))

export const admin = async (ory: OryEmulator, method: string, path: string, body?: unknown) =>
  parse(
    await fetch(`${ory.adminUrl}${path}`, {
      method,
      headers: { accept: "application/json" },
      redirect: "manual",
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    }),
  )

const requests = "/admin/oauth2/auth/requests"

export const authorizeUrl = (ory: OryEmulator, more: Record<string, string> = {}) =>
  `${ory.publicUrl}/oauth2/auth?${new URLSearchParams({
    response_type: "code",
    client_id: shop.client_id,
    redirect_uri: callback,
    scope: "openid offline_access a",
    state: "some-state",
    nonce: "some-nonce",
    code_challenge: challenge,
    code_challenge_method: "S256",
    ...more,
  })}`

/** Accepts a login or consent request and returns the URL to which the page sends the browser. */
export const accept = async (
  ory: OryEmulator,
  kind: "login" | "consent",
  page: URL,
  body: unknown,
): Promise<string> => {
  const query = new URLSearchParams({ [`${kind}_challenge`]: parameter(page, `${kind}_challenge`) })
  const { json } = await admin(ory, "PUT", `${requests}/${kind}/accept?${query}`, body)
  return String(json.redirect_to)
}

const session = { access_token: { tenant: "acme" }, id_token: { email: "u1@example" } }

/** Performs login and consent of a user and returns the callback URL. */
export const logIn = async (
  ory: OryEmulator,
  options: { readonly query?: Record<string, string>; readonly browser?: Browser; readonly remember?: boolean } = {},
): Promise<URL> => {
  const browser = options.browser ?? makeBrowser()
  const remember = options.remember === true
  const login = await browser.visit(authorizeUrl(ory, options.query))
  const consent = await browser.visit(
    await accept(ory, "login", login, { subject: "u1", remember, remember_for: remember ? 3600 : 0 }),
  )
  const scopes = (options.query?.scope ?? "openid offline_access a").split(" ")
  return browser.visit(await accept(ory, "consent", consent, { grant_scope: scopes, session, remember }))
}

export const exchange = (ory: OryEmulator, code: string, more: Record<string, string> = {}) =>
  post(
    `${ory.publicUrl}/oauth2/token`,
    { grant_type: "authorization_code", code, redirect_uri: callback, code_verifier: verifier, ...more },
    basic(shop.client_id, shop.client_secret),
  )

export const refresh = (ory: OryEmulator, token: unknown) =>
  post(
    `${ory.publicUrl}/oauth2/token`,
    { grant_type: "refresh_token", refresh_token: String(token) },
    basic(shop.client_id, shop.client_secret),
  )

/** Returns a user's tokens after a complete authorization code flow. */
export const userTokens = async (ory: OryEmulator, options?: Parameters<typeof logIn>[1]) =>
  (await exchange(ory, parameter(await logIn(ory, options), "code"))).json

export const introspect = async (ory: OryEmulator, token: unknown, more: Record<string, string> = {}) =>
  (await post(`${ory.adminUrl}/admin/oauth2/introspect`, { token: String(token), ...more })).json
