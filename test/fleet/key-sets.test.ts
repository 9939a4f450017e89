import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/testing/TestClock"
import { make } from "latchkey/effect"
import { oidc } from "latchkey/oidc"
import { describe, expect, test } from "vitest"
import { audience, issuer, now, signingKey, token } from "../jwt/signing-keys.ts"
import { down, jwkSet, letBackgroundWorkRun, run, type Vendor } from "../jwt/vendor.ts"
import { type Vendor as Server, vendor } from "../policies/vendor.ts"
import { type MemoryFleet, memoryFleet } from "./memory-fleet.ts"

const [one, two] = [signingKey("RS256", "one"), signingKey("RS256", "two")]
const tokenOfOne = await token(one, { exp: now + 86_400 })
const tokenOfTwo = await token(two, { exp: now + 86_400 })
const tokenOfNobody = await token(signingKey("RS256", "nobody"), { exp: now + 86_400 })

/** A vendor that publishes keys; the transport is one for all processes. */
const publishing = (keys: Vendor["keys"]): Server => vendor(() => keys)

const published = (...keys: ReadonlyArray<typeof one>) => jwkSet(...keys.map(({ jwk }) => jwk))

const open = (transport: Server, fleet: MemoryFleet) => {
  const settings = {
    ...{ issuer, audience: [audience], clientId: "service", clientSecret: "a secret of ours" },
    ...({ timeout: "20 days", retry: false, circuitBreaker: false, log: () => undefined } as const),
    endpoints: { jwksUri: `${issuer}/keys` },
    token: { answers: "signature" } as const,
  }
  const auth = Effect.runSync(Scope.provide(make(oidc(settings, { transport, fleet })), Scope.makeUnsafe()))
  return (accessToken: string) =>
    Effect.match(auth.introspect(accessToken), {
      onFailure: ({ reason }) => reason._tag,
      onSuccess: ({ active }) => active,
    })
}

const several = (count: number, ...args: Parameters<typeof open>) => Array.from({ length: count }, () => open(...args))

/** Moves the clocks of the processes and of the store. */
const pass = (fleet: MemoryFleet, seconds: number) =>
  Effect.suspend(() => {
    fleet.now += seconds * 1000
    return TestClock.adjust(`${seconds} seconds`)
  })

