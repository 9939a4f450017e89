/** Where a real Keycloak differs from what one expects: what latchkey makes of it. */
import { makeBrowser } from "@latchkey/testing"
import { type AuthError, createAuth } from "latchkey"
import { type KeycloakConfig, keycloak } from "latchkey/keycloak"
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest"
import { policiesOff } from "../policies-off.ts"
import { type Admin, realmAdmin } from "./admin.ts"
import { manager } from "./realm.ts"
import { makeClient, makeScopes, postLogoutRedirectUri, redirectUri, signIn } from "./realm-server.ts"

const running = inject("keycloak")
const { url, realm, other } = running ?? { url: "http://127.0.0.1", realm: "", other: "" }
const admin = realmAdmin(url, realm, manager)
const run = crypto.randomUUID().slice(0, 8)
const closing: Array<() => Promise<void>> = []

/** A provider for a client that the test registers. */
const open = async (
  name: string,
  change: Parameters<typeof makeClient>[2] = {},
  config: Partial<KeycloakConfig> = {},
  at: { readonly realm: string; readonly admin: Admin } = { realm, admin },
) => {
  const { clientId, clientSecret = "" } = await makeClient(at.admin, `${name}-${run}`, change)
  return openAs({ clientId, clientSecret, ...config }, at.realm)
}

const openAs = (config: Omit<KeycloakConfig, "issuer">, realmName = realm) => {
  const issuer = `${url}/realms/${realmName}`
  const insecureOrigins = [new URL(url).origin].filter((origin) => origin.startsWith("http:"))
  const auth = createAuth(keycloak({ ...policiesOff, issuer, insecureOrigins, redirectUri, ...config }))
  closing.push(() => auth.close())
  return auth
}

type Auth = Awaited<ReturnType<typeof open>>

const login = async (auth: Auth, request: Parameters<Auth["authorize"]>[0] = {}, username = "alice") => {
  const { url: start, transaction } = await auth.authorize({ scopes: ["openid", "read"], ...request })
  return auth.exchange(await signIn(makeBrowser(), start, username, url), transaction)
}

const reasonOf = (call: Promise<unknown>) =>
  call.then(
    (value) => expect.fail(`expected an error, got ${JSON.stringify(value)}`),
    ({ reason }: AuthError) => reason,
  )

const freshnesses = [undefined, "live", "local", "prefer-local"] as const

/** How many of the tokens are active as access tokens, with any freshness. */
const accepted = async (auth: Auth, tokens: ReadonlyArray<string | undefined>): Promise<number> => {
  let count = 0
  for (const token of tokens)
    for (const freshness of freshnesses) {
      const state = await auth.introspect(token ?? expect.fail("a token is missing"), {
        ...(freshness && { freshness }),
      })
      if (state.active) count += 1
    }
  return count
}

