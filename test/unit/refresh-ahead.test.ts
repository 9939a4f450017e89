import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import { describe, expect, test } from "vitest"
import { makeRefreshAhead } from "../../src/internal/refresh-ahead.ts"

type Failure = "outage" | "revoked"

/** A value that is fresh for 10 seconds and usable for 30; the pause is a second, twice as long after each failure. */
const open = (results: Array<Effect.Effect<string, Failure>>) => {
  const fetches: Array<number> = []
  const value = makeRefreshAhead<string, Failure>(
    Effect.suspend(() => {
      fetches.push(fetches.length)
      return results.shift() ?? Effect.never
    }),
    {
      isFresh: (_, fetchedAt, now) => fetchedAt <= now && now - fetchedAt < 10_000,
      isUsable: (_, fetchedAt, now) => fetchedAt <= now && now - fetchedAt < 30_000,
      pause: (failures) => 1000 * 2 ** failures,
      survives: (error) => error === "outage",
    },
  )
  return { value, fetches }
}

const run = <A, E>(program: Effect.Effect<A, E>): Promise<A> =>
  Effect.runPromise(Effect.andThen(TestClock.setTime(1_000_000), program).pipe(Effect.provide(TestClock.layer())))

const slow = (result: string) => Effect.delay(Effect.succeed(result), "5 seconds")

