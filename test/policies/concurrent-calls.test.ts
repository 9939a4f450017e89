import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import { createAuth, type TokenState } from "latchkey"
import { describe, expect, test } from "vitest"
import { compose } from "../../src/core/policies/compose.ts"
import { active, down, open, provider, run, vendor } from "./vendor.ts"

const callerCount = 10_000

/** A vendor that responds when the test calls `respond`, with a count of its aborted requests. */
const slow = (response = active()) => {
  const gate = Deferred.makeUnsafe<void>()
  let aborted = 0
  const transport = vendor(() =>
    Effect.onInterrupt(Effect.andThen(Deferred.await(gate), response), () =>
      Effect.sync(() => {
        aborted += 1
      }),
    ),
  )
  return { transport, respond: Deferred.succeed(gate, undefined), aborted: () => aborted }
}

describe("ten thousand concurrent introspections of one token", () => {
  test("make one request and all get its result", async () => {
    const { transport, respond } = slow()
    const auth = open(transport)
    const states = await run(
      Effect.gen(function* () {
        const callers = yield* Effect.forEach(Array.from({ length: callerCount }), () =>
          Effect.forkChild(auth.introspect("token"), { startImmediately: true }),
        )
        yield* respond
        return yield* Effect.forEach(callers, Fiber.join)
      }),
    )
    expect(states.filter((state) => state.active && state.subject === "user-1")).toHaveLength(callerCount)
    expect(transport.count("/introspect")).toBe(1)
  })

  test("get results that share no mutable value", async () => {
    const { transport, respond } = slow()
    const auth = open(transport)
    const [first, second] = await run(
      Effect.gen(function* () {
        const one = yield* Effect.forkChild(auth.introspect("token"), { startImmediately: true })
        const other = yield* Effect.forkChild(auth.introspect("token"), { startImmediately: true })
        yield* respond
        return [yield* Fiber.join(one), yield* Fiber.join(other)]
      }),
    )
    if (first?.active) Reflect.set(first.claims, "sub", "admin")
    expect(second).toMatchObject({ active: true, claims: { sub: "user-1" } })
    expect(second).not.toBe(first)
  })

  test("make one request through the Promise API", async () => {
    const { transport, respond } = slow()
    await using auth = createAuth(provider(transport))
    const calls = Array.from({ length: callerCount }, () => auth.introspect("token"))
    await Effect.runPromise(respond)
    expect((await Promise.all(calls)).every(({ active }) => active)).toBe(true)
    expect(transport.count("/introspect")).toBe(1)
  })

  test("succeed when the first caller aborts", async () => {
    const { transport, respond, aborted } = slow()
    const auth = open(transport)
    const exits = await run(
      Effect.gen(function* () {
        const callers = yield* Effect.forEach(Array.from({ length: callerCount }), () =>
          Effect.forkChild(auth.introspect("token"), { startImmediately: true }),
        )
        const [first, ...others] = callers
        if (first !== undefined) yield* Fiber.interrupt(first)
        yield* respond
        return yield* Effect.forEach(others, Fiber.await)
      }),
    )
    expect(exits.filter(Exit.isSuccess)).toHaveLength(callerCount - 1)
    // The first caller's request was aborted, and one more request was made for all the others.
    expect([transport.count("/introspect"), aborted()]).toEqual([2, 1])
  })

  test("make two requests when 199 of 200 callers abort one after the other", async () => {
    const { transport, respond, aborted } = slow()
    const auth = open(transport)
    const last = await run(
      Effect.gen(function* () {
        const callers = yield* Effect.forEach(Array.from({ length: 200 }), () =>
          Effect.forkChild(auth.introspect("token"), { startImmediately: true }),
        )
        const [last, ...others] = callers.toReversed()
        while (transport.count("/introspect") === 0) yield* Effect.yieldNow
        for (const caller of others.toReversed()) yield* Fiber.interrupt(caller)
        yield* respond
        return last && (yield* Fiber.join(last))
      }),
    )
    expect(last).toMatchObject({ active: true })
    expect([transport.count("/introspect"), aborted()]).toEqual([2, 1])
  })

  test("all fail when the provider's result cannot be cached", async () => {
    const auth = compose({
      id: "own",
      can: new Set(["introspect"] as const),
      instead: {},
      introspect: (_token: string) =>
        Effect.delay(Effect.succeed({ active: true, expiresAt: "no date" } as never as TokenState), "1 second"),
    })
    const exits = await run(
      Effect.gen(function* () {
        const callers = yield* Effect.forEach([1, 2, 3], () =>
          Effect.forkChild(auth.introspect("token"), { startImmediately: true }),
        )
        yield* TestClock.adjust("2 seconds")
        return yield* Effect.forEach(callers, Fiber.await)
      }),
    )
    expect(exits.map(Exit.hasDies)).toEqual([true, true, true])
  })

  test("all fail when the request fails, and the next call makes a new request", async () => {
    const { transport, respond } = slow(down)
    const auth = open(transport, { retry: false })
    const errors = await run(
      Effect.gen(function* () {
        const callers = yield* Effect.forEach(Array.from({ length: callerCount }), () =>
          Effect.forkChild(Effect.flip(auth.introspect("token")), { startImmediately: true }),
        )
        yield* respond
        return yield* Effect.forEach(callers, Fiber.join)
      }),
    )
    expect(errors.filter(({ reason }) => reason._tag === "Unavailable")).toHaveLength(callerCount)
    expect(transport.count("/introspect")).toBe(1)
    await run(Effect.flip(auth.introspect("token")))
    expect(transport.count("/introspect")).toBe(2)
  })

  test("abort the request when the last caller has aborted", async () => {
    const { transport, aborted } = slow()
    const auth = open(transport)
    await run(
      Effect.gen(function* () {
        const callers = yield* Effect.forEach(Array.from({ length: callerCount }), () =>
          Effect.forkChild(auth.introspect("token"), { startImmediately: true }),
        )
        yield* Fiber.interruptAll(callers.slice(1))
        expect(aborted()).toBe(0)
        yield* Fiber.interruptAll(callers)
      }),
    )
    expect([transport.count("/introspect"), aborted()]).toEqual([1, 1])
    await run(
      Effect.gen(function* () {
        const callers = yield* Effect.forEach(Array.from({ length: callerCount }), () =>
          Effect.forkChild(auth.introspect("token"), { startImmediately: true }),
        )
        for (const caller of callers) yield* Fiber.interrupt(caller)
      }),
    )
    // The first caller's request, and the one that was made for the others.
    expect([transport.count("/introspect"), aborted()]).toEqual([3, 3])
  })
})

