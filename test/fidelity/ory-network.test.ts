import querystring from "node:querystring"
import { type OryEmulator, startOry } from "@latchkey/testing"
import { exportJWK, generateKeyPair } from "jose"
import type { Operation } from "latchkey"
import { ory } from "latchkey/ory"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { open, performAllOperations, recordOperations } from "./all-operations.ts"

const apiKey = "ory_pat_only-for-the-admin-side"
const clientSecret = "s3cret-of the+shop"
const key = await generateKeyPair("RS256", { extractable: true })
const parameters = { kty: "RSA", kid: "k", use: "sig", alg: "RS256" }
const jwk = await exportJWK(key.privateKey)
const privateKey = { ...jwk, ...parameters, d: String(jwk.d) }
const publicJwk = { ...(await exportJWK(key.publicKey)), ...parameters }

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

/** Path, query, body and headers of a request as one text, also decoded. */
const contentOf = ({ path, query, headers, body }: OryEmulator["requests"][number]) =>
  [path, query, body, ...Object.entries(headers).flat()].map((text) => `${text}\n${decode(text)}`).join("\n")

/** Decodes a text from base64 and from form encoding. */
const decode = (text: string): string => {
  const base64 = text.replace(/^\w+ /, "")
  return (
    [Buffer.from(base64, "base64").toString(), new URLSearchParams(text).toString()]
      // decodeURIComponent throws where random bytes look like percent encoding.
      .map((each) => querystring.unescape(each.replaceAll("+", " ")))
      .join("\n")
  )
}

const isAdmin = ({ path }: { readonly path: string }) => path.startsWith("/admin/")

describe.each(kinds)("with Ory Network and $clientAuth,", ({ clientAuth, credentials, seed }) => {
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
      insecureOrigins: [publicUrl],
    })
    const acceptCode = async (challenge: string, code: string) => {
      const url = `${adminUrl}/admin/oauth2/auth/requests/device/accept?device_challenge=${encodeURIComponent(challenge)}`
      const headers = { authorization: `Bearer ${apiKey}` }
      const response = await fetch(url, { method: "PUT", headers, body: JSON.stringify({ user_code: code }) })
      return String(Object(await response.json()).redirect_to)
    }
    await performAllOperations(recordOperations(auth, performed), {
      tokenEndpoint: `${publicUrl}/oauth2/token`,
      acceptCode,
    })
    await auth.close()
  })
  afterAll(() => emulator.close())

  it("latchkey performs every operation in its `can` set", () => {
    expect([...performed].sort()).toEqual([...ory.can].sort())
  })

  it("the API key is in the Authorization header of every admin request", () => {
    const adminRequests = emulator.requests.filter(isAdmin)
    expect(adminRequests.length).toBeGreaterThan(25)
    expect(new Set(adminRequests.map(({ headers }) => headers.authorization))).toEqual(new Set([`Bearer ${apiKey}`]))
    for (const { query, body } of adminRequests) expect(query + body).not.toContain(apiKey)
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
  ])("the API key is never sent to %s", (path) => {
    const requests = emulator.requests.filter((each) =>
      path.endsWith("/") ? each.path.startsWith(path) : each.path === path,
    )
    expect(requests).not.toEqual([])
    for (const request of requests) expect(contentOf(request)).not.toContain(apiKey)
  })

  it("the API key is sent to no other path", () => {
    const withApiKey = emulator.requests.filter((each) => contentOf(each).includes(apiKey))
    expect(withApiKey.filter((each) => !isAdmin(each))).toEqual([])
  })

  it("the client's credentials are never in an admin request", () => {
    for (const request of emulator.requests.filter(isAdmin)) {
      expect(contentOf(request)).not.toContain(clientSecret)
      expect(contentOf(request)).not.toMatch(/client_assertion|client_secret=/)
    }
  })

  it("the client's credentials are sent to the token endpoint", () => {
    const requests = emulator.requests.filter(({ path }) => path === "/oauth2/token")
    const credential = clientAuth === "private_key_jwt" ? "client_assertion=" : clientSecret
    for (const request of requests) expect(contentOf(request)).toContain(credential)
  })
})
