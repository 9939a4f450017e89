/** What the emulators of vendors that follow the standards do with the API of a request. */
import { makeBrowser, startVendor, type VendorName } from "@latchkey/testing"
import { createAuth } from "latchkey/core"
import { oidc } from "latchkey/oidc"
import { describe, expect, test } from "vitest"

const redirectUri = "http://127.0.0.1:9/cb"
const registration = {
  client_id: "app",
  client_secret: "secret",
  redirect_uris: [redirectUri],
  grant_types: ["authorization_code", "refresh_token", "client_credentials"],
  scope: "openid offline_access read",
}
const api = "https://orders.example"

const parameterOf = {
  auth0: "audience",
  logto: "resource",
  zitadel: { scope: "urn:zitadel:iam:org:project:id:{audience}:aud" },
} as const

const claimsOf = (token: string): Readonly<Record<string, unknown>> =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString() || "{}")

const open = async (vendor: VendorName & keyof typeof parameterOf) => {
  const emulator = await startVendor(vendor, { clients: [registration], users: { alice: {} } })
  const { issuer, origin } = emulator
  const token = { audienceParameter: parameterOf[vendor], offline: { scope: "offline_access" } } as const
  const client = { clientId: "app", clientSecret: "secret", redirectUri }
  const auth = createAuth(oidc({ issuer, insecureOrigins: [origin], token, ...client }))
  const close = () => Promise.all([auth.close(), emulator.close()])
  return { auth, emulator, [Symbol.asyncDispose]: async () => void (await close()) }
}

describe.each(["auth0", "logto", "zitadel"] as const)("the emulator of %s", (vendor) => {
  test("issues a machine's token for the API that its request names", async () => {
    await using opened = await open(vendor)
    const { accessToken } = await opened.auth.clientCredentials({ scopes: ["read"], audience: [api] })
    expect([claimsOf(accessToken).aud].flat()).toContain(api)
  })

  test("issues a user's tokens for the API that the login named, also after a refresh", async () => {
    await using opened = await open(vendor)
    const { auth, emulator } = opened
    const { url, transaction } = await auth.authorize({ scopes: ["openid", "read"], audience: [api], offline: true })
    const first = await auth.exchange(await makeBrowser().go(url, [emulator.origin]), transaction)
    const second = await auth.refresh(first.refreshToken ?? "")
    for (const { accessToken } of [first, second]) expect([claimsOf(accessToken).aud].flat()).toContain(api)
  })
})

test.each(["auth0", "logto"] as const)(
  "the emulator of %s issues an opaque token where no API is named",
  async (vendor) => {
    await using opened = await open(vendor)
    const { accessToken } = await opened.auth.clientCredentials({ scopes: ["read"] })
    expect(accessToken).not.toContain(".")
  },
)

test("the emulator of Entra ID rejects a machine's request that names no API", async () => {
  await using emulator = await startVendor("entra", { clients: [registration] })
  const { issuer, origin } = emulator
  await using auth = createAuth(
    oidc({ issuer, insecureOrigins: [origin], clientId: "app", clientSecret: "secret", redirectUri }),
  )
  await expect(auth.clientCredentials({ scopes: ["read"] })).rejects.toMatchObject({
    reason: { _tag: "InvalidRequest", code: "invalid_scope" },
  })
})

test("the emulator issues a user's token without a login, and records requests", async () => {
  await using emulator = await startVendor("okta", { clients: [registration] })
  const token = await emulator.issue({ subject: "alice", scopes: ["openid"] })
  expect(claimsOf(token)).toMatchObject({ sub: "alice", cid: "app", scp: ["openid"] })
  await fetch(`${emulator.issuer}/v1/userinfo`, { headers: { authorization: `Bearer ${token}` } })
  expect(emulator.requests).toMatchObject([{ path: "/oauth2/default/v1/userinfo", status: 200 }])
})
