import { createHash } from "node:crypto"
import type { OryEmulator } from "@latchkey/testing"
import { type Browser, makeBrowser, parameter } from "./browser.ts"

export const callback = "http://127.0.0.1:9/cb"
export const verifier = "v".repeat(64)
const challenge = createHash("sha256").update(verifier).digest("base64url")

/** The client most tests use; it may do everything a user can be asked for. */
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

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The body's members; empty when it is not JSON. */
  readonly json: Record<string, unknown>
}

const answerOf = async (response: Response): Promise<Answer> => {
  const text = await response.text()
  const json: Record<string, unknown> = text.startsWith("{") ? JSON.parse(text) : {}
  return { status: response.status, headers: response.headers, text, json }
}

export const post = async (url: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
  answerOf(await fetch(url, { method: "POST", body: new URLSearchParams(form), headers }))

export const admin = async (ory: OryEmulator, method: string, path: string, body?: unknown) =>
  answerOf(
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

/** Answers a login or consent request; the URL that the page would send the browser to. */
export const accept = async (ory: OryEmulator, kind: "login" | "consent", at: URL, body: unknown): Promise<string> => {
  const query = new URLSearchParams({ [`${kind}_challenge`]: parameter(at, `${kind}_challenge`) })
  const { json } = await admin(ory, "PUT", `${requests}/${kind}/accept?${query}`, body)
  return String(json.redirect_to)
}

const session = { access_token: { tenant: "acme" }, id_token: { email: "u1@example" } }

/** Takes a user from the first page to the client's callback. */
export const logIn = async (
  ory: OryEmulator,
  how: { readonly query?: Record<string, string>; readonly browser?: Browser; readonly remember?: boolean } = {},
): Promise<URL> => {
  const browser = how.browser ?? makeBrowser()
  const remember = how.remember === true
  const login = await browser.visit(authorizeUrl(ory, how.query))
  const consent = await browser.visit(
    await accept(ory, "login", login, { subject: "u1", remember, remember_for: remember ? 3600 : 0 }),
  )
  const scopes = (how.query?.scope ?? "openid offline_access a").split(" ")
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

/** Tokens of a user, the whole way. */
export const userTokens = async (ory: OryEmulator, how?: Parameters<typeof logIn>[1]) =>
  (await exchange(ory, parameter(await logIn(ory, how), "code"))).json

export const introspect = async (ory: OryEmulator, token: unknown, more: Record<string, string> = {}) =>
  (await post(`${ory.adminUrl}/admin/oauth2/introspect`, { token: String(token), ...more })).json
