import type { KindeEmulator } from "@latchkey/testing"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { type KindeAuth, machineTokensOf, open, reasonOf, startTenant, web } from "./tenant.ts"

let emulator: KindeEmulator
let auth: KindeAuth
beforeEach(async () => {
  emulator = await startTenant()
  auth = open(emulator)
})
afterEach(async () => {
  vi.useRealTimers()
  await auth.close()
  await emulator.close()
})

const respondWith = (path: string | RegExp, status: number, body: unknown, times = 1) =>
  emulator.faults.add({
    path,
    times,
    fault: {
      kind: "status",
      status,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    },
  })

describe("a revocation", () => {
  it("succeeds for a token that Kinde does not know", async () => {
    respondWith("/oauth2/revoke", 400, { errors: [{ code: "TOKEN_NOT_FOUND" }] })
    expect(await auth.revoke("unknown")).toBeUndefined()
  })

  it.each([
    [400, "APPLICATION_NOT_FOUND", "InvalidRequest"],
    [500, "SHARD_NOT_FOUND", "Unavailable"],
    [503, "TOKEN_NOT_FOUND", "Unavailable"],
    [429, "TOKEN_NOT_FOUND", "RateLimited"],
  ])("answered %s with %s is %s, because the token may stay active", async (status, code, tag) => {
    respondWith("/oauth2/revoke", status, { errors: [{ code }] })
    expect((await reasonOf(auth.revoke("token")))._tag).toBe(tag)
  })
})

describe("a list of clients", () => {
  const page = (applications: ReadonlyArray<object>, next_token?: string) => ({ code: "OK", applications, next_token })

  it("accepts an application whose name contains HTML", async () => {
    respondWith("/api/v1/applications", 200, page([{ id: "x", name: "XML feed <html>" }]))
    expect(await Array.fromAsync(auth.clients.list())).toMatchObject([{ clientId: "x", name: "XML feed <html>" }])
  })

  it("never shows a secret that Kinde sends", async () => {
    respondWith("/api/v1/applications", 200, page([{ id: "x", name: "Shop", client_secret: "leaked-9c1f" }]))
    expect(JSON.stringify(await Array.fromAsync(auth.clients.list()))).not.toContain("leaked-9c1f")
  })

  it("continues when a page begins with the last application of the previous page", async () => {
    respondWith("/api/v1/applications", 200, page([{ id: "a" }, { id: "b" }], "second"))
    respondWith("/api/v1/applications", 200, page([{ id: "b" }, { id: "c" }]))
    const found = await Array.fromAsync(auth.clients.list())
    expect(found.map(({ clientId }) => clientId)).toEqual(["a", "b", "b", "c"])
  })
})

describe("a management token that Kinde always rejects", () => {
  it("is fetched again only when it is a minute old", async () => {
    vi.useFakeTimers({ toFake: ["Date"] })
    respondWith(/^\/api\/v1\//, 401, { errors: [{ code: "TOKEN_INVALID" }] }, 100)
    for (let count = 0; count < 5; count++)
      expect((await reasonOf(auth.clients.get(web.clientId)))._tag).toBe("InvalidClient")
    expect(machineTokensOf(emulator)).toBe(1)
    vi.setSystemTime(Date.now() + 61_000)
    expect((await reasonOf(auth.clients.get(web.clientId)))._tag).toBe("InvalidClient")
    expect(machineTokensOf(emulator)).toBe(2)
  })
})