describe("a key set in a fleet", () => {
  test("is fetched once for all processes and each refresh interval", async () => {
    const [transport, fleet] = [publishing(published(one)), memoryFleet()]
    const all = several(8, transport, fleet)
    const counts = await run(
      Effect.gen(function* () {
        const each = Effect.forEach(all, (introspect) => Effect.tap(introspect(tokenOfOne), () => letBackgroundWorkRun))
        expect(yield* each).toEqual(Array(8).fill(true))
        const first = transport.requests.length
        yield* pass(fleet, 299)
        yield* each
        const before = transport.requests.length
        yield* pass(fleet, 2)
        yield* each
        yield* each
        return [first, before, transport.requests.length]
      }),
    )
    expect(counts).toEqual([1, 1, 2])
  })

  test("is as old as its request, whichever process sent it", async () => {
    const [transport, fleet] = [publishing(published(one)), memoryFleet()]
    const [first, other] = [open(transport, fleet), open(transport, fleet)]
    const results = await run(
      Effect.gen(function* () {
        yield* Effect.tap(first(tokenOfOne), () => letBackgroundWorkRun)
        yield* pass(fleet, 240)
        const taken = yield* Effect.tap(other(tokenOfOne), () => letBackgroundWorkRun)
        transport.respond = () => down
        yield* pass(fleet, 3600 - 240 - 1)
        const within = yield* other(tokenOfOne)
        yield* pass(fleet, 2)
        return [taken, within, yield* other(tokenOfOne)]
      }),
    )
    expect(results).toEqual([true, true, "Unavailable"])
  })

  test("that lacks the key of a token is requested once for all processes within the cool-down", async () => {
    const [transport, fleet] = [publishing(published(one)), memoryFleet()]
    const all = several(4, transport, fleet)
    const results = await run(
      Effect.gen(function* () {
        for (const introspect of all) yield* Effect.tap(introspect(tokenOfOne), () => letBackgroundWorkRun)
        yield* pass(fleet, 60)
        transport.respond = () => published(one, two)
        const rotated = yield* Effect.forEach(all, (introspect) =>
          Effect.tap(introspect(tokenOfTwo), () => letBackgroundWorkRun),
        )
        return [rotated, transport.requests.length]
      }),
    )
    expect(results).toEqual([Array(4).fill(true), 2])
  })

  test("is requested once in a cool-down however many processes get tokens of unknown keys", async () => {
    const [transport, fleet] = [publishing(published(one)), memoryFleet()]
    const all = several(4, transport, fleet)
    const count = await run(
      Effect.gen(function* () {
        for (const introspect of all) yield* Effect.tap(introspect(tokenOfOne), () => letBackgroundWorkRun)
        yield* pass(fleet, 60)
        const before = transport.requests.length
        for (let second = 0; second < 30; second++) {
          for (const introspect of all) yield* Effect.forkChild(introspect(tokenOfNobody), { startImmediately: true })
          yield* letBackgroundWorkRun
          yield* pass(fleet, 1)
        }
        return transport.requests.length - before
      }),
    )
    expect(count).toBeGreaterThan(0)
    // One at the start, and one at the end of each cool-down of 5 seconds.
    expect(count).toBeLessThanOrEqual(7)
  })

  test("from before a token came does not decide that its key is unknown", async () => {
    const [transport, fleet] = [publishing(published(one)), memoryFleet()]
    const [first, other] = [open(transport, fleet), open(transport, fleet)]
    const results = await run(
      Effect.gen(function* () {
        for (const introspect of [first, other]) yield* Effect.tap(introspect(tokenOfOne), () => letBackgroundWorkRun)
        yield* pass(fleet, 60)
        // A stranger's token makes the first process fetch the set, shortly before the key is published.
        expect(yield* first(tokenOfNobody)).toBe(false)
        yield* letBackgroundWorkRun
        transport.respond = () => published(one, two)
        yield* pass(fleet, 2)
        const waiting = yield* Effect.forkChild(other(tokenOfTwo), { startImmediately: true })
        yield* letBackgroundWorkRun
        const during = [waiting.pollUnsafe(), transport.requests.length]
        yield* pass(fleet, 4)
        yield* letBackgroundWorkRun
        return [during, yield* Fiber.join(waiting), transport.requests.length]
      }),
    )
    expect(results).toEqual([[undefined, 2], true, 3])
  })

  test("that a stranger wrote, or that has no keys, is of no use", async () => {
    const [transport, fleet] = [publishing(published(one)), memoryFleet()]
    await run(Effect.tap(open(transport, fleet)(tokenOfOne), () => letBackgroundWorkRun))
    const [key = ""] = Array.from(fleet.entries.keys())
    for (const text of ["", "{}", "[]", "null", "[1]", "[{}]", '{"keys":[]}', "not JSON"]) {
      const before = transport.requests.length
      const parties = fleet.entries.get(key)?.parties ?? { server: "" }
      await fleet.put(key, text, { revision: (await fleet.revision()) ?? "", parties, lifetime: 60_000 })
      expect(await run(open(transport, fleet)(tokenOfOne))).toBe(true)
      expect(transport.requests.length - before).toBe(1)
    }
  })

  test("is fetched by each process while the store does not answer", async () => {
    const [transport, fleet] = [publishing(published(one)), memoryFleet()]
    fleet.isUp = false
    expect(await run(Effect.forEach(several(3, transport, fleet), (introspect) => introspect(tokenOfOne)))).toEqual(
      Array(3).fill(true),
    )
    expect(transport.requests).toHaveLength(3)
  })
})
