import type { FleetEnd } from "latchkey"
import type { RedisFleet } from "latchkey/redis"
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest"
import { type ClientName, clientNames, openFleet, secret } from "./clients.ts"
import { hasRedis, type RedisServer, startRedis } from "./redis-server.ts"

const server = "https://id.example"
const parties = { server, subject: "user-1", clientId: "app", session: "s-1", token: "t-1" }
const patient = { deadline: "1 second" } as const

/** Stores a value as a process does: it claims the key, and puts the value under the revision. */
const store = async (fleet: RedisFleet, key: string, of: FleetEnd = parties, lifetime = 60_000) => {
  const claimed = await fleet.claim(key, { maxAge: 60_000, lockFor: 1000 })
  if (claimed === undefined || claimed.entry !== undefined) throw new Error("expected a claim without an entry")
  const lock = typeof claimed.lock === "object" ? claimed.lock : undefined
  await fleet.put(key, `value of ${key}`, { revision: claimed.revision, parties: of, lifetime, lock })
  return claimed
}

describe.skipIf(!hasRedis).each(clientNames)("a fleet over %s", (name: ClientName) => {
  let redis: RedisServer
  let one: Awaited<ReturnType<typeof openFleet>>
  let other: Awaited<ReturnType<typeof openFleet>>
  beforeAll(async () => {
    redis = await startRedis()
    one = await openFleet(redis.port, name, patient)
    other = await openFleet(redis.port, name, patient)
  })
  afterAll(async () => {
    await one.close()
    await other.close()
    await redis.close()
  })

  test("returns to one process what another one has stored, with its age", async () => {
    await store(one, "shared")
    expect(await other.find("shared")).toEqual({ value: "value of shared", age: expect.any(Number) })
    expect(await other.claim("shared", { maxAge: 60_000, lockFor: 1000 })).toMatchObject({
      entry: { value: "value of shared" },
    })
  })

  test("returns no entry that is older than the caller accepts", async () => {
    await store(one, "old")
    await vi.waitFor(async () => expect((await other.find("old"))?.age).toBeGreaterThan(20))
    expect(await other.claim("old", { maxAge: 20, lockFor: 0 })).toMatchObject({ revision: expect.any(String) })
  })

  test("gives the lock of a key to one process, until it stores the value or gives the lock back", async () => {
    const first = await one.claim("locked", { maxAge: 1000, lockFor: 5000 })
    expect(await other.claim("locked", { maxAge: 1000, lockFor: 5000 })).toMatchObject({ lock: "taken" })
    if (first?.entry !== undefined || typeof first?.lock !== "object") throw new Error("expected the lock")
    await first.lock.release()
    expect(await other.claim("locked", { maxAge: 1000, lockFor: 5000 })).toMatchObject({
      lock: { release: expect.any(Function) },
    })
  })

  test.each<readonly [string, Omit<FleetEnd, "server">]>([
    ["the server", {}],
    ["the subject", { subject: "user-1" }],
    ["the client", { clientId: "app" }],
    ["the subject at the client", { subject: "user-1", clientId: "app" }],
    ["the grant", { subject: "user-1", clientId: "app", grant: true }],
    ["the session", { session: "s-1" }],
    ["the token", { token: "t-1" }],
  ])("ends an entry with %s, for all processes", async (what, end) => {
    await store(one, what)
    expect(await other.find(what)).toBeDefined()
    expect(await one.end({ server, ...end })).toBe(true)
    expect(await other.find(what)).toBeUndefined()
    await store(other, what)
    expect(await one.find(what)).toBeDefined()
  })

  test.each<readonly [string, FleetEnd]>([
    ["of another server", { server: "https://other.example", subject: "user-1" }],
    ["of another subject", { server, subject: "user-2" }],
    ["of another client", { server, clientId: "other" }],
    ["of the subject at another client", { server, subject: "user-1", clientId: "other" }],
    ["of the tokens of the client that have no subject", { server, clientId: "app", grant: true }],
    ["of another session", { server, session: "s-2" }],
    ["of another token", { server, token: "t-2" }],
    ["that is not known", { server, outdates: true }],
  ])("keeps an entry after an end %s", async (what, end) => {
    await store(one, what)
    expect(await other.end(end)).toBe(true)
    expect(await one.find(what)).toBeDefined()
  })

  test("stores nothing for a request during which one of its parties has ended", async () => {
    const revision = await one.revision()
    await other.end({ server, subject: "user-1" })
    await one.put("in flight", "value", { revision: revision ?? "", parties, lifetime: 60_000 })
    expect(await other.find("in flight")).toBeUndefined()
  })

  test("never replaces an entry with one whose request started earlier", async () => {
    const early = await one.revision()
    await new Promise((resolve) => setTimeout(resolve, 5))
    const late = await one.revision()
    await one.put("order", "late", { revision: late ?? "", parties, lifetime: 60_000 })
    await other.put("order", "early", { revision: early ?? "", parties, lifetime: 60_000 })
    expect((await one.find("order"))?.value).toBe("late")
  })

  test("reports an end to the other processes and not to itself", async () => {
    const seen: Array<FleetEnd | "unknown"> = []
    const own: Array<FleetEnd | "unknown"> = []
    const ends = [other.onEnd((end) => seen.push(end)), one.onEnd((end) => own.push(end))]
    await vi.waitFor(() => expect([seen, own]).toEqual([["unknown"], ["unknown"]]))
    await one.end({ server, subject: "user-9" }, { server, token: "t-9" })
    await vi.waitFor(() => expect(seen).toEqual(["unknown", { server, subject: "user-9" }, { server, token: "t-9" }]))
    expect(own).toEqual(["unknown"])
    for (const end of ends) end()
  })

  test("keeps values that nothing ends, and locks", async () => {
    expect(await one.set("value", "text", 60_000)).toBe(true)
    expect(await other.get("value")).toBe("text")
    expect(await other.get("absent")).toBeUndefined()
    const lock = await one.lock("lock", 60_000)
    expect(await other.lock("lock", 60_000)).toBe("taken")
    if (typeof lock === "object") await lock.release()
    expect(await other.lock("lock", 60_000)).toBeTypeOf("object")
  })

  test("gives a lock back by itself after its lifetime", async () => {
    await one.lock("short", 20)
    await vi.waitFor(async () => expect(await other.lock("short", 20)).toBeTypeOf("object"))
  })

  test("shares nothing with a fleet that has another secret or another prefix", async () => {
    await store(one, "apart")
    for (const changed of [{ secret: `${secret}!` }, { prefix: "another" }]) {
      await using apart = await openFleet(redis.port, name, { ...patient, ...changed })
      expect(await apart.find("apart")).toBeUndefined()
    }
  })
})
