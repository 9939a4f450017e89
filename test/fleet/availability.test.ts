/** What an operator learns of a store that does not answer. */
import { createClient } from "redis"
import { describe, expect, test, vi } from "vitest"
import type { FleetFailure } from "../../src/ports/fleet.ts"
import { makeAvailability } from "../../src/redis/availability.ts"
import { makeVendor, startProcess } from "./processes.ts"
import { redisOfEachTest } from "./redis-of-file.ts"
import { hasRedis } from "./redis-server.ts"

/** A record whose clock the test moves, and its reports: the detail of a failure, or "answers". */
const open = () => {
  const reports: Array<string> = []
  const clock = { now: 5000 }
  const availability = makeAvailability("no reply", () => clock.now)
  const listen = (name = "") =>
    availability.onAvailability((failure) => reports.push(name + (failure?.detail ?? "answers")))
  /** Commands without an answer, one in each 10 ms. */
  const fail = (millis: number) => {
    for (let passed = 0; passed < millis; passed += 10) {
      availability.unanswered()
      clock.now += 10
    }
  }
  return { availability, clock, fail, listen, reports }
}

describe("an outage of the store", () => {
  test("is reported once, and its end once, however many commands there are", () => {
    const { availability, fail, listen, reports } = open()
    listen()
    fail(60_000)
    for (let command = 0; command < 100; command++) availability.answered()
    expect(reports).toEqual(["no reply", "answers"])
  })

  test("is not reported before it has lasted a second, nor for less than three commands", () => {
    const { availability, clock, fail, listen, reports } = open()
    listen()
    fail(1000)
    availability.answered()
    availability.unanswered()
    clock.now += 5000
    availability.unanswered()
    expect(reports).toEqual([])
    availability.unanswered()
    expect(reports).toEqual(["no reply"])
  })

  test("is reported at most once in ten seconds, where answers come in between", () => {
    const { availability, fail, listen, reports } = open()
    listen()
    for (let second = 0; second < 60; second += 1.5) {
      fail(1500)
      availability.answered()
    }
    expect(reports.filter((each) => each === "no reply").length).toBeLessThanOrEqual(6)
    expect(reports.length).toBeGreaterThan(4)
  })

  test("is reported to a listener of a later time with the next command, and not to one that was removed", () => {
    const { fail, listen, reports } = open()
    const remove = listen("first: ")
    fail(2000)
    listen("second: ")
    remove()
    expect(reports).toEqual(["first: no reply"])
    fail(20)
    expect(reports).toEqual(["first: no reply", "second: no reply"])
  })

  test("is reported with its cause and since when it lasts, to every listener, although one of them throws", () => {
    const { availability, clock, fail } = open()
    const heard: Array<FleetFailure | undefined> = []
    availability.onAvailability(() => {
      throw new Error("the listener is broken")
    })
    availability.onAvailability((failure) => heard.push(failure))
    const before = Date.now()
    availability.explain("the server replied with the error NOPERM")
    fail(1100)
    expect(heard).toEqual([{ since: expect.any(Number), detail: "the server replied with the error NOPERM" }])
    expect(heard[0]?.since).toBeGreaterThanOrEqual(before)
    expect(heard[0]?.since).toBeLessThanOrEqual(Date.now())
    // The cause of an earlier outage is not that of a later one.
    availability.answered()
    clock.now += 20_000
    fail(1100)
    expect(heard.map((each) => each?.detail)).toEqual([heard[0]?.detail, undefined, "no reply"])
  })
})

describe.skipIf(!hasRedis)("a process whose store", () => {
  const redis = redisOfEachTest()
  const allow = async (...rules: ReadonlyArray<string>) => {
    const admin = createClient({ socket: { port: redis.port } })
    await admin.connect()
    await admin.sendCommand(["ACL", "SETUSER", "default", ...rules])
    admin.destroy()
  }

  test.each<readonly [string, () => unknown, () => unknown, string]>([
    ["hangs", () => redis.freeze(), () => redis.resume(), "no reply within 25 ms"],
    ["is gone", () => redis.kill(), () => redis.start(), "no connection to the server"],
    [
      "refuses its commands",
      () => allow("-evalsha", "-eval"),
      () => allow("+evalsha", "+eval"),
      "the server replied with the error NOPERM",
    ],
  ])("%s logs that once, however many tokens a stranger sends, and once that it answers again", async (...row) => {
    const [, stop, restore, detail] = row
    await using process = await startProcess(redis.port, makeVendor(), {}, {})
    const { auth, events } = process
    const reports = () => events.filter(({ _tag }) => _tag.startsWith("Fleet"))
    let sent = 0
    const strangers = async (wanted: number) => {
      await vi.waitFor(
        async () => {
          await Promise.all(Array.from({ length: 5 }, () => auth.introspect(`u/c/${sent++}`)))
          expect(reports()).toHaveLength(wanted)
        },
        { timeout: 10_000, interval: 10 },
      )
    }
    const isHealthy = () =>
      vi.waitFor(
        async () =>
          expect(await auth.health({ probe: true })).toMatchObject({
            status: "up",
            fleet: { answers: true, checkedAt: expect.any(Date) },
          }),
        { timeout: 5000 },
      )
    await isHealthy()
    await stop()
    await strangers(1)
    const health = await auth.health({ probe: true })
    expect(health).toMatchObject({ status: "up", fleet: { answers: false, since: expect.any(Date), detail } })
    await restore()
    await strangers(2)
    await Promise.all(Array.from({ length: 200 }, () => auth.introspect(`u/c/${sent++}`)))
    expect(reports()).toEqual([
      { _tag: "FleetUnavailable", provider: "oidc", detail },
      { _tag: "FleetAvailable", provider: "oidc" },
    ])
    await isHealthy()
  })
})
