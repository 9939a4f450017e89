import { makeBrowser } from "@latchkey/testing"
import { describe, expect, it } from "vitest"
import { countOf, logIn, open, reasonOf, startTenant, subject, television, unmanaged, web } from "./tenant.ts"

describe("a device at Kinde", () => {
  it("asks at the second address where the first has no word for it", async () => {
    await using tenant = await startTenant({ devicePath: "both" })
    await using device = unmanaged(tenant, television)
    const silent = { kind: "status", status: 404, body: "" } as const
    tenant.faults.add({ path: "/oauth2/device/auth", fault: silent })
    expect(await device.deviceAuthorization()).toMatchObject({ verificationUri: `${tenant.issuer}/device` })
    tenant.faults.add({ path: /device/, times: 2, fault: silent })
    expect(await reasonOf(device.deviceAuthorization())).toMatchObject({ _tag: "InvalidClient" })
  })

  it.each(["/oauth2/device/auth", "/oauth2/v2/device_authorization", "both"] as const)(
    "gets its tokens where the path is %s",
    async (devicePath) => {
      await using tenant = await startTenant({ devicePath, deviceGivesAllTokens: devicePath === "both" })
      await using device = unmanaged(tenant, television)
      const waiting = await device.deviceAuthorization({ scopes: ["openid", "offline"] })
      expect(waiting.verificationUri).toBe(`${tenant.issuer}/device`)
      await makeBrowser().go(`${waiting.verificationUriComplete}&login_hint=${subject}`, [tenant.issuer])
      const tokens = await device.pollDevice({ ...waiting, interval: 0 })
      expect(tokens.scopes).toEqual(["openid", "offline"])
      expect(tokens.refreshToken !== undefined).toBe(devicePath === "both")
      expect(await device.introspect(tokens.accessToken, { freshness: "local" })).toMatchObject({
        active: true,
        subject,
      })
      const asked = tenant.requests.find(({ path }) => path.includes("device"))
      expect(new URLSearchParams(asked?.body).has("client_secret")).toBe(false)
      expect(countOf(tenant, /device.*auth/)).toBe(devicePath === "/oauth2/v2/device_authorization" ? 2 : 1)
    },
  )
})

describe("Kinde on a custom domain", () => {
  it("has its users there and its Management API on the tenant's own host", async () => {
    await using tenant = await startTenant({ customDomain: true })
    await using both = open(tenant)
    const { accessToken } = await logIn(both, tenant)
    const state = await both.introspect(accessToken)
    expect(state).toMatchObject({ active: true, issuer: tenant.issuer, subject })
    expect((await both.clients.get(web.clientId)).name).toBe("Web")
    expect((await both.metadata.discover()).issuer).toBe(tenant.issuer)
    expect((await both.session.end()).url).toBe(`${tenant.issuer}/logout`)
    const token = tenant.requests.find(({ body }) => body.includes("client_credentials"))
    expect(token?.headers.host).toBe(new URL(tenant.apiHost).host)
    expect(new URLSearchParams(token?.body).get("audience")).toBe(`${tenant.apiHost}/api`)
    await using own = open(tenant, { issuer: tenant.apiHost })
    expect(await own.introspect(accessToken)).toEqual({ active: false })
  })
})