describe.skipIf(running === undefined)("a real Keycloak", () => {
  beforeAll(() => makeScopes(admin))
  afterAll(async () => {
    for (const close of closing) await close()
  })

  it("gives no ID token, refresh token or offline token that passes as an access token", async () => {
    const auth = await open("kinds", {}, { audience: "any" })
    const [online, offline] = [await login(auth), await login(auth, { offline: true })]
    const others = [online.idToken, online.refreshToken, offline.idToken, offline.refreshToken]
    expect(await accepted(auth, others)).toBe(0)
    expect(await accepted(auth, [online.accessToken, offline.accessToken])).toBe(2 * freshnesses.length)
  })

  it("introspects refresh and offline tokens where a refresh token is expected, and nothing else", async () => {
    const auth = await open("refresh")
    const [online, offline] = [await login(auth), await login(auth, { offline: true })]
    const expect_ = { expect: "refresh_token" } as const
    for (const { refreshToken = "" } of [online, offline])
      expect(await auth.introspect(refreshToken, expect_)).toMatchObject({ active: true, use: "refresh_token" })
    for (const token of [online.accessToken, online.idToken ?? ""])
      expect(await auth.introspect(token, expect_)).toEqual({ active: false })
  })

  it("gives a refresh token that outlives the session only where it was asked for, without a consent page", async () => {
    const auth = await open("offline")
    const claimsOf = (token = "") => JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString())
    expect(claimsOf((await login(auth)).refreshToken).typ).toBe("Refresh")
    const { url: start } = await auth.authorize({ offline: true })
    expect(new URL(start).searchParams.get("prompt")).toBeNull()
    expect(claimsOf((await login(auth, { offline: true })).refreshToken).typ).toBe("Offline")
  })

  it("issues tokens of another realm that are not active here", async () => {
    const otherAdmin = realmAdmin(url, other, manager)
    await makeScopes(otherAdmin)
    const here = await open("both", {}, { audience: "any" })
    const there = await open("both", {}, { audience: "any" }, { realm: other, admin: otherAdmin })
    const tokens = [(await there.clientCredentials()).accessToken, (await login(there)).accessToken]
    expect(await accepted(there, tokens)).toBe(2 * freshnesses.length)
    expect(await accepted(here, tokens)).toBe(0)
  })

  it("reports a token as inactive to a client that is not in its audience", async () => {
    const inAudience = await open("api")
    const outside = await open("outside")
    const { accessToken } = await inAudience.clientCredentials()
    expect(await inAudience.introspect(accessToken)).toMatchObject({ active: true })
    expect(await outside.introspect(accessToken)).toEqual({ active: false })
    const own = await open("own", { protocolMappers: [] })
    expect(await own.introspect((await own.clientCredentials()).accessToken)).toEqual({ active: false })
  })

  it("has users whose names are those of service accounts, and latchkey takes none for a client", async () => {
    const auth = await open("spoofed", { serviceAccountsEnabled: false }, { audience: "any" })
    await admin("POST", "/users", {
      ...{ username: `service-account-spoofed-${run}`, enabled: true, firstName: "S", lastName: "A" },
      ...{ email: `spoof-${run}@example.test`, credentials: [{ type: "password", value: "correct horse" }] },
    })
    const { accessToken } = await login(auth, {}, `service-account-spoofed-${run}`)
    for (const freshness of ["live", "local"] as const) {
      const state = await auth.introspect(accessToken, { freshness })
      expect(state).toMatchObject({ active: true, clientId: `spoofed-${run}` })
      expect(state).not.toHaveProperty("subjectType")
    }
    const machine = await open("Machine")
    const { accessToken: own } = await machine.clientCredentials()
    expect(await machine.introspect(own)).toMatchObject({ subjectType: "client", clientId: `Machine-${run}` })
  })

  it("tells a wrong secret from a client that may not use the grant only by its words", async () => {
    const { clientId } = await makeClient(admin, `grants-${run}`, { serviceAccountsEnabled: false })
    const wrong = openAs({ clientId, clientSecret: "wrong" })
    expect(await reasonOf(wrong.clientCredentials())).toMatchObject({ _tag: "InvalidClient" })
    expect(await reasonOf(wrong.introspect("token"))).toMatchObject({ _tag: "InvalidClient" })
    const right = openAs({ clientId, clientSecret: "s p+a:c%e&d=~!" })
    expect(await reasonOf(right.clientCredentials())).toMatchObject({ _tag: "InvalidRequest" })
  })

  it("does not let a public client introspect", async () => {
    const { clientId } = await makeClient(admin, `public-${run}`, { publicClient: true, serviceAccountsEnabled: false })
    const auth = openAs({ clientId, clientAuth: "none" })
    expect(await reasonOf(auth.introspect("token"))).toMatchObject({ _tag: "InvalidClient" })
  })

  it("denies the revocation of another client's token, which lives on", async () => {
    const [owner, stranger] = [await open("owner"), await open("stranger")]
    const { accessToken } = await owner.clientCredentials()
    expect(await reasonOf(stranger.revoke(accessToken))).toMatchObject({ _tag: "AccessDenied" })
    expect(await owner.introspect(accessToken)).toMatchObject({ active: true })
    expect(await owner.revoke("garbage")).toBeUndefined()
  })

  it("denies offline access to a user without the role", async () => {
    const auth = await open("not-allowed")
    await admin("POST", "/users", {
      ...{ username: `plain-${run}`, enabled: true, firstName: "P", lastName: "U", email: `plain-${run}@example.test` },
      credentials: [{ type: "password", value: "correct horse" }],
    })
    const [user] = (await admin("GET", `/users?exact=true&username=plain-${run}`)) as [{ readonly id: string }]
    const path = `/users/${user.id}/role-mappings/realm`
    await admin("DELETE", path, await admin("GET", path))
    const name = `plain-${run}`
    expect(await reasonOf(login(auth, { offline: true }, name))).toMatchObject({ _tag: "AccessDenied" })
    expect((await login(auth, {}, name)).refreshToken).toBeTypeOf("string")
  })

  it("names the audience of a lightweight token only in its response", async () => {
    const change = { attributes: { "client.use.lightweight.access.token.enabled": "true" } }
    const auth = await open("light", change, { audience: [`light-${run}`] })
    const { accessToken } = await auth.clientCredentials({ scopes: ["read"] })
    expect(await auth.introspect(accessToken)).toMatchObject({
      ...{ active: true, clientId: `light-${run}`, scopes: ["read"] },
      audience: expect.arrayContaining([`light-${run}`]),
    })
    expect(await auth.introspect(accessToken, { freshness: "prefer-local" })).toMatchObject({ active: true })
    expect(await auth.introspect(accessToken, { freshness: "local" })).toEqual({ active: false })
    const forged = `${accessToken.slice(0, accessToken.lastIndexOf("."))}.${Buffer.alloc(256, 1).toString("base64url")}`
    expect(await auth.introspect(forged)).toEqual({ active: false })
    const elsewhere = openAs({ clientId: `light-${run}`, clientSecret: "s p+a:c%e&d=~!", audience: ["elsewhere"] })
    expect(await elsewhere.introspect(accessToken)).toEqual({ active: false })
  })

  it("ends the tokens from before the client's not-before time", async () => {
    const auth = await open("before")
    const { accessToken } = await auth.clientCredentials()
    const [client] = (await admin("GET", `/clients?clientId=before-${run}`)) as [{ readonly id: string }]
    await admin("PUT", `/clients/${client.id}`, { notBefore: Math.floor(Date.now() / 1000) + 1 })
    expect(await auth.introspect(accessToken)).toEqual({ active: false })
  })

  it("puts the roles into the claims, with and without a question to Keycloak", async () => {
    const auth = await open("roles", {}, { audience: "any" })
    const { accessToken } = await login(auth)
    for (const freshness of ["live", "local"] as const)
      expect(await auth.introspect(accessToken, { freshness })).toMatchObject({
        claims: { realm_access: { roles: expect.arrayContaining(["offline_access"]) } },
      })
  })

  it("ends the session at a logout, and latchkey reports its tokens as inactive", async () => {
    const auth = await open("logout")
    const { accessToken, idToken = "" } = await login(auth)
    const end = await auth.session.end({ idTokenHint: idToken, returnTo: postLogoutRedirectUri })
    expect(await makeBrowser().go(end.url, [new URL(url).origin])).toContain(postLogoutRedirectUri)
    expect(await auth.introspect(accessToken)).toEqual({ active: false })
    expect(await reasonOf(auth.userInfo(accessToken))).toMatchObject({ _tag: "InvalidToken" })
  })
})
