import { describe, expect, test, vi } from "vitest"
import { makeVendor } from "./processes.ts"
import { processesOfFile } from "./processes-of-file.ts"
import { hasRedis } from "./redis-server.ts"

const world = processesOfFile()
const { asked, ended, start } = world

describe.skipIf(!hasRedis)("two processes of a fleet", () => {
  test("ask the vendor about a token once, and get equal results", async () => {
    const [one, other] = [await start(), await start()]
    const first = await one.introspect("u1/c1/once")
    const second = await other.introspect("u1/c1/once")
    expect(asked()).toBe(1)
    expect(second).toEqual(first)
    if (!second.active) throw new Error("expected an active token")
    expect(second.expiresAt).toBeInstanceOf(Date)
    expect(second.source.live).toEqual(first.active && first.source.live)
    expect(await other.introspect("u1/c1/once")).toEqual(first)
  })

  test("send one request for calls at the same time", async () => {
    world.transport = makeVendor(ended, 40)
    const [one, other] = [await start(), await start()]
    const states = await Promise.all([one, other, one, other].map((auth) => auth.introspect("u1/c1/together")))
    expect(states.every(({ active }) => active)).toBe(true)
    expect(asked()).toBe(1)
  })

  test("wait at most about 100 ms for each other's request, then ask themselves", async () => {
    world.transport = makeVendor(ended, 400)
    const [one, other] = [await start(), await start()]
    const first = one.introspect("u1/c1/slow")
    await new Promise((resolve) => setTimeout(resolve, 20))
    const before = Date.now()
    const second = other.introspect("u1/c1/slow")
    await vi.waitFor(() => expect(asked()).toBe(2), { timeout: 390, interval: 5 })
    expect(Date.now() - before).toBeGreaterThanOrEqual(95)
    await Promise.all([first, second])
  })

  test("end a token everywhere before revoke returns", async () => {
    const [one, other] = [await start(), await start()]
    await one.introspect("u1/c1/revoked")
    await other.introspect("u1/c1/revoked")
    ended.add("u1/c1/revoked")
    await one.revoke("u1/c1/revoked")
    await vi.waitFor(async () => expect(await other.introspect("u1/c1/revoked")).toEqual({ active: false }))
    const third = await start()
    expect(await third.introspect("u1/c1/revoked")).toEqual({ active: false })
  })

  test("end the other tokens of its grant everywhere, and no token of another subject", async () => {
    const [one, other] = [await start(), await start()]
    for (const token of ["u2/c1/1", "u2/c1/2", "u3/c1/1"]) {
      await one.introspect(token)
      await other.introspect(token)
    }
    await one.revoke("u2/c1/1")
    const fresh = await start()
    const before = asked()
    await fresh.introspect("u3/c1/1")
    expect(asked()).toBe(before)
    await fresh.introspect("u2/c1/2")
    expect(asked()).toBe(before + 1)
    await vi.waitFor(async () => {
      world.transport.requests.length = 0
      await other.introspect("u3/c1/1")
      expect(asked()).toBe(0)
    })
  })

  test("store no answer for which the request was under way during the revocation", async () => {
    const [one, other] = [await start(), await start({}, makeVendor(ended, 60))]
    const underWay = other.introspect("u1/c1/under-way")
    await new Promise((resolve) => setTimeout(resolve, 20))
    ended.add("u1/c1/under-way")
    await one.revoke("u1/c1/under-way")
    await underWay
    expect(await other.introspect("u1/c1/under-way")).toEqual({ active: false })
    expect(await (await start()).introspect("u1/c1/under-way")).toEqual({ active: false })
  })

  test("do not answer a live call from the fleet, and store its answer", async () => {
    const [one, other] = [await start(), await start()]
    await one.introspect("u1/c1/live")
    await other.introspect("u1/c1/live", { freshness: "live" })
    expect(asked()).toBe(2)
    ended.add("u1/c1/live")
    expect(await one.introspect("u1/c1/live", { freshness: "live" })).toEqual({ active: false })
    expect(await (await start()).introspect("u1/c1/live")).toEqual({ active: false })
    expect(asked()).toBe(3)
  })

  test("use no answer that is older than the call accepts", async () => {
    const [one, other] = [await start(), await start()]
    await one.introspect("u1/c1/aged")
    await new Promise((resolve) => setTimeout(resolve, 60))
    await other.introspect("u1/c1/aged", { freshness: { maxAge: "50 millis" } })
    expect(asked()).toBe(2)
  })
})

describe.skipIf(!hasRedis)("a stranger who revokes texts that look like tokens", () => {
  test("empties no cache of the fleet, and causes at most one more request for each token", async () => {
    const [one, other, attacked] = [await start(), await start(), await start()]
    const tokens = Array.from({ length: 20 }, (_, index) => `u${index}/c1/attacked`)
    for (const auth of [one, other]) for (const token of tokens) await auth.introspect(token)
    world.transport.requests.length = 0
    for (let index = 0; index < 50; index++) await attacked.revoke(`garbage-${index}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
    for (let round = 0; round < 3; round++)
      for (const auth of [one, other]) for (const token of tokens) await auth.introspect(token)
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(asked()).toBeLessThanOrEqual(tokens.length)
  })
})
