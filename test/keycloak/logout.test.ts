/** Back-channel logout of a real Keycloak. */
import { makeBrowser } from "@latchkey/testing"
import { createAuth } from "latchkey"
import { keycloak } from "latchkey/keycloak"
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest"
import { partsOf, type Receiver, startReceiver } from "../logout/receiver.ts"
import { realmAdmin } from "./admin.ts"
import { manager } from "./realm.ts"
import { makeClient, makeScopes, postLogoutRedirectUri, redirectUri, signIn } from "./realm-server.ts"

const running = inject("keycloak")
const { url, realm } = running ?? { url: "http://127.0.0.1", realm: "" }
const issuer = `${url}/realms/${realm}`
const insecureOrigins = url.startsWith("http:") ? [new URL(url).origin] : []
const admin = realmAdmin(url, realm, manager)
const run = crypto.randomUUID().slice(0, 8)

const open = async (receiver: Receiver) => {
  const { clientId, clientSecret = "" } = await makeClient(admin, `logout-${run}-${crypto.randomUUID().slice(0, 4)}`, {
    attributes: { "backchannel.logout.url": receiver.uri, "backchannel.logout.session.required": "true" },
  })
  return createAuth(
    keycloak({
      ...{ issuer, insecureOrigins, clientId, clientSecret, redirectUri, audience: "any" },
      retry: false,
      cache: { maxAge: "1 hour" },
    }),
  )
}

type Auth = Awaited<ReturnType<typeof open>>

const login = async (auth: Auth, browser = makeBrowser()) => {
  const { url: start, transaction } = await auth.authorize({ scopes: ["openid", "read"] })
  return auth.exchange(await signIn(browser, start, "alice", url), transaction)
}

describe.skipIf(running === undefined)("the back-channel logout of a real Keycloak", () => {
  let receiver: Receiver
  beforeAll(async () => {
    await makeScopes(admin)
    receiver = await startReceiver()
  })
  afterAll(() => receiver[Symbol.asyncDispose]())

  it("ends the session that it names, and no other session of the user", async () => {
    await using auth = await open(receiver)
    receiver.serve(auth)
    const ending = await login(auth)
    const staying = await login(auth)
    for (const { accessToken } of [ending, staying]) {
      expect(await auth.introspect(accessToken)).toMatchObject({ active: true })
      expect(await auth.introspect(accessToken, { freshness: "local" })).toMatchObject({ active: true })
    }
    const { idToken = "" } = ending
    await fetch((await auth.session.end({ idTokenHint: idToken, returnTo: postLogoutRedirectUri })).url, {
      redirect: "manual",
    })
    expect(await receiver.outcomes(1)).toEqual(["done"])
    const { header, claims } = partsOf(receiver.bodies[0])
    expect(header).toMatchObject({ alg: "RS256", typ: "logout+jwt" })
    expect(claims).toMatchObject({ iss: issuer, sub: ending.idClaims?.sub, sid: ending.idClaims?.sid })
    // Neither the cache of an hour nor the signature, which is still right, keeps the token active.
    expect(await auth.introspect(ending.accessToken)).toEqual({ active: false })
    expect(await auth.introspect(ending.accessToken, { freshness: "local" })).toEqual({ active: false })
    expect(await auth.introspect(staying.accessToken)).toMatchObject({ active: true })
    expect(await auth.introspect(staying.accessToken, { freshness: "local" })).toMatchObject({ active: true })
  })
})
