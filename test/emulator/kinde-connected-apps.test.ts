import { type KindeEmulator, makeBrowser } from "@latchkey/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { callback, manager, tenant } from "./kinde-tenant.ts"

let kinde: KindeEmulator
let call: Awaited<ReturnType<typeof manager>>
const clock = { offset: 0 }
beforeAll(async () => {
  kinde = await tenant({ now: () => Date.now() + clock.offset })
})
afterAll(() => kinde.close())
beforeEach(async () => {
  clock.offset = 0
  call = await manager(kinde)
})

describe("Kinde's connected apps", () => {
  const user = "user_id=kp_other"
  const path = "/connected_apps"

  it("return a URL and, after the user's visit, a token that a request renews once it has expired", async () => {
    const { json } = await call("GET", `${path}/auth_url?key_code_ref=calendar&${user}`)
    expect(Object.keys(json).sort()).toEqual(["session_id", "url"])
    const token = () => call("GET", `${path}/token?session_id=${String(json.session_id)}`)
    expect((await token()).status).toBe(400)
    expect(await makeBrowser().go(String(json.url), [kinde.issuer])).toContain(callback)
    const first = (await token()).json
    expect(Object.keys(first).sort()).toEqual(["access_token", "access_token_expiry"])
    expect(first.access_token_expiry).toMatch(/Z$/)
    expect((await token()).json).toEqual(first)
    clock.offset = 3_601_000
    expect((await token()).json.access_token).not.toBe(first.access_token)
    const revoke = () => call("POST", `${path}/revoke?session_id=${String(json.session_id)}`)
    expect((await revoke()).json).toEqual({ code: "OK", message: "Success" })
    expect((await token()).status).toBe(400)
    expect((await revoke()).status).toBe(400)
  })

  it("reject a request without an app or a user, or with an unknown app or user", async () => {
    expect((await call("GET", `${path}/auth_url?${user}`)).status).toBe(400)
    expect((await call("GET", `${path}/auth_url?key_code_ref=calendar`)).status).toBe(400)
    expect((await call("GET", `${path}/auth_url?key_code_ref=none&${user}`)).status).toBe(404)
    expect((await call("GET", `${path}/auth_url?key_code_ref=calendar&user_id=kp_none`)).status).toBe(404)
    expect((await call("GET", `${path}/auth_url?key_code_ref=calendar&org_code=org_1`)).status).toBe(200)
  })

  it("can return a result member for a revocation, and an expiry with a short offset", async () => {
    await using variant = await tenant({ revokeEnvelope: "result", connectedAppExpiry: "short-offset" })
    const manage = await manager(variant)
    const { json } = await manage("GET", `${path}/auth_url?key_code_ref=calendar&${user}`)
    await makeBrowser().go(String(json.url), [variant.issuer])
    const session = `session_id=${String(json.session_id)}`
    expect((await manage("GET", `${path}/token?${session}`)).json.access_token_expiry).toMatch(/\d\+11$/)
    expect(Object.keys((await manage("POST", `${path}/revoke?${session}`)).json)).toEqual(["result"])
  })
})
