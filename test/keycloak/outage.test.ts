/** A real Keycloak that crashes, restarts, or loses its database: no token is inactive unless it said so. */
import { setTimeout as sleep } from "node:timers/promises"
import { type AuthError, createAuth } from "latchkey"
import { keycloak } from "latchkey/keycloak"
import { describe, expect, inject, it } from "vitest"
import { policiesOff } from "../policies-off.ts"
import { realmAdmin } from "./admin.ts"
import { manager } from "./realm.ts"
import { makeClient, makeScopes } from "./realm-server.ts"
import { startKeycloak } from "./start.ts"

const clientId = "outage"

const open = (url: string) =>
  createAuth(
    keycloak({
      ...policiesOff,
      ...{ issuer: `${url}/realms/latchkey`, clientId, clientSecret: "s p+a:c%e&d=~!" },
      insecureOrigins: [url],
    }),
  )

/** `"active"`, `"inactive"`, or the reason of the error. */
const stateOf = (auth: ReturnType<typeof open>, token: string): Promise<string> =>
  auth.introspect(token).then(
    ({ active }) => (active ? "active" : "inactive"),
    ({ reason }: AuthError) => reason._tag,
  )

describe.skipIf(!inject("canStartKeycloak"))("a Keycloak of its own", () => {
  it("crashes and starts again: its tokens are active, or their state is unknown", { timeout: 600_000 }, async () => {
    await using server = await startKeycloak()
    await using auth = open(server.url)
    const admin = realmAdmin(server.url, "latchkey", manager)
    await makeScopes(admin)
    // Longer than the test takes on a busy machine.
    await makeClient(admin, clientId, { attributes: { "access.token.lifespan": "3600" } })
    const { accessToken } = await auth.clientCredentials()
    expect(await stateOf(auth, accessToken)).toBe("active")

    // The test database writes up to half a second after a commit: an earlier crash would lose the new client.
    await sleep(2000)
    await server.kill()
    expect(await stateOf(auth, accessToken)).toBe("Unavailable")
    let isStarted = false
    const started = server.start().finally(() => {
      isStarted = true
    })
    const seen = new Set<string>()
    while (!isStarted) {
      seen.add(await stateOf(auth, accessToken))
      await sleep(250)
    }
    await started
    expect(seen).toContain("Unavailable")
    expect(seen).not.toContain("inactive")
    await expect.poll(() => stateOf(auth, accessToken), { timeout: 60_000, interval: 200 }).toBe("active")

    // The realm and its keys are gone with the database.
    await server.stop()
    await server.start("empty")
    await expect.poll(() => stateOf(auth, accessToken), { timeout: 60_000 }).toBe("UnexpectedResponse")
    await using young = open(server.url)
    expect(await stateOf(young, accessToken)).toBe("UnexpectedResponse")
    expect(await stateOf(young, "opaque")).toBe("UnexpectedResponse")
  })
})
