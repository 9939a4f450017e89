import { startOidc } from "@latchkey/testing"
import { createAuth } from "latchkey"
import { oidc } from "latchkey/oidc"
import { describe, expect, it } from "vitest"
import { policiesOff } from "../policies-off.ts"
import { startApplication } from "./application.ts"
import { hasBrowser, openPerson } from "./person.ts"

const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code"

const start = async () => {
  const application = await startApplication()
  const { redirectUri, returnTo } = application
  const { issuer, close } = await startOidc({
    users: { ada: { email: "ada@example.org" } },
    clients: [
      {
        ...{ client_id: "shop", client_secret: "secret", client_name: "Shop & <Co>", response_types: ["code"] },
        ...{ redirect_uris: [redirectUri], post_logout_redirect_uris: [returnTo] },
        grant_types: ["authorization_code", "refresh_token", deviceGrant],
      },
    ],
  })
  return {
    issuer,
    redirectUri,
    returnTo,
    auth: createAuth(
      oidc({
        ...{ ...policiesOff, issuer, insecureOrigins: [issuer], redirectUri, token: { kind } },
        ...{ clientId: "shop", clientSecret: "secret" },
      }),
    ),
    [Symbol.asyncDispose]: async () => {
      await close()
      await application[Symbol.asyncDispose]()
    },
  }
}

/** In introspection responses of `oidc-provider`, only access tokens have a token type. */
const kind = [
  { name: "token_type", use: "access_token" },
  { name: "token_type", absent: true, use: "refresh_token" },
] as const

const consent = "Authorize an application"
const connect = "Connect a device"

describe.skipIf(!hasBrowser)("a person at the pages of a standard provider", () => {
  it.each([false, true])("allows the request and signs out (scripts: %s)", async (scripts) => {
    await using provider = await start()
    await using person = await openPerson({ scripts })
    const { url, transaction } = await provider.auth.authorize({ scopes: ["openid", "email"] })
    await person.visit(url)
    expect(await person.read(consent)).toContain("Shop & <Co> asks for the scopes openid, email.")
    await person.press(consent, "Allow")
    const tokens = await provider.auth.exchange(await person.arriveAt(provider.redirectUri), transaction)
    expect(tokens.idClaims).toMatchObject({ sub: "ada" })
    const end = { returnTo: provider.returnTo, idTokenHint: tokens.idToken ?? "", state: "out" }
    await person.visit((await provider.auth.session.end(end)).url)
    await person.press("Sign out", "Sign out")
    expect(await person.arriveAt(provider.returnTo)).toBe(`${provider.returnTo}?state=out`)
    const silent = await provider.auth.authorize({ scopes: ["openid"], prompt: "none" })
    await person.visit(silent.url)
    await expect(
      provider.auth.exchange(await person.arriveAt(provider.redirectUri), silent.transaction),
    ).rejects.toMatchObject({ reason: { _tag: "InteractionRequired", code: "login_required" } })
  })

  it("stays signed in", async () => {
    await using provider = await start()
    await using person = await openPerson()
    const { url, transaction } = await provider.auth.authorize({ scopes: ["openid"] })
    await person.visit(url)
    await person.press(consent, "Allow")
    const tokens = await provider.auth.exchange(await person.arriveAt(provider.redirectUri), transaction)
    const end = { returnTo: provider.returnTo, idTokenHint: tokens.idToken ?? "" }
    await person.visit((await provider.auth.session.end(end)).url)
    await person.press("Sign out", "Stay signed in")
    await person.arriveAt(provider.returnTo)
    const silent = await provider.auth.authorize({ scopes: ["openid"], prompt: "none" })
    await person.visit(silent.url)
    const callback = await person.arriveAt(provider.redirectUri)
    // The user is known; the grant to the client ended.
    await expect(provider.auth.exchange(callback, silent.transaction)).rejects.toMatchObject({
      reason: { _tag: "InteractionRequired", code: "consent_required" },
    })
  })

  it("signs out without an application to return to", async () => {
    await using provider = await start()
    await using person = await openPerson()
    const { url } = await provider.auth.authorize({ scopes: ["openid"] })
    await person.visit(url)
    await person.press(consent, "Allow")
    await person.arriveAt(provider.redirectUri)
    await person.visit((await provider.auth.session.end()).url)
    await person.press("Sign out", "Sign out")
    expect(await person.read("Signed out")).toContain("You are signed out.")
  })

  it("denies the request, which is AccessDenied", async () => {
    await using provider = await start()
    await using person = await openPerson()
    const { url, transaction } = await provider.auth.authorize({ scopes: ["openid"] })
    await person.visit(url)
    await person.press(consent, "Deny")
    const callback = await person.arriveAt(provider.redirectUri)
    await expect(provider.auth.exchange(callback, transaction)).rejects.toMatchObject({
      reason: { _tag: "AccessDenied", code: "access_denied" },
    })
  })

  it("enters the code of a device, after a wrong one", async () => {
    await using provider = await start()
    await using person = await openPerson()
    const device = await provider.auth.deviceAuthorization({ scopes: ["openid"] })
    await person.visit(device.verificationUri)
    await person.fill("Code", "WRONG")
    await person.press(connect, "Continue")
    await expect.poll(() => person.read(connect)).toContain("The code is invalid or has expired.")
    await person.fill("Code", device.userCode)
    await person.press(connect, "Continue")
    await person.press(connect, "Connect")
    await person.press(consent, "Allow")
    expect(await person.read(connect)).toContain("The device is connected.")
    expect((await provider.auth.pollDevice({ ...device, intervalSeconds: 0 })).accessToken).toMatch(/./)
  })

  it("denies a device, whose code is in the address", async () => {
    await using provider = await start()
    await using person = await openPerson({ scripts: true })
    const device = await provider.auth.deviceAuthorization({ scopes: ["openid"] })
    await person.visit(device.verificationUriComplete ?? "")
    await person.press(connect, "Deny")
    await expect.poll(() => person.read(connect)).toContain("The device was denied.")
    await expect(provider.auth.pollDevice({ ...device, intervalSeconds: 0 })).rejects.toMatchObject({
      reason: { _tag: "AccessDenied" },
    })
  })

  it("reads why a request of an unknown client is wrong", async () => {
    await using provider = await start()
    await using person = await openPerson()
    await person.visit(`${provider.issuer}/auth?response_type=code&client_id=nobody`)
    expect(await person.read("Error")).toContain("invalid_client")
    expect(person.errorStatuses()).toEqual([400])
  })
})
