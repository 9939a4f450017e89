import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/testing/TestClock"
import { make } from "latchkey/effect"
import { oidc } from "latchkey/oidc"
import { describe, expect, test, vi } from "vitest"
import { run, settings, start, tokens, type Vendor, vendor } from "../policies/vendor.ts"
import { json } from "../unit/scripted-transport.ts"
import { type MemoryFleet, memoryFleet } from "./memory-fleet.ts"

/** A vendor that issues a new token for each request, and at which those in `rejected` are invalid. */
const issuing = (rejected: ReadonlySet<string> = new Set(), lifetime = 600): Vendor => {
  const transport = vendor((request) => {
    if (request.url.endsWith("/token"))
      return Effect.suspend(() => tokens({ access_token: `token ${transport.count("/token")}`, expires_in: lifetime }))
    if (request.url.endsWith("/userinfo")) {
      const token = request.headers.authorization?.replace("Bearer ", "") ?? ""
      return Effect.succeed(rejected.has(token) ? unauthorized : json({ sub: "s" }))
    }
    return Effect.succeed({ status: 200, headers: {}, body: "" })
  })
  return transport
}

const unauthorized = { status: 401, headers: { "www-authenticate": 'Bearer error="invalid_token"' }, body: "" }

const open = (transport: Vendor, fleet: MemoryFleet, changes: Partial<Parameters<typeof oidc>[0]> = {}) =>
  Effect.runSync(
    Scope.provide(
      make(oidc({ ...settings, log: () => undefined, ...changes }, { transport, fleet })),
      Scope.makeUnsafe(),
    ),
  )

const several = (count: number, ...args: Parameters<typeof open>) => Array.from({ length: count }, () => open(...args))

const tokenOf = (auth: ReturnType<typeof open>, ...args: Parameters<ReturnType<typeof open>["clientCredentials"]>) =>
  Effect.map(auth.clientCredentials(...args), ({ accessToken }) => accessToken)

/** Lets the processes store a result, and a refresh in the background end. */
const settled = Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 30)))

/** Moves the clocks of the processes and of the store. */
const pass = (fleet: MemoryFleet, seconds: number) =>
  Effect.suspend(() => {
    fleet.now += seconds * 1000
    vi.setSystemTime(Date.now() + seconds * 1000)
    return TestClock.adjust(`${seconds} seconds`)
  })

