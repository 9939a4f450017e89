/** Two versions of latchkey with different formats of values, as during a rollout. */
import * as Effect from "effect/Effect"
import type { Fleet, FleetLock } from "latchkey"
import { describe, expect, test } from "vitest"
import { fleetOfProvider } from "../../src/adapters/oidc/fleet-of-provider.ts"
import { readResult } from "../../src/core/policies/fleet-result.ts"
import { readSharedText } from "../../src/core/policies/shared-state.ts"
import { openFleet } from "./clients.ts"
import { redisOfAllTests } from "./redis-of-file.ts"
import { hasRedis } from "./redis-server.ts"

const server = "https://id.example"
const parties = { server, subject: "user-1" }

describe.skipIf(!hasRedis)("processes with another format of values", () => {
  const redis = redisOfAllTests()

  /** Opens the fleet of a process with this version's format, and that of one with another format. */
  const open = async () => {
    const shared = await openFleet(redis.port, "redis", { deadline: "1 second" })
    const openAs = (format?: number) => Effect.runPromise(Effect.scoped(fleetOfProvider(shared, format)))
    return { ours: await openAs(), theirs: await openAs(1000), [Symbol.asyncDispose]: shared.close }
  }

  const put = async (fleet: Fleet, key: string, lock?: FleetLock) =>
    fleet.put(key, "text", { revision: (await fleet.revision()) ?? "", parties, lifetime: 60_000, lock })

  test("read no value of this one, and this one reads none of theirs", async () => {
    await using both = await open()
    const { ours, theirs } = both
    await put(theirs, "theirs")
    await theirs.set("theirs", "text", 60_000)
    expect(await theirs.find("theirs")).toMatchObject({ value: "text" })
    expect(await ours.find("theirs")).toBeUndefined()
    expect(await ours.claim("theirs", { maxAge: 60_000, lockFor: 0 })).not.toHaveProperty("entry")
    expect(await ours.get("theirs")).toBeUndefined()
    await put(ours, "ours")
    expect([await ours.find("ours"), await theirs.find("ours")]).toMatchObject([{ value: "text" }, undefined])
  })

  test("keep no process of this one waiting for a result that it cannot read", async () => {
    await using both = await open()
    const { ours, theirs } = both
    expect(await theirs.claim("k", { maxAge: 0, lockFor: 60_000 })).toMatchObject({ lock: expect.any(Object) })
    expect(await ours.claim("k", { maxAge: 0, lockFor: 1000 })).toMatchObject({ lock: expect.any(Object) })
    expect([await theirs.lock("k", 60_000), await ours.lock("k", 60_000)]).not.toContain("taken")
  })

  test("see what this one ends, and this one sees what they end", async () => {
    await using both = await open()
    const { ours, theirs } = both
    for (const [ending, other] of [
      [ours, theirs],
      [theirs, ours],
    ] as const) {
      await put(other, "ended")
      expect(await other.find("ended")).toBeDefined()
      expect(await ending.end(parties)).toBe(true)
      expect(await other.find("ended")).toBeUndefined()
    }
  })
})

/** If one of these tests fails, older versions may misread the new texts: raise `valueFormat` beside the text. */
describe("a value of format 1", () => {
  test("is an introspection", () => {
    const text = JSON.stringify({
      ...{ active: true, subject: "user-1", scopes: ["read"], audience: ["api"], claims: { sub: "user-1" } },
      ...{ expiresAt: "2026-01-01T00:00:10.000Z", source: { live: "2026-01-01T00:00:00.000Z" } },
    })
    expect(readSharedText(text)).toEqual({
      ...{ active: true, subject: "user-1", scopes: ["read"], audience: ["api"], claims: { sub: "user-1" } },
      ...{ expiresAt: new Date("2026-01-01T00:00:10Z"), source: { live: new Date("2026-01-01T00:00:00Z") } },
    })
    expect(readSharedText('{"active":false}')).toEqual({ active: false })
  })

  test("is the result of a request for tokens, whose times count from the request", () => {
    const tokens = { accessToken: "a", tokenType: "Bearer", scopes: ["read"], refreshToken: "r" }
    const startedAt = Date.UTC(2026, 0, 1)
    const read = readResult(JSON.stringify({ tokens: { ...tokens, expiresIn: 60_000 } }), startedAt)
    expect(read).toEqual({ tokens: { ...tokens, expiresAt: new Date(startedAt + 60_000) } })
    const reason = { _tag: "InvalidGrant", detail: "used twice" }
    const failed = readResult(JSON.stringify({ error: { provider: "oidc", operation: "refresh", reason } }), startedAt)
    expect(failed).toMatchObject({ error: { provider: "oidc", operation: "refresh", reason } })
  })
})
