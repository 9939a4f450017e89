import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import { createAuth, type TokenState } from "latchkey"
import { describe, expect, test } from "vitest"
import { compose } from "../../src/core/policies/compose.ts"
import { active, down, open, provider, run, vendor } from "./vendor.ts"

const crowd = 10_000

/** A vendor that answers when it is told to. */
const slow = (answer = active()) => {
  const opened = Deferred.makeUnsafe<void>()
  let closed = 0
  const door = vendor(() =>
    Effect.onInterrupt(Effect.andThen(Deferred.await(opened), answer), () =>
      Effect.sync(() => {
        closed += 1
      }),
    ),
  )
  return { door, open: Deferred.succeed(opened, undefined), closed: () => closed }
}

describe("ten thousand callers of one token", () => {
  test("are one request, and all get its answer", async () => {
    const { door, open: answer } = slow()
    const auth = open(door)
    const states = await run(
      Effect.gen(function* () {
        const callers = yield* Effect.forEach(Array.from({ length: crowd }), () =>
          Effect.forkChild(auth.introspect("token"), { startImmediately: true }),
        )
        yield* answer
        return yield* Effect.forEach(callers, Fiber.join)
      }),
    )
    expect(states.filter((state) => state.active && state.subject === "user-1")).toHaveLength(crowd)
    expect(door.count("/introspect")).toBe(1)
  })

  test("have nothing in common that one of them could change", async () => {
    const { door, open: answer } = slow()
    const auth = open(door)
    const [first, second] = await run(
      Effect.gen(function* () {
        const one = yield* Effect.forkChild(auth.introspect("token"), { startImmediately: true })
        const other = yield* Effect.forkChild(auth.introspect("token"), { startImmediately: true })
        yield* answer
        return [yield* Fiber.join(one), yield* Fiber.join(other)]
      }),
    )
    if (first?.active) Reflect.set(first.claims, "sub", "admin")
    expect(second).toMatchObject({ active: true, claims: { sub: "user-1" } })
    expect(second).not.toBe(first)
  })

  test("of the Promise face are one request, too", async () => {
    const { door, open: answer } = slow()
    await using auth = createAuth(provider(door))
    const calls = Array.from({ length: crowd }, () => auth.introspect("token"))
    await Effect.runPromise(answer)
    expect((await Promise.all(calls)).every(({ active }) => active)).toBe(true)
    expect(door.count("/introspect")).toBe(1)
  })

  test("are not troubled when the first of them gives up", async () => {
    const { door, open: answer, closed } = slow()
    const auth = open(door)
    const exits = await run(
      Effect.gen(function* () {
        const callers = yield* Effect.forEach(Array.from({ length: crowd }), () =>
          Effect.forkChild(auth.introspect("token"), { startImmediately: true }),
        )
        const [first, ...others] = callers
        if (first !== undefined) yield* Fiber.interrupt(first)
        yield* answer
        return yield* Effect.forEach(others, Fiber.await)
      }),
    )
    expect(exits.filter(Exit.isSuccess)).toHaveLength(crowd - 1)
    // His request was aborted with him, and made once more for all the others.
    expect([door.count("/introspect"), closed()]).toEqual([2, 1])
  })

  test("are two requests however many of them give up, one after the other", async () => {
    const { door, open: answer, closed } = slow()
    const auth = open(door)
    const last = await run(
      Effect.gen(function* () {
        const callers = yield* Effect.forEach(Array.from({ length: crowd }), () =>
          Effect.forkChild(auth.introspect("token"), { startImmediately: true }),
        )
        const [last, ...others] = callers.toReversed()
        for (const caller of others.toReversed()) yield* Fiber.interrupt(caller)
        yield* answer
        return last && (yield* Fiber.join(last))
      }),
    )
    expect(last).toMatchObject({ active: true })
    expect([door.count("/introspect"), closed()]).toEqual([2, 1])
  })

  test("all fail when what the provider says cannot be kept", async () => {
    const asked = compose({
      id: "own",
      can: new Set(["introspect"] as const),
      instead: {},
      introspect: (_token: string) =>
        Effect.delay(Effect.succeed({ active: true, expiresAt: "no date" } as never as TokenState), "1 second"),
    })
    const exits = await run(
      Effect.gen(function* () {
        const callers = yield* Effect.forEach([1, 2, 3], () =>
          Effect.forkChild(asked.introspect("token"), { startImmediately: true }),
        )
        yield* TestClock.adjust("2 seconds")
        return yield* Effect.forEach(callers, Fiber.await)
      }),
    )
    expect(exits.map(Exit.hasDies)).toEqual([true, true, true])
  })

  test("all fail when the request itself failed, and the next one asks anew", async () => {
    const { door, open: answer } = slow(down)
    const auth = open(door, { retry: false })
    const errors = await run(
      Effect.gen(function* () {
        const callers = yield* Effect.forEach(Array.from({ length: crowd }), () =>
          Effect.forkChild(Effect.flip(auth.introspect("token")), { startImmediately: true }),
        )
        yield* answer
        return yield* Effect.forEach(callers, Fiber.join)
      }),
    )
    expect(errors.filter(({ reason }) => reason._tag === "Unavailable")).toHaveLength(crowd)
    expect(door.count("/introspect")).toBe(1)
    await run(Effect.flip(auth.introspect("token")))
    expect(door.count("/introspect")).toBe(2)
  })

  test("end the request when the last of them has given up", async () => {
    const { door, closed } = slow()
    const auth = open(door)
    await run(
      Effect.gen(function* () {
        const callers = yield* Effect.forEach(Array.from({ length: crowd }), () =>
          Effect.forkChild(auth.introspect("token"), { startImmediately: true }),
        )
        yield* Fiber.interruptAll(callers.slice(1))
        expect(closed()).toBe(0)
        yield* Fiber.interruptAll(callers)
      }),
    )
    expect([door.count("/introspect"), closed()]).toEqual([1, 1])
    await run(
      Effect.gen(function* () {
        const callers = yield* Effect.forEach(Array.from({ length: crowd }), () =>
          Effect.forkChild(auth.introspect("token"), { startImmediately: true }),
        )
        for (const caller of callers) yield* Fiber.interrupt(caller)
      }),
    )
    // The first one's, and the one that was made for the others.
    expect([door.count("/introspect"), closed()]).toEqual([3, 3])
  })
})

