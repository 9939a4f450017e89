import { startOry } from "@latchkey/testing"
import { createAuth } from "latchkey"
import { ory } from "latchkey/ory"
import { describe, expect, it } from "vitest"
import { policiesOff } from "../policies-off.ts"
import { startApplication } from "./application.ts"
import { loginPages } from "./login-application.ts"
import { hasBrowser, openPerson, type Person } from "./person.ts"

const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code"

const start = async () => {
  // The pages need the addresses of the server, which needs the addresses of the pages.
  const application = await startApplication(
    loginPages(
      () => auth.consent,
      () => emulator.adminUrl,
    ),
  )
  const { url, redirectUri, returnTo } = application
  const emulator = await startOry({
    urls: {
      ...{ login: `${url}/login`, consent: `${url}/consent`, logout: `${url}/logout` },
      ...{ device: `${url}/device`, deviceDone: `${url}/done` },
    },
    seed: {
      clients: [
        {
          ...{ client_id: "shop", client_secret: "secret", client_name: "Shop", scope: "openid read" },
          ...{ redirect_uris: [redirectUri], post_logout_redirect_uris: [returnTo], response_types: ["code"] },
          grant_types: ["authorization_code", "refresh_token", deviceGrant],
        },
      ],
    },
  })
  const { publicUrl, adminUrl } = emulator
  const auth = createAuth(
    ory({
      ...{ ...policiesOff, publicUrl, adminUrl, insecureOrigins: [publicUrl, adminUrl], redirectUri },
      ...{ clientId: "shop", clientSecret: "secret" },
    }),
  )
  return {
    auth,
    publicUrl,
    redirectUri,
    returnTo,
    done: `${url}/done`,
    [Symbol.asyncDispose]: async () => {
      await emulator.close()
      await application[Symbol.asyncDispose]()
    },
  }
}

const signIn = async (person: Person, password = "correct") => {
  await person.fill("User", "ada")
  await person.fill("Password", password)
  await person.press("Sign in", "Sign in")
}

describe.skipIf(!hasBrowser)("a person at the pages to which Ory sends the browser", () => {
  it.each([false, true])("signs in after a wrong password, and signs out (scripts: %s)", async (scripts) => {
    await using server = await start()
    await using person = await openPerson({ scripts })
    const { url, transaction } = await server.auth.authorize({ scopes: ["openid", "read"] })
    await person.visit(url)
    expect(await person.read("Sign in")).toContain("Sign in to Shop.")
    await signIn(person, "wrong")
    await expect.poll(() => person.read("Sign in")).toContain("The password is wrong.")
    await signIn(person)
    expect(await person.read("Agree")).toContain("Allow openid, read?")
    await person.press("Agree", "Allow")
    const tokens = await server.auth.exchange(await person.arriveAt(server.redirectUri), transaction)
    expect(tokens).toMatchObject({ idClaims: { sub: "ada" }, scopes: ["openid", "read"] })
    const end = { returnTo: server.returnTo, idTokenHint: tokens.idToken ?? "", state: "out" }
    await person.visit((await server.auth.session.end(end)).url)
    await person.press("Sign out", "Sign out")
    expect(await person.arriveAt(server.returnTo)).toBe(`${server.returnTo}?state=out`)
    await person.visit((await server.auth.authorize({ scopes: ["openid"] })).url)
    await person.read("Sign in")
  })

  it("is not asked for the password again", async () => {
    await using server = await start()
    await using person = await openPerson()
    await person.visit((await server.auth.authorize({ scopes: ["openid"] })).url)
    await signIn(person)
    await person.press("Agree", "Allow")
    await person.arriveAt(server.redirectUri)
    await person.visit((await server.auth.authorize({ scopes: ["openid"] })).url)
    await person.read("Agree")
  })

  it.each([
    ["the login", async () => undefined, "Sign in"],
    ["the consent", signIn, "Agree"],
  ] as const)("denies %s, which is AccessDenied", async (_, before, title) => {
    await using server = await start()
    await using person = await openPerson()
    const { url, transaction } = await server.auth.authorize({ scopes: ["openid"] })
    await person.visit(url)
    await before(person)
    await person.press(title, "Deny")
    const callback = await person.arriveAt(server.redirectUri)
    await expect(server.auth.exchange(callback, transaction)).rejects.toMatchObject({
      reason: { _tag: "AccessDenied", code: "access_denied" },
    })
  })

  it("enters the code of a device, after a wrong one", async () => {
    await using server = await start()
    await using person = await openPerson()
    const device = await server.auth.deviceAuthorization({ scopes: ["openid"] })
    await person.visit(device.verificationUri)
    await person.fill("Code", "WRONG")
    await person.press("Device", "Continue")
    await expect.poll(() => person.read("Device")).toContain("The code is wrong.")
    await person.fill("Code", device.userCode)
    await person.press("Device", "Continue")
    await person.read("Sign in")
    await signIn(person)
    await person.press("Agree", "Allow")
    await person.arriveAt(server.done)
    expect((await server.auth.pollDevice({ ...device, intervalSeconds: 0 })).accessToken).toMatch(/./)
  })

  it("is sent back to the redirect URI by a page that needs a script", async () => {
    await using server = await start()
    await using person = await openPerson({ scripts: true })
    const { url } = await server.auth.authorize({ scopes: ["openid"] })
    await person.visit(`${url}&response_mode=form_post`)
    await person.read("Sign in")
    await signIn(person)
    await person.press("Agree", "Allow")
    expect(await person.arriveAt(server.redirectUri)).toBe(server.redirectUri)
  })
})
