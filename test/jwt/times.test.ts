import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { describe, expect, test } from "vitest"
import { audience, now, signingKey, token } from "./signing-keys.ts"
import { kindeOf, local, oryOf, run, vendor } from "./vendor.ts"

const key = signingKey("RS256")
const inactive = { active: false }

const isActive = async (changes: Readonly<Record<string, unknown>>, clockSkew?: number): Promise<boolean> => {
  const auth = oryOf(vendor(key.jwk), clockSkew === undefined ? {} : { clockSkew: `${clockSkew} seconds` })
  return (await run(auth.introspect(await token(key, changes), { freshness: "local" }))).active
}

describe("a token", () => {
  test.each([
    [60, 0, true],
    [1, 0, true],
    [0, 0, false],
    [-1, 0, false],
    [-29, 30, true],
    [-30, 30, false],
    [-59, 60, true],
    [-60, 60, false],
    [8.64e12 - now, 30, true],
    [8.64e12 + 1 - now, 30, false],
    [0.5, 0, true],
  ])("with exp in %d s and a clock skew of %d s has active %s", async (inSeconds, clockSkew, active) => {
    expect(await isActive({ exp: now + inSeconds }, clockSkew)).toBe(active)
  })

  test.each([
    [-60, 0, true],
    [0, 0, true],
    [1, 0, false],
    [30, 30, true],
    [31, 30, false],
    [60, 60, true],
    [61, 60, false],
  ])("with nbf or iat in %d s and a clock skew of %d s has active %s", async (inSeconds, clockSkew, active) => {
    expect(await isActive({ nbf: now + inSeconds }, clockSkew)).toBe(active)
    expect(await isActive({ iat: now + inSeconds }, clockSkew)).toBe(active)
  })

  test("becomes inactive at exp plus the clock skew, even when it was validated before", async () => {
    const auth = oryOf(vendor(key.jwk), { clockSkew: "10 seconds" })
    const accessToken = await token(key, { exp: now + 100 })
    const call = auth.introspect(accessToken, { freshness: "local" })
    const states = await run(
      Effect.gen(function* () {
        const first = yield* call
        yield* TestClock.adjust("109 seconds")
        const last = yield* call
        yield* TestClock.adjust("1 second")
        return [first.active, last.active, (yield* call).active]
      }),
    )
    expect(states).toEqual([true, true, false])
  })

  test("becomes active at nbf, even when it was inactive before", async () => {
    const auth = oryOf(vendor(key.jwk), { clockSkew: "0 seconds" })
    const call = auth.introspect(await token(key, { nbf: now + 10 }), { freshness: "local" })
    const states = await run(
      Effect.gen(function* () {
        const early = yield* call
        yield* TestClock.adjust("10 seconds")
        return [early.active, (yield* call).active]
      }),
    )
    expect(states).toEqual([false, true])
  })

  test("has its times as dates", async () => {
    const state = await local([key.jwk], await token(key, { nbf: now - 5 }))
    expect(state).toMatchObject({
      issuedAt: new Date((now - 60) * 1000),
      notBefore: new Date((now - 5) * 1000),
      expiresAt: new Date((now + 3600) * 1000),
      source: { local: new Date(now * 1000), stale: false },
    })
    expect(state).not.toHaveProperty("source.live")
  })
})

describe("the audience", () => {
  test.each([
    ["as a string", audience],
    ["in a list", [audience]],
    ["among others", ["https://other.example", audience]],
  ])("matches %s", async (_, aud) => {
    expect(await isActive({ aud })).toBe(true)
  })

  test("matches one of several configured audiences", async () => {
    const auth = kindeOf(vendor(key.jwk), { audience: ["https://a.example", "https://b.example"] })
    const accessToken = await token(key, { aud: ["https://b.example"] })
    expect(await run(auth.introspect(accessToken, { freshness: "local" }))).toMatchObject({ active: true })
  })

  test.each([undefined, [], "https://other.example", ["https://x.example"]])(
    '%j is accepted when "any" is configured',
    async (aud) => {
      for (const open of [oryOf, kindeOf]) {
        const auth = open(vendor(key.jwk), { audience: "any" })
        expect(await run(auth.introspect(await token(key, { aud }), { freshness: "local" }))).toMatchObject({
          active: true,
          audience: aud === undefined ? [] : [aud].flat(),
        })
      }
    },
  )

  test('of the wrong type is rejected even when "any" is configured', async () => {
    const auth = oryOf(vendor(key.jwk), { audience: "any" })
    for (const aud of [7, { a: 1 }, [7], true])
      expect(await run(auth.introspect(await token(key, { aud }), { freshness: "local" }))).toEqual(inactive)
  })
})
