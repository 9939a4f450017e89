import { startKinde } from "@latchkey/testing"
import { createAuth } from "latchkey"
import { kinde } from "latchkey/kinde"
import { describe, expect, it } from "vitest"
import { policiesOff } from "../policies-off.ts"
import { startApplication } from "./application.ts"
import { hasBrowser, openPerson } from "./person.ts"

const [web, television] = ["0a1b2c3d4e5f60718293a4b5c6d7e8f1", "0a1b2c3d4e5f60718293a4b5c6d7e8f3"]

const start = async () => {
  const application = await startApplication()
  const { redirectUri, returnTo } = application
  const emulator = await startKinde({
    seed: {
      applications: [
        {
          id: web,
          name: "Web & <Shop>",
          type: "reg",
          secret: "secret",
          redirectUris: [redirectUri],
          logoutUris: [returnTo],
        },
        { id: television, name: "Television", type: "device" },
      ],
      users: [
        { id: "ada", email: "ada@example.org" },
        { id: "grace", email: "grace@example.org" },
      ],
      connectedApps: [{ keyCodeRef: "calendar", callbackUrl: returnTo }],
    },
  })
  const { issuer } = emulator
  const config = {
    ...policiesOff,
    issuer,
    apiHost: emulator.apiHost,
    insecureOrigins: [issuer],
    audience: "any" as const,
  }
  return {
    emulator,
    redirectUri,
    returnTo,
    auth: createAuth(kinde({ ...config, redirectUri, clientId: web, clientSecret: "secret" })),
    device: createAuth(kinde({ ...config, redirectUri, clientId: television, clientAuth: "none" })),
    [Symbol.asyncDispose]: async () => {
      await emulator.close()
      await application[Symbol.asyncDispose]()
    },
  }
}

describe.skipIf(!hasBrowser)("a person at Kinde's pages", () => {
  it.each([false, true])("signs in and out (scripts: %s)", async (scripts) => {
    await using kinde = await start()
    await using person = await openPerson({ scripts })
    const { url, transaction } = await kinde.auth.authorize({ scopes: ["openid", "profile", "email"] })
    await person.visit(url)
    expect(await person.read("Sign in")).toContain("Web & <Shop> asks for the scopes openid, profile, email.")
    await person.press("Sign in", "Sign in")
    const tokens = await kinde.auth.exchange(await person.arriveAt(kinde.redirectUri), transaction)
    expect(tokens.idClaims).toMatchObject({ sub: "ada", email: "ada@example.org" })
    const { url: logout } = await kinde.auth.session.end({
      returnTo: kinde.returnTo,
      idTokenHint: tokens.idToken ?? "",
    })
    await person.visit(logout)
    expect(await person.arriveAt(kinde.returnTo)).toBe(kinde.returnTo)
    // The session is over, so that the page for the login is shown again.
    await person.visit((await kinde.auth.authorize({ scopes: ["openid"] })).url)
    await person.read("Sign in")
  })

  it("signs in as the user that they name", async () => {
    await using kinde = await start()
    await using person = await openPerson()
    const { url, transaction } = await kinde.auth.authorize({ scopes: ["openid"] })
    await person.visit(url)
    await person.fill("User", "grace@example.org")
    await person.press("Sign in", "Sign in")
    const { idClaims } = await kinde.auth.exchange(await person.arriveAt(kinde.redirectUri), transaction)
    expect(idClaims?.sub).toBe("grace")
  })

  it("denies the request, which is AccessDenied, and may then allow it", async () => {
    await using kinde = await start()
    await using person = await openPerson()
    const denied = await kinde.auth.authorize({ scopes: ["openid"] })
    await person.visit(denied.url)
    await person.press("Sign in", "Deny")
    const callback = await person.arriveAt(kinde.redirectUri)
    await expect(kinde.auth.exchange(callback, denied.transaction)).rejects.toMatchObject({
      reason: { _tag: "AccessDenied", code: "access_denied" },
    })
    await person.visit((await kinde.auth.authorize({ scopes: ["openid"] })).url)
    await person.press("Sign in", "Sign in")
    expect(await person.arriveAt(kinde.redirectUri)).toContain("code=")
  })

  it.each([
    ["Connect", "The device is connected", undefined],
    ["Deny", "The device was refused", "AccessDenied"],
  ] as const)("enters the code of a device and presses %s", async (button, text, reason) => {
    await using kinde = await start()
    await using person = await openPerson()
    const device = await kinde.device.deviceAuthorization({ scopes: ["openid"] })
    await person.visit(device.verificationUri)
    await person.fill("Code", device.userCode.toLowerCase())
    await person.press("Connect a device", "Continue")
    await expect.poll(() => person.read("Connect a device")).toContain(device.userCode)
    await person.press("Connect a device", button)
    expect(await person.read("Device")).toContain(text)
    const polled = kinde.device.pollDevice({ ...device, intervalSeconds: 0 })
    if (reason === undefined) expect((await polled).accessToken).toMatch(/./)
    else await expect(polled).rejects.toMatchObject({ reason: { _tag: reason } })
  })

  it("is told that a device has no such code", async () => {
    await using kinde = await start()
    await using person = await openPerson()
    await person.visit(`${kinde.emulator.issuer}/device`)
    await person.fill("Code", "WRONG")
    await person.press("Connect a device", "Continue")
    expect(await person.read("Device")).toContain("The code is invalid or has expired")
    expect(person.errorStatuses()).toEqual([400])
  })
})
