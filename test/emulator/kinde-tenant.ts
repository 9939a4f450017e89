/** A Kinde tenant with one application of each type, and the requests that tests make to it. */
import { createHash, createPublicKey, verify } from "node:crypto"
import { type KindeEmulator, type KindeEmulatorOptions, makeBrowser, startKinde } from "@latchkey/testing"

export const callback = "http://127.0.0.1:9/cb"
export const afterLogout = "http://127.0.0.1:9/out"
const verifier = "v".repeat(64)
export const orders = "https://orders.example"
const subject = "kp_0123456789abcdef0123456789abcdef"

export const web = { client_id: "web", client_secret: "web-secret" }
export const worker = { client_id: "worker", client_secret: "worker-secret" }

export const tenant = (options: KindeEmulatorOptions = {}): Promise<KindeEmulator> =>
  startKinde({
    ...options,
    seed: {
      organizations: [{ code: "org_1", name: "Acme", featureFlags: { beta: true, seats: 5 } }, { code: "org_2" }],
      applications: [
        {
          id: "web",
          name: "Web",
          type: "reg",
          secret: "web-secret",
          redirectUris: [callback, "https://pr-*-x.example.test/cb"],
          logoutUris: [afterLogout],
          apis: { [orders]: ["read:orders"] },
        },
        { id: "page", name: "Page", type: "spa", redirectUris: [callback] },
        { id: "tv", name: "TV", type: "device", defaultDevice: true },
        {
          id: "worker",
          name: "Worker",
          type: "m2m",
          secret: "worker-secret",
          management: true,
          apis: { [orders]: ["read:orders", "write:orders"] },
        },
        { id: "reader", name: "Reader", type: "m2m", secret: "reader-secret", management: ["read:applications"] },
      ],
      users: [
        {
          id: subject,
          email: "ada@example.org",
          username: "ada",
          givenName: "Ada",
          familyName: "Lovelace",
          updatedAt: 1_685_522_721,
          organizations: ["org_1", "org_2"],
          permissions: ["orders:read"],
          featureFlags: { theme: "dark" },
        },
        { id: "kp_other", email: "bob@example.org" },
        { id: "kp_refuses", email: "no@example.org", refuses: true },
      ],
      connectedApps: [{ keyCodeRef: "calendar", callbackUrl: callback }],
      ...options.seed,
    },
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

type Form = Record<string, string> | Array<[string, string]>

export const post = async (url: string, form: Form, headers: Record<string, string> = {}) =>
  parse(
    await fetch(url, {
      method: "POST",
      body: new URLSearchParams(form),
      headers,
    }),
  )

export const get = async (url: string, headers: Record<string, string> = {}) =>
  parse(await fetch(url, { headers, redirect: "manual" }))

export const bearer = (token: unknown) => ({ authorization: `Bearer ${String(token)}` })

export const postToken = (kinde: KindeEmulator, form: Form) => post(`${kinde.issuer}/oauth2/token`, form)

export const machineToken = async (kinde: KindeEmulator, more: Record<string, string> = {}) =>
  postToken(kinde, { grant_type: "client_credentials", audience: `${kinde.apiHost}/api`, ...worker, ...more })

export const authorizeUrl = (kinde: KindeEmulator, more: Record<string, string> = {}) =>
  `${kinde.issuer}/oauth2/auth?${new URLSearchParams({
    response_type: "code",
    client_id: "web",
    redirect_uri: callback,
    scope: "openid profile email offline",
    state: "some-state",
    nonce: "some-nonce",
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
    ...more,
  })}`

/** Logs a user in and returns the query of the callback URL. */
export const logIn = async (kinde: KindeEmulator, more: Record<string, string> = {}, browser = makeBrowser()) =>
  new URL(await browser.go(authorizeUrl(kinde, more), [kinde.issuer])).searchParams

export const exchange = (kinde: KindeEmulator, code: string | null, more: Record<string, string> = {}) =>
  postToken(kinde, {
    grant_type: "authorization_code",
    code: code ?? "",
    redirect_uri: callback,
    code_verifier: verifier,
    ...web,
    ...more,
  })

export const userTokens = async (kinde: KindeEmulator, more: Record<string, string> = {}) =>
  (await exchange(kinde, (await logIn(kinde, more)).get("code"))).json

export const refresh = (kinde: KindeEmulator, refreshToken: unknown) =>
  postToken(kinde, { grant_type: "refresh_token", refresh_token: String(refreshToken), ...web })

/** Decodes one part of a JWT, the claims by default, without verification. */
export const claimsOf = (jwt: unknown, part = 1): Record<string, unknown> =>
  JSON.parse(Buffer.from(String(jwt).split(".")[part] ?? "", "base64url").toString("utf8"))

/** Whether the signature of a JWT verifies with the tenant's key set. */
export const verifies = async (kinde: KindeEmulator, jwt: unknown): Promise<boolean> => {
  const keys: unknown = (await get(`${kinde.issuer}/.well-known/jwks`)).json.keys
  const key = (Array.isArray(keys) ? keys : []).find((each) => each.kid === claimsOf(jwt, 0).kid)
  const [head, body, signature] = String(jwt).split(".")
  return (
    key !== undefined &&
    verify(
      "sha256",
      Buffer.from(`${head}.${body}`),
      createPublicKey({ key, format: "jwk" }),
      Buffer.from(signature ?? "", "base64url"),
    )
  )
}

export const introspect = async (kinde: KindeEmulator, inspected: unknown, headers?: Record<string, string>) =>
  post(
    `${kinde.issuer}/oauth2/introspect`,
    { token: String(inspected), token_type_hint: "access_token" },
    headers ?? bearer((await machineToken(kinde)).json.access_token),
  )

/** Returns a function that calls the Management API with every scope. */
export const manager = async (kinde: KindeEmulator) => {
  const headers = bearer((await machineToken(kinde)).json.access_token)
  return async (method: string, path: string, body?: unknown) =>
    parse(
      await fetch(`${kinde.apiHost}/api/v1${path}`, {
        method,
        headers: { ...headers, "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    )
}
