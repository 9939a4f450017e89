import type { ReplayStore } from "latchkey/guard"
import type { RedisFleet } from "latchkey/redis"
import { createClient } from "redis"
import { describe, expect, test, vi } from "vitest"
import { clientNames, openFleet } from "./clients.ts"
import { redisOfEachTest } from "./redis-of-file.ts"
import { hasRedis } from "./redis-server.ts"

const patient = { deadline: "1 second" } as const
const redis = redisOfEachTest()

/** Reserves a proof that can have been accepted since now. */
const spend = (store: ReplayStore, key: string, owner = "owner", usableSince = Date.now() + 10_000) =>
  store.reserve(key, Date.now() + 60_000, owner, usableSince)

describe.skipIf(!hasRedis).each(clientNames)("a replay store over %s", (name) => {
  test("accepts each proof once, whichever process it reaches", async () => {
    await using one = await openFleet(redis.port, name, patient)
    await using other = await openFleet(redis.port, name, patient)
    const stores = [one.replayStore(), other.replayStore()]
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, index) => spend(stores[index % 2] as ReplayStore, "p")),
    )
    expect(all.filter((each) => each === "fresh")).toHaveLength(1)
  })
})

describe.skipIf(!hasRedis)("a replay store", () => {
  const withFleet = async (use: (fleet: RedisFleet) => Promise<void>) => {
    await using fleet = await openFleet(redis.port, "redis", patient)
    await use(fleet)
  }

  test("forgets a proof when it is too old anyway", () =>
    withFleet(async (fleet) => {
      const store = fleet.replayStore()
      await store.reserve("short", Date.now() + 30, "owner")
      await vi.waitFor(async () => expect(await store.reserve("short", Date.now() + 30, "owner")).toBe("fresh"))
    }))

  test("lets one key crowd out no other key", () =>
    withFleet(async (fleet) => {
      const store = fleet.replayStore({ maxPerKey: 3 })
      for (const key of ["1", "2", "3"]) expect(await spend(store, key, "greedy")).toBe("fresh")
      await expect(spend(store, "4", "greedy")).rejects.toThrow("the key has its whole share")
      expect(await spend(store, "5", "other")).toBe("fresh")
      expect(await spend(store, "1", "greedy")).toBe("seen")
    }))

  test("rejects while the server does not answer", () =>
    withFleet(async (fleet) => {
      const store = fleet.replayStore()
      await redis.kill()
      await expect(spend(store, "p")).rejects.toThrow("did not answer")
    }))

  test("rejects a proof that may have been spent before the server lost its data", () =>
    withFleet(async (fleet) => {
      const store = fleet.replayStore()
      const madeAt = Date.now()
      await vi.waitFor(async () => expect(await spend(store, "before", "owner", Date.now())).toBe("fresh"))
      const admin = createClient({ socket: { port: redis.port } })
      await admin.connect()
      await admin.flushAll()
      await expect(spend(store, "before", "owner", madeAt)).rejects.toThrow("older than the replay store")
      expect(await spend(store, "after")).toBe("fresh")
      admin.destroy()
    }))

  test.each([
    [{ maxPerKey: 0 }, "maxPerKey"],
    [{ unknown: 1 } as object, "unknown"],
  ])("rejects the options %j", (options, path) =>
    withFleet(async (fleet) => {
      expect(() => fleet.replayStore(options)).toThrow(path)
    }),
  )
})