describe("a value that is refreshed ahead", () => {
  test("is fetched once for concurrent callers", async () => {
    const { value, fetches } = open([slow("one")])
    const results = await run(
      Effect.gen(function* () {
        const callers = yield* Effect.forEach([1, 2, 3], () => Effect.forkChild(value.get, { startImmediately: true }))
        yield* TestClock.adjust("5 seconds")
        return yield* Effect.forEach(callers, Fiber.join)
      }),
    )
    expect(results).toEqual(["one", "one", "one"])
    expect(fetches).toHaveLength(1)
  })

  test("is still fetched when the caller that started the fetch gives up", async () => {
    const { value, fetches } = open([slow("one")])
    const result = await run(
      Effect.gen(function* () {
        const first = yield* Effect.forkChild(value.get, { startImmediately: true })
        const second = yield* Effect.forkChild(value.get, { startImmediately: true })
        yield* Fiber.interrupt(first)
        yield* TestClock.adjust("5 seconds")
        return yield* Fiber.join(second)
      }),
    )
    expect(result).toBe("one")
    expect(fetches).toHaveLength(1)
  })

  test("is fetched anew after the last waiter gave up on a fetch that hangs", async () => {
    const { value, fetches } = open([Effect.never, Effect.succeed("two")])
    const result = await run(
      Effect.gen(function* () {
        const waiters = yield* Effect.forEach([1, 2], () => Effect.forkChild(value.get, { startImmediately: true }))
        yield* Effect.forEach(waiters, Fiber.interrupt)
        return yield* value.get
      }),
    )
    expect(result).toBe("two")
    expect(fetches).toHaveLength(2)
  })

  test("is refreshed although the caller that started the refresh gives up", async () => {
    const { value } = open([Effect.succeed("one"), slow("two")])
    const result = await run(
      Effect.gen(function* () {
        yield* value.get
        yield* TestClock.adjust("15 seconds")
        const caller = yield* Effect.forkChild(Effect.andThen(value.get, Effect.never), { startImmediately: true })
        yield* Fiber.interrupt(caller)
        yield* TestClock.adjust("5 seconds")
        return yield* value.get
      }),
    )
    expect(result).toBe("two")
  })

  test("is returned without a fetch while it is fresh", async () => {
    const { value, fetches } = open([Effect.succeed("one"), Effect.succeed("two")])
    expect(await run(Effect.andThen(value.get, Effect.andThen(TestClock.adjust("9 seconds"), value.get)))).toBe("one")
    expect(fetches).toHaveLength(1)
  })

  test("is returned at once while it is usable, and refreshed by one fetch", async () => {
    const { value, fetches } = open([Effect.succeed("one"), slow("two")])
    const results = await run(
      Effect.gen(function* () {
        yield* value.get
        yield* TestClock.adjust("15 seconds")
        const during = [yield* value.get, yield* value.get]
        yield* TestClock.adjust("5 seconds")
        return [...during, yield* value.get]
      }),
    )
    expect(results).toEqual(["one", "one", "two"])
    expect(fetches).toHaveLength(2)
  })

  test("is waited for once it is not usable", async () => {
    const { value } = open([Effect.succeed("one"), Effect.succeed("two")])
    expect(await run(Effect.andThen(value.get, Effect.andThen(TestClock.adjust("30 seconds"), value.get)))).toBe("two")
  })

  test("is used until it expires when its refresh fails, with a growing pause between fetches", async () => {
    const outages = Array.from({ length: 9 }, () => Effect.fail<Failure>("outage"))
    const { value, fetches } = open([Effect.succeed("one"), ...outages])
    const results = await run(
      Effect.gen(function* () {
        yield* value.get
        yield* TestClock.adjust("10 seconds")
        const served: Array<string> = []
        for (let second = 10; second < 30; second++) {
          served.push(yield* value.get)
          yield* TestClock.adjust("1 second")
        }
        return [new Set(served), yield* Effect.flip(value.get)]
      }),
    )
    expect(results).toEqual([new Set(["one"]), "outage"])
    // At second 10, then after pauses of 2, 4, 8 seconds, and the last one, which the failed caller waited for.
    expect(fetches).toHaveLength(1 + 4 + 1)
  })

  test("is dropped when its refresh fails with an error that it does not survive", async () => {
    const { value } = open([Effect.succeed("one"), Effect.fail("revoked"), Effect.succeed("two")])
    const results = await run(
      Effect.gen(function* () {
        yield* value.get
        yield* TestClock.adjust("10 seconds")
        return [yield* value.get, yield* value.get]
      }),
    )
    expect(results).toEqual(["one", "two"])
  })

  test("is kept or dropped after a defect, as the option says", async () => {
    const kept = open([Effect.succeed("one"), Effect.die("broken"), Effect.succeed("two")])
    const results = await run(
      Effect.gen(function* () {
        yield* kept.value.get
        yield* TestClock.adjust("10 seconds")
        return [yield* kept.value.get, kept.value.current()]
      }),
    )
    expect(results).toEqual(["one", undefined])
  })

  test("is fetched again when the clock has moved back", async () => {
    const { value } = open([Effect.succeed("one"), Effect.succeed("two")])
    expect(await run(Effect.andThen(value.get, Effect.andThen(TestClock.setTime(500_000), value.get)))).toBe("two")
  })

  test("is fetched again after it was invalidated, and not after it was set", async () => {
    const { value, fetches } = open([Effect.succeed("one"), Effect.succeed("two")])
    const results = await run(
      Effect.gen(function* () {
        yield* value.get
        value.invalidate()
        const fetched = yield* value.get
        value.set("three", 1_000_000)
        return [fetched, yield* value.get]
      }),
    )
    expect(results).toEqual(["two", "three"])
    expect(fetches).toHaveLength(2)
  })
})

describe("a fetch outside the pause", () => {
  test("is made, during the pause after a success it is not, and after a failure it has the error", async () => {
    const { value, fetches } = open([Effect.succeed("one"), Effect.succeed("two"), Effect.fail("outage")])
    const now = 1_000_000
    const results = await run(
      Effect.gen(function* () {
        yield* value.get
        const paused = value.fetchUnlessPaused(now + 999)
        yield* TestClock.adjust("1 second")
        const second = yield* value.fetchUnlessPaused(now + 1000) ?? Effect.succeed("none")
        yield* TestClock.adjust("1 second")
        const third = yield* Effect.flip(value.fetchUnlessPaused(now + 2000) ?? Effect.succeed("none"))
        const fourth = yield* Effect.flip(value.fetchUnlessPaused(now + 2001) ?? Effect.succeed("none"))
        return [paused, second, third, fourth]
      }),
    )
    expect(results).toEqual([undefined, "two", "outage", "outage"])
    expect(fetches).toHaveLength(3)
  })
})
