import { startPolar } from "@latchkey/testing"
import { createAuth } from "latchkey"
import { polar } from "latchkey/polar"
import { describe, expect, it } from "vitest"
import { policiesOff } from "../policies-off.ts"
import { startApplication } from "./application.ts"
import { hasBrowser, openPerson } from "./person.ts"

const ada = "3f0c6a52-8a0e-4d0e-9a52-0f6f2b0a7c11"
const acme = "b7a1f0de-1111-4222-8333-944444444444"

const start = async () => {
  const application = await startApplication()
  const { redirectUri } = application
  const client = { client_id: "shop", client_secret: "secret", client_name: 'Shop "& <Co>', scope: "openid email" }
  const { apiUrl, authorizeUrl, close } = await startPolar({
    seed: {
      users: [{ id: ada, email: "ada@example.com" }],
      organizations: [{ id: acme, slug: "acme", members: [ada] }],
      clients: [{ ...client, redirect_uris: [redirectUri] }],
    },
  })
  const insecureOrigins = [apiUrl, new URL(authorizeUrl).origin]
  return {
    redirectUri,
    authorizeUrl,
    auth: createAuth(
      polar({
        ...{ ...policiesOff, apiUrl, authorizeUrl, insecureOrigins, redirectUri },
        ...{ clientId: "shop", clientSecret: "secret" },
      }),
    ),
    [Symbol.asyncDispose]: async () => {
      await close()
      await application[Symbol.asyncDispose]()
    },
  }
}

const consent = "Authorize an application"

describe.skipIf(!hasBrowser)("a person at Polar's pages", () => {
  it.each([false, true])("allows the request, once (scripts: %s)", async (scripts) => {
    await using polar = await start()
    await using person = await openPerson({ scripts })
    const logIn = () => polar.auth.authorize({ scopes: ["openid", "email"] })
    const { url, transaction } = await logIn()
    await person.visit(url)
    expect(await person.read(consent)).toContain('Shop "& <Co> asks for the scopes openid, email.')
    await person.press(consent, "Allow")
    const tokens = await polar.auth.exchange(await person.arriveAt(polar.redirectUri), transaction)
    expect(tokens.idClaims).toMatchObject({ sub: ada })
    // The consent is remembered.
    await person.visit((await logIn()).url)
    expect(await person.arriveAt(polar.redirectUri)).toContain("code=")
  })

  it("grants access to one organization", async () => {
    await using polar = await start()
    await using person = await openPerson()
    const { url, transaction } = await polar.auth.authorize({ scopes: ["openid"] })
    const forOrganization = new URL(url)
    forOrganization.searchParams.set("sub_type", "organization")
    await person.visit(forOrganization.href)
    await person.press(consent, "Allow")
    const tokens = await polar.auth.exchange(await person.arriveAt(polar.redirectUri), transaction)
    expect(tokens.idClaims).toMatchObject({ sub: ada })
  })

  it("denies the request, which is AccessDenied, and is asked again", async () => {
    await using polar = await start()
    await using person = await openPerson()
    const { url, transaction } = await polar.auth.authorize({ scopes: ["openid"] })
    await person.visit(url)
    await person.press(consent, "Deny")
    const callback = await person.arriveAt(polar.redirectUri)
    await expect(polar.auth.exchange(callback, transaction)).rejects.toMatchObject({
      reason: { _tag: "AccessDenied", code: "access_denied" },
    })
    await person.visit((await polar.auth.authorize({ scopes: ["openid"] })).url)
    await person.read(consent)
  })

  it("is not asked by a request without a screen, which is InteractionRequired", async () => {
    await using polar = await start()
    await using person = await openPerson()
    const { url, transaction } = await polar.auth.authorize({ scopes: ["openid"], prompt: "none" })
    await person.visit(url)
    const callback = await person.arriveAt(polar.redirectUri)
    await expect(polar.auth.exchange(callback, transaction)).rejects.toMatchObject({
      reason: { _tag: "InteractionRequired", code: "login_required" },
    })
  })

  it("reads why a request of an unknown client is wrong", async () => {
    await using polar = await start()
    await using person = await openPerson()
    await person.visit(`${polar.authorizeUrl}?response_type=code&client_id=nobody`)
    expect(await person.read("Polar")).toContain("invalid_client")
    expect(person.errorStatuses()).toEqual([400])
  })
})
