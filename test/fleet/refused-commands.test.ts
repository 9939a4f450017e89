import { createClient } from "redis"
import { describe, expect, test, vi } from "vitest"
import { openFleet } from "./clients.ts"
import { makeVendor, startProcess } from "./processes.ts"
import { redisOfEachTest } from "./redis-of-file.ts"
import { hasRedis } from "./redis-server.ts"

const server = "https://id.example"
const redis = redisOfEachTest()

describe.skipIf(!hasRedis)("a process whose end was not sent, because the server hung", () => {
  test("sends it when the server answers again, and reads no entry from before", async () => {
    await using one = await openFleet(redis.port, "redis", {})
    await using other = await openFleet(redis.port, "redis", { deadline: "1 second" })
    await vi.waitFor(async () => expect(await one.revision()).toBeDefined(), { timeout: 5000 })
    const revision = (await other.revision()) ?? ""
    await other.put("k", "value", { revision, parties: { server, subject: "u" }, lifetime: 60_000 })
    redis.freeze()
    // After three commands without an answer no further one is sent.
    for (let index = 0; index < 4; index++) await one.revision()
    expect(await one.end({ server, subject: "u" })).toBe(false)
    redis.resume()
    expect(await other.find("k")).toBeDefined()
    const found: Array<unknown> = []
    await vi.waitFor(
      async () => {
        found.push(await one.find("k"))
        expect(await other.find("k")).toBeUndefined()
      },
      { timeout: 10_000, interval: 100 },
    )
    expect(new Set(found)).toEqual(new Set([undefined]))
  })
})

describe.skipIf(!hasRedis)("a stranger who revokes texts that look like tokens", () => {
  test("leaves the local answers of other processes", async () => {
    const transport = makeVendor()
    await using one = await startProcess(redis.port, transport)
    await using attacked = await startProcess(redis.port, transport)
    await one.auth.introspect("u1/c1/kept")
    const told = new Promise<void>((resolve) =>
      one.fleet.onEnd((end) => end !== "unknown" && end.outdates && resolve()),
    )
    await attacked.auth.revoke("garbage")
    await told
    redis.freeze()
    const asked = transport.count("/introspect")
    expect(await one.auth.introspect("u1/c1/kept")).toMatchObject({ active: true })
    expect(transport.count("/introspect")).toBe(asked)
    redis.resume()
  })
})

describe.skipIf(!hasRedis)("a server that is full", () => {
  test("fails no call, and still answers from what it has", async () => {
    const transport = makeVendor()
    await using one = await startProcess(redis.port, transport)
    await using other = await startProcess(redis.port, transport)
    await one.auth.introspect("u1/c1/kept")
    const admin = createClient({ socket: { port: redis.port } })
    await admin.connect()
    await admin.configSet({ maxmemory: "1", "maxmemory-policy": "noeviction" })
    for (let index = 0; index < 20; index++)
      expect(await other.auth.introspect(`u1/c1/${index}`)).toMatchObject({ active: true })
    const asked = transport.count("/introspect")
    await other.auth.introspect("u1/c1/kept")
    expect(transport.count("/introspect")).toBe(asked)
    await other.auth.revoke("u1/c1/kept")
    expect(other.events).toContainEqual({ _tag: "RevocationUnshared", provider: "oidc", operation: "revoke" })
    admin.destroy()
  })
})
