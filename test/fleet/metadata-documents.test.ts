import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/testing/TestClock"
import { make } from "latchkey/effect"
import { oidc } from "latchkey/oidc"
import { describe, expect, test } from "vitest"
import { active, down, run, settings, type Vendor, vendor } from "../policies/vendor.ts"
import { json } from "../unit/scripted-transport.ts"
import { type MemoryFleet, memoryFleet } from "./memory-fleet.ts"

const { issuer, endpoints } = settings
const path = "/.well-known/openid-configuration"
const document = { issuer, introspection_endpoint: endpoints.introspectionEndpoint }

const publishing = (): Vendor =>
  vendor(({ url }) => (url.endsWith(path) ? Effect.succeed(json(document)) : active({}, 100_000)))

const open = (transport: Vendor, fleet: MemoryFleet) => {
  const config = { ...settings, endpoints: undefined, cache: false, retry: false, circuitBreaker: false } as const
  const auth = Effect.runSync(
    Scope.provide(make(oidc({ ...config, log: () => undefined }, { transport, fleet })), Scope.makeUnsafe()),
  )
  return Effect.match(auth.introspect("token"), {
    onFailure: ({ reason }) => reason._tag,
    onSuccess: (state) => state.active,
  })
}

const stored = Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 10)))

const pass = (fleet: MemoryFleet, seconds: number) =>
  Effect.suspend(() => {
    fleet.now += seconds * 1000
    return TestClock.adjust(`${seconds} seconds`)
  })

describe("a metadata document in a fleet", () => {
  test("is fetched once for all processes and each refresh interval", async () => {
    const [transport, fleet] = [publishing(), memoryFleet()]
    const all = Array.from({ length: 8 }, () => open(transport, fleet))
    const counts = await run(
      Effect.gen(function* () {
        const each = Effect.forEach(all, (call) => Effect.tap(call, () => stored))
        expect(yield* each).toEqual(Array(8).fill(true))
        const first = transport.count(path)
        yield* pass(fleet, 601)
        yield* each
        yield* each
        return [first, transport.count(path)]
      }),
    )
    expect(counts).toEqual([1, 2])
  })

  test("is used up to an hour after its request, whichever process sent it", async () => {
    const [transport, fleet] = [publishing(), memoryFleet()]
    const [one, other] = [open(transport, fleet), open(transport, fleet)]
    const results = await run(
      Effect.gen(function* () {
        yield* Effect.tap(one, () => stored)
        yield* pass(fleet, 500)
        yield* Effect.tap(other, () => stored)
        transport.respond = ({ url }) => (url.endsWith(path) ? down : active({}, 100_000))
        yield* pass(fleet, 3600 - 500 - 2)
        const within = yield* Effect.tap(other, () => stored)
        yield* pass(fleet, 3)
        return [within, yield* other]
      }),
    )
    expect(results).toEqual([true, "Unavailable"])
  })

  test("is checked again when it is read: another issuer's or a malformed one is of no use", async () => {
    const [transport, fleet] = [publishing(), memoryFleet()]
    await run(Effect.tap(open(transport, fleet), () => stored))
    const [key = ""] = Array.from(fleet.entries.keys()).filter((each) => each.includes("metadata"))
    const evil = JSON.stringify({ ...document, issuer: "https://evil.example" })
    for (const text of ["", "null", "[]", "{}", evil, JSON.stringify({ issuer, jwks_uri: 1 })]) {
      const before = transport.count(path)
      const parties = fleet.entries.get(key)?.parties ?? { server: "" }
      await fleet.put(key, text, { revision: (await fleet.revision()) ?? "", parties, lifetime: 60_000 })
      expect(await run(open(transport, fleet))).toBe(true)
      expect(transport.count(path) - before).toBe(1)
    }
  })

  test("whose endpoints are on another origin sends no credentials there, whichever process fetched it", async () => {
    const [transport, fleet] = [publishing(), memoryFleet()]
    await run(Effect.tap(open(transport, fleet), () => stored))
    const [key = ""] = Array.from(fleet.entries.keys()).filter((each) => each.includes("metadata"))
    const parties = fleet.entries.get(key)?.parties ?? { server: "" }
    const text = JSON.stringify({ ...document, introspection_endpoint: "https://evil.example/introspect" })
    await fleet.put(key, text, { revision: (await fleet.revision()) ?? "", parties, lifetime: 60_000 })
    expect(await run(open(transport, fleet))).toBe("UnexpectedResponse")
    expect(transport.requests.some(({ url }) => url.includes("evil"))).toBe(false)
  })
})
