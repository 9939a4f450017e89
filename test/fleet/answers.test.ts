import * as Effect from "effect/Effect"
import { createClient } from "redis"
import { describe, expect, test, vi } from "vitest"
import { down } from "../policies/vendor.ts"
import { json } from "../unit/scripted-transport.ts"
import { processesOfFile } from "./processes-of-file.ts"
import { hasRedis } from "./redis-server.ts"

const world = processesOfFile()
const { asked, ended, redis, start } = world

describe.skipIf(!hasRedis)("two processes of a fleet", () => {
  test("share inactive answers for inactiveMaxAge, and none where it is 0", async () => {
    for (const inactiveMaxAge of ["2 seconds", "0 seconds"] as const) {
      const cache = { inactiveMaxAge }
      const [one, other] = [await start({ cache }), await start({ cache })]
      const token = `inactive.${inactiveMaxAge.length}.${inactiveMaxAge[0]}`
      ended.add(token)
      const before = asked()
      await one.introspect(token)
      await other.introspect(token)
      expect(asked() - before).toBe(inactiveMaxAge === "0 seconds" ? 2 : 1)
    }
  })

  test("share nothing with cache: false, and end tokens of others all the same", async () => {
    const uncached = await start({ cache: false, singleFlight: false })
    const [one] = [await start()]
    await one.introspect("u1/c1/uncached")
    await uncached.introspect("u1/c1/uncached")
    await uncached.introspect("u1/c1/uncached")
    expect(asked()).toBe(3)
    ended.add("u1/c1/uncached")
    await uncached.revoke("u1/c1/uncached")
    await vi.waitFor(async () => expect(await one.introspect("u1/c1/uncached")).toEqual({ active: false }))
  })

  test("share nothing where one member of the configuration differs", async () => {
    const [one, other] = [await start(), await start({ audience: "any" })]
    await one.introspect("u1/c1/apart")
    await other.introspect("u1/c1/apart")
    expect(asked()).toBe(2)
  })

  test("never replace a newer inactive answer by an older active one of another process", async () => {
    const cache = { inactiveMaxAge: "0 seconds" } as const
    const [one, other] = [await start({ cache }), await start({ cache })]
    await other.introspect("u1/c1/newer")
    ended.add("u1/c1/newer")
    expect(await one.introspect("u1/c1/newer", { freshness: "live" })).toEqual({ active: false })
    expect(await one.introspect("u1/c1/newer")).toEqual({ active: false })
  })

  test("use a stale answer of another process during an outage, unless it has ended", async () => {
    const stale = {
      staleIfError: "1 minute",
      cache: { maxAge: "20 millis" },
      retry: false,
      circuitBreaker: false,
    } as const
    const [one, other] = [await start(stale), await start(stale)]
    await one.introspect("u1/c1/stale")
    await one.introspect("u4/c1/stale-ended")
    await one.revoke("u4/c1/stale-ended")
    await new Promise((resolve) => setTimeout(resolve, 30))
    world.transport.respond = () => down
    expect(await other.introspect("u1/c1/stale")).toMatchObject({ active: true, source: { stale: true } })
    await expect(other.introspect("u4/c1/stale-ended")).rejects.toMatchObject({ reason: { _tag: "Unavailable" } })
    await expect(one.introspect("u4/c1/stale-ended")).rejects.toMatchObject({ reason: { _tag: "Unavailable" } })
  })

  test("use no stale answer of their own where the store has lost its ends", async () => {
    const cache = { maxAge: "20 millis" } as const
    const one = await start({ staleIfError: "1 minute", cache, retry: false, circuitBreaker: false })
    await one.introspect("u1/c1/lost")
    const admin = createClient({ socket: { port: redis.port } })
    await admin.connect()
    await admin.flushAll()
    admin.destroy()
    await new Promise((resolve) => setTimeout(resolve, 30))
    world.transport.respond = () => down
    await expect(one.introspect("u1/c1/lost")).rejects.toMatchObject({ reason: { _tag: "Unavailable" } })
  })

  test("lose an answer when its token expires", async () => {
    const exp = Math.floor(Date.now() / 1000) + 2
    const { respond } = world.transport
    world.transport.respond = (request) =>
      request.url.endsWith("/introspect")
        ? Effect.succeed(json({ active: true, token_use: "access_token", sub: "u", exp }))
        : respond(request)
    const [one, other] = [await start(), await start()]
    await one.introspect("expiring")
    world.transport.respond = respond
    ended.add("expiring")
    await new Promise((resolve) => setTimeout(resolve, exp * 1000 - Date.now() + 5))
    expect(await other.introspect("expiring")).toEqual({ active: false })
  })
})