describe("the options of one caller", () => {
  test("end only that caller's wait when its timeout is over", async () => {
    const { transport, respond } = slow()
    const auth = open(transport)
    const [hasty, patient] = await run(
      Effect.gen(function* () {
        const hasty = yield* Effect.forkChild(Effect.flip(auth.introspect("token", { timeout: "5 seconds" })), {
          startImmediately: true,
        })
        const patient = yield* Effect.forkChild(auth.introspect("token"), { startImmediately: true })
        yield* TestClock.adjust("6 seconds")
        yield* respond
        return [yield* Fiber.join(hasty), yield* Fiber.join(patient)] as const
      }),
    )
    expect(hasty.reason._tag).toBe("Unavailable")
    expect(patient).toMatchObject({ active: true })
  })

  test('bypass a request under way with freshness "live"', async () => {
    const { transport, respond } = slow()
    await using auth = createAuth(provider(transport))
    const calls = [auth.introspect("token"), auth.introspect("token", { freshness: "live" })]
    await Effect.runPromise(respond)
    await Promise.all(calls)
    expect(transport.count("/introspect")).toBe(2)
  })

  test("share nothing when single flight is off", async () => {
    const { transport, respond } = slow()
    await using auth = createAuth(provider(transport, { singleFlight: false }))
    const calls = [auth.introspect("token"), auth.introspect("token")]
    await Effect.runPromise(respond)
    await Promise.all(calls)
    expect(transport.count("/introspect")).toBe(2)
  })
})
