import { exportJWK, generateKeyPair } from "jose"
import type { Operation } from "latchkey"
import { type OryEmulator, startOry } from "@latchkey/testing"
import { ory } from "latchkey/ory"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { noting, open, performEverything } from "./everything.ts"

const apiKey = "ory_pat_only-for-the-admin-side"
const clientSecret = "s3cret-of the+shop"
const key = await generateKeyPair("RS256", { extractable: true })
const named = { kty: "RSA", kid: "k", use: "sig", alg: "RS256" }
const jwk = await exportJWK(key.privateKey)
const privateKey = { ...jwk, ...named, d: String(jwk.d) }
const publicJwk = { ...(await exportJWK(key.publicKey)), ...named }

const client = {
  client_id: "shop",
  redirect_uris: ["http://127.0.0.1:9/cb"],
  scope: "openid offline_access read",
  grant_types: [
    "authorization_code",
    "refresh_token",
    "client_credentials",
    "urn:ietf:params:oauth:grant-type:jwt-bearer",
    "urn:ietf:params:oauth:grant-type:device_code",
  ],
}

const kinds = [
  { clientAuth: "client_secret_basic", credentials: { clientSecret }, seed: { client_secret: clientSecret } },
  { clientAuth: "client_secret_post", credentials: { clientSecret }, seed: { client_secret: clientSecret } },
  { clientAuth: "private_key_jwt", credentials: { privateKey }, seed: { jwks: { keys: [publicJwk] } } },
] as const

/** Everything that a request carried, as one text. */
const carried = ({ path, query, headers, body }: OryEmulator["requests"][number]) =>
  [path, query, body, ...Object.entries(headers).flat()].map((text) => `${text}\n${decoded(text)}`).join("\n")

/** The text as it reads once its encodings are undone. */
const decoded = (text: string): string => {
  const base64 = text.replace(/^\w+ /, "")
  return [Buffer.from(base64, "base64").toString(), new URLSearchParams(text).toString()]
    .map((each) => decodeURIComponent(each.replace(/%(?![0-9a-f]{2})/gi, "%25").replaceAll("+", " ")))
    .join("\n")
}

const isAdmin = ({ path }: { readonly path: string }) => path.startsWith("/admin/")

describe.each(kinds)("on Ory Network, with $clientAuth", ({ clientAuth, credentials, seed }) => {
  const performed = new Set<Operation>()
  let emulator: OryEmulator
  beforeAll(async () => {
    const clients = [{ ...client, ...seed, token_endpoint_auth_method: clientAuth }]
    emulator = await startOry({ version: "unreleased", layout: "network", apiKey, seed: { clients } })
    const { publicUrl, adminUrl } = emulator
    const auth = open({
      projectUrl: publicUrl,
      apiKey,
      clientId: "shop",
      clientAuth,
      ...credentials,
      redirectUri: "http://127.0.0.1:9/cb",
      insecure: [publicUrl],
    })
    const acceptCode = async (challenge: string, code: string) => {
      const url = `${adminUrl}/admin/oauth2/auth/requests/device/accept?device_challenge=${encodeURIComponent(challenge)}`
      const headers = { authorization: `Bearer ${apiKey}` }
      const answer = await fetch(url, { method: "PUT", headers, body: JSON.stringify({ user_code: code }) })
      return String(Object(await answer.json()).redirect_to)
    }
    await performEverything(noting(auth, performed), { tokenEndpoint: `${publicUrl}/oauth2/token`, acceptCode })
    await auth.close()
  })
  afterAll(() => emulator.close())

  it("latchkey performs every operation that it claims", () => {
    expect([...performed].sort()).toEqual([...ory.can].sort())
  })

  it("the API key is in the Authorization header of every admin call", () => {
    const admin = emulator.requests.filter(isAdmin)
    expect(admin.length).toBeGreaterThan(25)
    expect(new Set(admin.map(({ headers }) => headers.authorization))).toEqual(new Set([`Bearer ${apiKey}`]))
    for (const { query, body } of admin) expect(query + body).not.toContain(apiKey)
  })

  it.each([
    "/oauth2/token",
    "/oauth2/revoke",
    "/oauth2/device/auth",
    "/oauth2/register",
    "/oauth2/register/",
    "/oauth2/auth",
    "/oauth2/sessions/logout",
    "/userinfo",
    "/.well-known/openid-configuration",
    "/.well-known/jwks.json",
  ])("the API key never goes to %s", (path) => {
    const calls = emulator.requests.filter((each) =>
      path.endsWith("/") ? each.path.startsWith(path) : each.path === path,
    )
    expect(calls).not.toEqual([])
    for (const call of calls) expect(carried(call)).not.toContain(apiKey)
  })

  it("the API key goes nowhere else", () => {
    const holders = emulator.requests.filter((each) => carried(each).includes(apiKey))
    expect(holders.filter((each) => !isAdmin(each))).toEqual([])
  })

  it("the client's credentials never go to an admin call", () => {
    for (const call of emulator.requests.filter(isAdmin)) {
      expect(carried(call)).not.toContain(clientSecret)
      expect(carried(call)).not.toMatch(/client_assertion|client_secret=/)
    }
  })

  it("the client's credentials do go to the token endpoint", () => {
    const calls = emulator.requests.filter(({ path }) => path === "/oauth2/token")
    const sign = clientAuth === "private_key_jwt" ? "client_assertion=" : clientSecret
    for (const call of calls) expect(carried(call)).toContain(sign)
  })
})
