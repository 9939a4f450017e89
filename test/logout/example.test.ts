/** The example of a server with sessions of its own. */
import { once } from "node:events"
import type { AddressInfo } from "node:net"
import { describe, expect, it } from "vitest"
import { type AppSession, sessionServer } from "../../examples/logout.ts"
import { form } from "./bindings.ts"
import { formWith, logoutToken, recordedClient } from "./logout-tokens.ts"

describe("examples/logout.ts", () => {
  it.each([
    ["a session", { sid: "s-1" }, [401, 200, 200]],
    ["every session of a user", { sid: undefined }, [401, 401, 200]],
  ])("ends %s when the issuer says so", async (_, changes, statuses) => {
    const sessions = new Map<string, AppSession>([
      ["a", { subject: "user-1", sid: "s-1" }],
      ["b", { subject: "user-1", sid: "s-2" }],
      ["c", { subject: "user-2" }],
    ])
    const server = sessionServer(recordedClient().auth, sessions).listen(0, "127.0.0.1")
    await once(server, "listening")
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const found = async () => {
      const all: Array<number> = []
      for (const id of ["a", "b", "c"]) all.push((await fetch(url, { headers: { cookie: `session=${id}` } })).status)
      return all
    }
    expect(await found()).toEqual([200, 200, 200])
    const body = formWith(logoutToken(changes))
    const headers = { "content-type": form }
    expect((await fetch(`${url}/backchannel-logout`, { method: "POST", headers, body })).status).toBe(200)
    expect(await found()).toEqual(statuses)
    server.closeAllConnections()
    server.close()
  })
})