describe("one caller's own options", () => {
  test("a time-out ends that caller's wait and nobody else's", async () => {
    const { door, open: answer } = slow()
    const auth = open(door)
    const [hasty, patient] = await run(
      Effect.gen(function* () {
        const hasty = yield* Effect.forkChild(Effect.flip(auth.introspect("token", { timeout: "5 seconds" })), {
          startImmediately: true,
        })
        const patient = yield* Effect.forkChild(auth.introspect("token"), { startImmediately: true })
        yield* TestClock.adjust("1 minute")
        yield* answer
        return [yield* Fiber.join(hasty), yield* Fiber.join(patient)] as const
      }),
    )
    expect(hasty.reason._tag).toBe("Unavailable")
    expect(patient).toMatchObject({ active: true })
  })

  test("live asks by itself, also beside a request under way", async () => {
    const { door, open: answer } = slow()
    await using auth = createAuth(provider(door))
    const calls = [auth.introspect("token"), auth.introspect("token", { freshness: "live" })]
    await Effect.runPromise(answer)
    await Promise.all(calls)
    expect(door.count("/introspect")).toBe(2)
  })

  test("without single flight everybody asks", async () => {
    const { door, open: answer } = slow()
    await using auth = createAuth(provider(door, { singleFlight: false }))
    const calls = [auth.introspect("token"), auth.introspect("token")]
    await Effect.runPromise(answer)
    await Promise.all(calls)
    expect(door.count("/introspect")).toBe(2)
  })
})
