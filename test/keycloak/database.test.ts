/** A real Keycloak whose database hangs, and ends while it answers: no token is inactive for that. */
import { makeBrowser } from "@latchkey/testing"
import { type AuthError, createAuth } from "latchkey"
import { keycloak } from "latchkey/keycloak"
import { describe, expect, inject, it } from "vitest"
import { policiesOff } from "../policies-off.ts"
import { realmAdmin } from "./admin.ts"
import { startDatabase } from "./database.ts"
import { manager } from "./realm.ts"
import { makeClient, makeScopes, redirectUri, signIn } from "./realm-server.ts"
import { startKeycloak } from "./start.ts"

const clientSecret = "s p+a:c%e&d=~!"

const open = (url: string, clientId: string) =>
  createAuth(
    keycloak({
      ...policiesOff,
      ...{ issuer: `${url}/realms/latchkey`, clientId, clientSecret, redirectUri, audience: "any" },
      insecureOrigins: [url],
      ...{ attemptTimeout: "60 seconds", timeout: "90 seconds" },
    }),
  )

/** The reason of an error; or, of a success, whether the token is inactive. */
const outcome = (call: Promise<unknown>): Promise<string> =>
  call.then(
    (value) => ((value as { readonly active?: boolean } | undefined)?.active === false ? "inactive" : "success"),
    ({ reason }: AuthError) => reason._tag,
  )

describe.skipIf(!inject("canStartKeycloak"))("a Keycloak with a database of its own", () => {
  it("hangs with its database, and is unavailable without it", { timeout: 600_000 }, async () => {
    await using database = await startDatabase()
    await using server = await startKeycloak({ database: database.url })
    await using web = open(server.url, "web")
    await using unknown = open(server.url, "unknown")
    const admin = realmAdmin(server.url, "latchkey", manager)
    await makeScopes(admin)
    const longer = { attributes: { "access.token.lifespan": "3600" } }
    for (const clientId of ["web", "unknown"]) await makeClient(admin, clientId, longer)
    const login = async () => {
      const { url, transaction } = await web.authorize({ scopes: ["openid", "read"] })
      return web.exchange(await signIn(makeBrowser(), url, "alice", server.url), transaction)
    }
    const [first, second] = [await login(), await login()]
    const other = (await unknown.clientCredentials()).accessToken
    // After a start Keycloak knows its realm and this client, but no session and no other client.
    await server.stop()
    await server.start()
    const { accessToken: machine } = await web.clientCredentials()
    expect(await outcome(web.introspect(machine))).toBe("success")

    database.freeze()
    expect(await outcome(web.introspect(first.accessToken, { timeout: "3 seconds" }))).toBe("Unavailable")
    database.thaw()
    await expect.poll(() => outcome(web.introspect(first.accessToken)), { timeout: 60_000 }).toBe("success")

    await database.kill()
    // While its open connections break, Keycloak itself may say that the token is inactive. It is not cached.
    const seen: Array<string> = []
    while (seen.at(-1) !== "Unavailable" && seen.length < 20)
      seen.push(await outcome(web.introspect(second.accessToken)))
    expect(seen.at(-1)).toBe("Unavailable")
    expect(seen).not.toContain("InvalidRequest")
    const refreshToken = second.refreshToken ?? expect.fail("no refresh token")
    const calls: ReadonlyArray<() => Promise<unknown>> = [
      () => web.introspect(refreshToken, { expect: "refresh_token" }),
      () => unknown.introspect(other),
      () => web.refresh(refreshToken),
      () => web.userInfo(second.accessToken),
      () => unknown.clientCredentials(),
      () => web.revoke(second.accessToken),
    ]
    for (const call of calls) expect([String(call), await outcome(call())]).toEqual([String(call), "Unavailable"])
    // The keys, and the session that was read before, are in Keycloak's memory.
    expect((await web.metadata.keys()).keys.length).toBeGreaterThan(0)
    expect(await outcome(web.introspect(first.accessToken))).not.toBe("inactive")
    expect(await outcome(web.introspect(second.accessToken, { freshness: "local" }))).toBe("success")

    await database.start()
    await expect.poll(() => outcome(web.introspect(second.accessToken)), { timeout: 90_000 }).toBe("success")
    expect(await outcome(unknown.introspect(other))).toBe("success")
  })
})