describe("tokens of the client in a fleet", () => {
  test("are requested once for all processes, for each set of scopes and audiences", async () => {
    const [transport, fleet] = [issuing(), memoryFleet()]
    const all = several(8, transport, fleet, { token: { audienceParameter: "audience" } })
    const requests = [{}, { scopes: ["a", "b"] }, { scopes: ["b", "a"] }, { audience: ["https://api.example"] }]
    const results = await run(
      Effect.forEach(all, (auth) =>
        Effect.tap(
          Effect.forEach(requests, (request) => tokenOf(auth, request)),
          () => settled,
        ),
      ),
    )
    expect(results).toEqual(Array(8).fill(["token 1", "token 2", "token 2", "token 3"]))
    expect(transport.count("/token")).toBe(3)
  })

  test("are refreshed in advance once for all processes, which use the old one until then", async () => {
    const [transport, fleet] = [issuing(), memoryFleet()]
    const all = several(4, transport, fleet)
    const results = await run(
      Effect.gen(function* () {
        const first = yield* Effect.forEach(all, (auth) => Effect.tap(tokenOf(auth), () => settled))
        yield* pass(fleet, 541)
        const due = yield* Effect.forEach(all, (auth) => Effect.tap(tokenOf(auth), () => settled))
        yield* pass(fleet, 55)
        const later = yield* Effect.forEach(all, (auth) => Effect.tap(tokenOf(auth), () => settled))
        return [first, due, later]
      }),
    )
    expect(results).toEqual([Array(4).fill("token 1"), Array(4).fill("token 1"), Array(4).fill("token 2")])
    expect(transport.count("/token")).toBe(2)
  })

  test("expire by their age in the store, whatever the clock of the reading process says", async () => {
    const [transport, fleet] = [issuing(), memoryFleet()]
    const [one, other] = [open(transport, fleet), open(transport, fleet)]
    const expiry = await run(
      Effect.gen(function* () {
        yield* one.clientCredentials()
        yield* settled
        fleet.now += 100_000
        return (yield* other.clientCredentials()).expiresAt
      }),
    )
    expect(expiry).toEqual(new Date(start + 500_000))
  })

  test("that an API rejected are dropped for all processes, once", async () => {
    const [transport, fleet] = [issuing(), memoryFleet()]
    const [one, other, third] = [open(transport, fleet), open(transport, fleet), open(transport, fleet)]
    const ends: Array<unknown> = []
    fleet.onEnd((end) => ends.push(end))
    const results = await run(
      Effect.gen(function* () {
        yield* tokenOf(one)
        yield* settled
        yield* tokenOf(other)
        const reports = Effect.all(
          Array.from({ length: 50 }, () => tokenOf(one, {}, { refused: "token 1" })),
          { concurrency: "unbounded" },
        )
        const replaced = new Set(yield* reports)
        yield* settled
        // A process that had no token yet reports it too.
        return [replaced, yield* tokenOf(other), yield* tokenOf(third, {}, { refused: "token 1" })]
      }),
    )
    expect(results).toEqual([new Set(["token 2"]), "token 2", "token 2"])
    expect(transport.count("/token")).toBe(2)
    expect(ends).toHaveLength(2)
  })

  test("that userInfo rejected or that were revoked are dropped for all processes", async () => {
    const [transport, fleet] = [issuing(new Set(["token 1"])), memoryFleet()]
    const [one, other] = [open(transport, fleet), open(transport, fleet)]
    const results = await run(
      Effect.gen(function* () {
        for (const auth of [one, other]) yield* Effect.tap(tokenOf(auth), () => settled)
        yield* Effect.exit(one.userInfo("token 1", { expectedSubject: "s" }))
        yield* settled
        const second = yield* tokenOf(other)
        yield* settled
        yield* tokenOf(one)
        yield* one.revoke(second)
        yield* settled
        return [second, yield* tokenOf(other)]
      }),
    )
    expect(results).toEqual(["token 2", "token 3"])
    expect(transport.count("/token")).toBe(3)
  })

  test("are not dropped by a stranger's text", async () => {
    const [transport, fleet] = [issuing(new Set(["garbage"])), memoryFleet()]
    const [one, other] = [open(transport, fleet), open(transport, fleet)]
    const ends: Array<unknown> = []
    fleet.onEnd((end) => ends.push(end))
    await run(
      Effect.gen(function* () {
        for (const auth of [one, other]) yield* Effect.tap(tokenOf(auth), () => settled)
        yield* Effect.exit(one.userInfo("garbage", { expectedSubject: "s" }))
        yield* one.revoke("garbage")
        for (const auth of [one, other]) yield* tokenOf(auth)
      }),
    )
    expect(transport.count("/token")).toBe(1)
    expect(ends).not.toContainEqual(expect.objectContaining({ server: expect.stringContaining("clientCredentials") }))
  })

  test("are requested by each process while the store does not answer", async () => {
    const [transport, fleet] = [issuing(), memoryFleet()]
    fleet.isUp = false
    const results = await run(Effect.forEach(several(3, transport, fleet), (auth) => tokenOf(auth)))
    expect(results).toEqual(["token 1", "token 2", "token 3"])
  })

  test("are requested by a process that has waited 100 ms for another one", async () => {
    const fleet = memoryFleet()
    const { promise: held, resolve } = Promise.withResolvers<void>()
    const slow = vendor(() =>
      Effect.andThen(
        Effect.promise(() => held),
        tokens({ access_token: "slow" }),
      ),
    )
    const fast = issuing()
    const results = await Effect.runPromise(
      Effect.gen(function* () {
        const first = yield* Effect.forkChild(tokenOf(open(slow, fleet)), { startImmediately: true })
        yield* Effect.promise(() => vi.waitFor(() => expect(slow.count("/token")).toBe(1)))
        const before = performance.now()
        const second = yield* tokenOf(open(fast, fleet))
        const waited = performance.now() - before
        resolve()
        return { second, waited, first: yield* Fiber.join(first) }
      }),
    )
    expect(results).toMatchObject({ first: "slow", second: "token 1" })
    expect(results.waited).toBeGreaterThanOrEqual(95)
    expect(results.waited).toBeLessThan(2000)
  })
})
