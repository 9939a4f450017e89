/** Plain HTTP requests to an Ory server, emulated or real, without latchkey. */
import { createHash } from "node:crypto"
import { type Browser, makeBrowser, parameter } from "../emulator/browser.ts"
import { basic, callback, type ParsedResponse, post, verifier } from "../emulator/ory-steps.ts"
import type { ServerUrls } from "./sdk.ts"

export interface Server extends ServerUrls {
  readonly close: () => Promise<void>
}

export const newId = (): string => `c-${crypto.randomUUID().slice(0, 8)}`

const secret = "wire-secret"

/** Sends a request with an optional JSON body and returns the response. */
export const send = async (method: string, url: string, body?: unknown, token?: string): Promise<ParsedResponse> => {
  const response = await fetch(url, {
    method,
    redirect: "manual",
    headers: { accept: "application/json", ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  const json: Record<string, unknown> = text.startsWith("{") ? JSON.parse(text) : {}
  return { status: response.status, headers: response.headers, text, json }
}

/** Creates a client with every grant type and scope of the tests, changed by `more`, and returns its id. */
export const register = async (server: Server, more: Readonly<Record<string, unknown>> = {}): Promise<string> => {
  const created = await send("POST", `${server.adminUrl}/admin/clients`, {
    client_id: newId(),
    client_secret: secret,
    redirect_uris: [callback],
    grant_types: ["authorization_code", "refresh_token", "client_credentials"],
    scope: "openid offline_access a",
    ...more,
  })
  if (created.status !== 201) throw new Error(`the client was rejected: ${created.status} ${created.text}`)
  return String(created.json.client_id)
}

export const patch = (server: Server, id: string, body: unknown) =>
  send("PATCH", `${server.adminUrl}/admin/clients/${id}`, body)

export const readClient = async (server: Server, id: string) =>
  (await send("GET", `${server.adminUrl}/admin/clients/${id}`)).json

export const token = (server: Server, id: string, form: Record<string, string>) =>
  post(`${server.publicUrl}/oauth2/token`, form, basic(id, secret))

export const revoke = (server: Server, id: string, value: unknown) =>
  post(`${server.publicUrl}/oauth2/revoke`, { token: String(value) }, basic(id, secret))

export const introspect = (server: Server, value: unknown, more: Record<string, string> = {}) =>
  post(`${server.adminUrl}/admin/oauth2/introspect`, { token: String(value), ...more })

export const requests = "/admin/oauth2/auth/requests"

/** Starts a login and returns its challenge. */
export const beginLogin = async (server: Server, client: string, browser: Browser = makeBrowser()): Promise<string> => {
  const query = new URLSearchParams({
    response_type: "code",
    client_id: client,
    redirect_uri: callback,
    scope: "openid offline_access a",
    state: "some-state",
    nonce: "some-nonce",
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  })
  return parameter(await browser.visit(`${server.publicUrl}/oauth2/auth?${query}`), "login_challenge")
}

export const accept = async (server: Server, kind: "login" | "consent", challenge: string, body: unknown) => {
  const query = new URLSearchParams({ [`${kind}_challenge`]: challenge })
  return String((await send("PUT", `${server.adminUrl}${requests}/${kind}/accept?${query}`, body)).json.redirect_to)
}

/** Logs a user in and returns an authorization code for `client`. */
export const userCode = async (server: Server, client: string, subject = "u1"): Promise<string> => {
  const browser = makeBrowser()
  const login = await beginLogin(server, client, browser)
  const consent = await browser.visit(await accept(server, "login", login, { subject }))
  const session = { access_token: { tenant: "acme" } }
  const acceptance = { grant_scope: ["openid", "offline_access", "a"], session, remember: true }
  const callbackUrl = await browser.visit(
    await accept(server, "consent", parameter(consent, "consent_challenge"), acceptance),
  )
  return parameter(callbackUrl, "code")
}

export const exchangeCode = (server: Server, client: string, code: string) =>
  token(server, client, {
    grant_type: "authorization_code",
    code,
    redirect_uri: callback,
    code_verifier: verifier,
  })

export const refresh = (server: Server, client: string, value: unknown) =>
  token(server, client, { grant_type: "refresh_token", refresh_token: String(value) })

/** Decodes the header and the claims of a JWT. */
export const partsOf = (jwt: unknown): ReadonlyArray<Record<string, unknown>> =>
  String(jwt)
    .split(".")
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, "base64url").toString()))
