import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import { describe, expect, test } from "vitest"
import { json } from "../unit/scripted-transport.ts"
import { down, open, run, tokens, vendor } from "./vendor.ts"

/** A token endpoint that issues another token each time. */
const issuing = (more: Readonly<Record<string, unknown>> = {}) => {
  const door = vendor(({ url }) =>
    url.endsWith("/token")
      ? Effect.suspend(() => tokens({ access_token: `token ${door.count("/token")}`, ...more }))
      : Effect.succeed({ status: 200, headers: {}, body: "" }),
  )
  return door
}

const get = (auth: ReturnType<typeof open>, ...args: Parameters<ReturnType<typeof open>["clientCredentials"]>) =>
  Effect.map(auth.clientCredentials(...args), ({ accessToken }) => accessToken)

describe("the service's own token", () => {
  test("is one request for a thousand callers at once, and for those after them", async () => {
    const door = issuing()
    const auth = open(door)
    const all = await run(
      Effect.andThen(
        Effect.all(
          Array.from({ length: 1000 }, () => get(auth)),
          { concurrency: "unbounded" },
        ),
        get(auth),
      ),
    )
    expect(all).toBe("token 1")
    expect(door.count("/token")).toBe(1)
  })

  test("is another for other scopes or audiences, and the same in another order", async () => {
    const auth = open(issuing(), { audienceParameter: "audience" })
    const asked = [
      {},
      { scopes: ["a", "b"] },
      { scopes: ["b", "a"] },
      { scopes: ["a"] },
      { scopes: ["a"], audience: ["https://api.example"] },
      { scopes: ["a"] },
    ]
    expect(await run(Effect.forEach(asked, (request) => get(auth, request)))).toEqual([
      "token 1",
      "token 2",
      "token 2",
      "token 3",
      "token 4",
      "token 3",
    ])
  })

  test.each([
    [600, 540],
    [3600, 3540],
    [10, 9],
  ])("that lives %d seconds is renewed after %d", async (life, renewed) => {
    const auth = open(issuing({ expires_in: life }))
    const got = await run(
      Effect.gen(function* () {
        const first = yield* get(auth)
        yield* TestClock.adjust(`${renewed - 1} seconds`)
        const second = yield* get(auth)
        yield* TestClock.adjust("2 seconds")
        return [first, second, yield* get(auth)]
      }),
    )
    expect(got).toEqual(["token 1", "token 1", "token 2"])
  })

  test("serves to its end when it cannot be renewed, and not beyond", async () => {
    const door = issuing()
    const auth = open(door, { retry: false })
    const got = await run(
      Effect.gen(function* () {
        yield* get(auth)
        door.answer = () => down
        yield* TestClock.adjust("570 seconds")
        const late = yield* get(auth)
        yield* TestClock.adjust("31 seconds")
        return [late, (yield* Effect.flip(get(auth))).reason._tag]
      }),
    )
    expect(got).toEqual(["token 1", "Unavailable"])
  })

  test("is not kept when the vendor does not say when it ends", async () => {
    const auth = open(issuing({ expires_in: undefined }))
    expect(await run(Effect.all([get(auth), get(auth)]))).toEqual(["token 1", "token 2"])
  })

  test("is not kept when that is off", async () => {
    const auth = open(issuing(), { ownTokens: false })
    expect(await run(Effect.all([get(auth), get(auth)]))).toEqual(["token 1", "token 2"])
  })

  test("that was refused is dropped once, however many report it", async () => {
    const door = issuing()
    const auth = open(door)
    const got = await run(
      Effect.gen(function* () {
        const refused = yield* get(auth)
        const report = get(auth, {}, { refused })
        const together = yield* Effect.all(
          Array.from({ length: 50 }, () => report),
          { concurrency: "unbounded" },
        )
        return [...together, yield* report]
      }),
    )
    expect(new Set(got)).toEqual(new Set(["token 2"]))
    expect(door.count("/token")).toBe(2)
  })

  test("that was revoked is dropped, and that userInfo refuses", async () => {
    const door = issuing()
    const auth = open(door)
    const got = await run(
      Effect.gen(function* () {
        const first = yield* get(auth)
        yield* auth.revoke(first)
        const second = yield* get(auth)
        const { answer } = door
        door.answer = (request) =>
          request.url.endsWith("/userinfo")
            ? Effect.succeed(
                json({ error: "invalid_token" }, 401, { "www-authenticate": 'Bearer error="invalid_token"' }),
              )
            : answer(request)
        yield* Effect.flip(auth.userInfo(second))
        return [first, second, yield* get(auth)]
      }),
    )
    expect(got).toEqual(["token 1", "token 2", "token 3"])
  })

  test("cannot be changed by one caller for the next", async () => {
    const auth = open(issuing())
    const first = await run(auth.clientCredentials())
    first.expiresAt?.setTime(0)
    expect((await run(auth.clientCredentials())).expiresAt?.getTime()).toBeGreaterThan(0)
    expect(() => (first.scopes as Array<string>).push("admin")).toThrow(TypeError)
  })
})

describe("refreshes with one refresh token", () => {
  test("at once are one request, answered to all, also when the first gives up", async () => {
    const gate = Deferred.makeUnsafe<void>()
    const door = vendor(() => Effect.andThen(Deferred.await(gate), tokens({ refresh_token: "next" })))
    const auth = open(door)
    const answers = await run(
      Effect.gen(function* () {
        const callers = yield* Effect.forEach(Array.from({ length: 100 }), () =>
          Effect.forkChild(auth.refresh("old"), { startImmediately: true }),
        )
        const [first, ...others] = callers
        if (first !== undefined) yield* Fiber.interrupt(first)
        yield* Deferred.succeed(gate, undefined)
        return yield* Effect.forEach(others, Fiber.join)
      }),
    )
    expect(new Set(answers.map(({ refreshToken }) => refreshToken))).toEqual(new Set(["next"]))
    expect(answers).toHaveLength(99)
    expect(door.asked.length).toBe(1)
  })

  test("are for the same scopes in whatever order, and however often one is named", async () => {
    const gate = Deferred.makeUnsafe<void>()
    const door = vendor(() => Effect.andThen(Deferred.await(gate), tokens()))
    const auth = open(door)
    await run(
      Effect.gen(function* () {
        const callers = yield* Effect.forEach(
          [
            ["a", "b"],
            ["b", "a", "a"],
          ],
          (scopes) => Effect.forkChild(auth.refresh("old", { scopes }), { startImmediately: true }),
        )
        yield* Deferred.succeed(gate, undefined)
        return yield* Effect.forEach(callers, Fiber.join)
      }),
    )
    expect(door.asked.length).toBe(1)
  })

  test("one after the other are two requests: nothing is kept", async () => {
    const door = issuing()
    const auth = open(door)
    await run(Effect.all([auth.refresh("old"), auth.refresh("old")]))
    expect(door.asked.length).toBe(2)
  })

  test("with another token, or without single flight, are requests of their own", async () => {
    const calls = (auth: ReturnType<typeof open>, two: string) =>
      run(Effect.all([auth.refresh("one"), auth.refresh(two)], { concurrency: "unbounded" }))
    const door = issuing()
    await calls(open(door), "two")
    expect(door.asked.length).toBe(2)
    const alone = issuing()
    await calls(open(alone, { singleFlight: false }), "one")
    expect(alone.asked.length).toBe(2)
  })
})
