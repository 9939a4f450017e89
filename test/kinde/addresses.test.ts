import { makeBrowser } from "@latchkey/testing"
import { describe, expect, it } from "vitest"
import { countOf, logIn, open, reasonOf, startTenant, subject, television, unmanaged, web } from "./tenant.ts"

describe("device authorization at Kinde", () => {
  it("tries the second path when the first answers 404 without a body", async () => {
    await using tenant = await startTenant({ devicePath: "both" })
    await using device = unmanaged(tenant, television)
    const notFound = { kind: "status", status: 404, body: "" } as const
    tenant.faults.add({ path: "/oauth2/device/auth", fault: notFound })
    expect(await device.deviceAuthorization()).toMatchObject({ verificationUri: `${tenant.issuer}/device` })
    tenant.faults.add({ path: /device/, times: 2, fault: notFound })
    expect(await reasonOf(device.deviceAuthorization())).toMatchObject({ _tag: "InvalidClient" })
  })

  it.each(["/oauth2/device/auth", "/oauth2/v2/device_authorization", "both"] as const)(
    "gives tokens when the path is %s",
    async (devicePath) => {
      await using tenant = await startTenant({ devicePath, deviceIssuesAllTokens: devicePath === "both" })
      await using device = unmanaged(tenant, television)
      const authorization = await device.deviceAuthorization({ scopes: ["openid", "offline"] })
      expect(authorization.verificationUri).toBe(`${tenant.issuer}/device`)
      await makeBrowser().go(`${authorization.verificationUriComplete}&login_hint=${subject}`, [tenant.issuer])
      const tokens = await device.pollDevice({ ...authorization, intervalSeconds: 0 })
      expect(tokens.scopes).toEqual(["openid", "offline"])
      expect(tokens.refreshToken !== undefined).toBe(devicePath === "both")
      expect(await device.introspect(tokens.accessToken, { freshness: "local" })).toMatchObject({
        active: true,
        subject,
      })
      const request = tenant.requests.find(({ path }) => path.includes("device"))
      expect(new URLSearchParams(request?.body).has("client_secret")).toBe(false)
      expect(countOf(tenant, /device.*auth/)).toBe(devicePath === "/oauth2/v2/device_authorization" ? 2 : 1)
    },
  )
})

describe("Kinde on a custom domain", () => {
  it("serves users there and the Management API on the tenant's own host", async () => {
    await using tenant = await startTenant({ customDomain: true })
    await using provider = open(tenant)
    const { accessToken } = await logIn(provider, tenant)
    const state = await provider.introspect(accessToken)
    expect(state).toMatchObject({ active: true, issuer: tenant.issuer, subject })
    expect((await provider.clients.get(web.clientId)).name).toBe("Web")
    expect((await provider.metadata.discover()).issuer).toBe(tenant.issuer)
    expect((await provider.session.end()).url).toBe(`${tenant.issuer}/logout`)
    const token = tenant.requests.find(({ body }) => body.includes("client_credentials"))
    expect(token?.headers.host).toBe(new URL(tenant.apiHost).host)
    expect(new URLSearchParams(token?.body).get("audience")).toBe(`${tenant.apiHost}/api`)
    await using tenantHost = open(tenant, { issuer: tenant.apiHost })
    expect(await tenantHost.introspect(accessToken)).toEqual({ active: false })
  })
})
