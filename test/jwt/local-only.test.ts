import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import type { IntrospectOptions } from "latchkey"
import { describe, expect, test } from "vitest"
import { signingKey, token } from "./signing-keys.ts"
import { kindeOf, oryOf, run, vendor } from "./vendor.ts"

const key = signingKey("RS256")
const presented = await token(key)

describe("freshness local", () => {
  test("asks for nothing but the keys, and for those once", async () => {
    const door = vendor(key.jwk)
    const auth = kindeOf(door)
    const ask = auth.introspect(presented, { freshness: "local" })
    await run(Effect.forEach([ask, ask, ask], (each) => each))
    expect([door.keysAsked, door.liveAsked]).toEqual([1, 0])
  })

  test.each(["ory_at_opaque", "", "a.b", `${"a".repeat(43)}.${"b".repeat(43)}`])(
    "refuses %j, which is opaque, and says what to do",
    async (opaque) => {
      const door = vendor(key.jwk)
      for (const auth of [oryOf(door), kindeOf(door)]) {
        const error = await run(Effect.flip(auth.introspect(opaque, { freshness: "local" })))
        expect(error.reason).toMatchObject({ _tag: "UnsupportedOperation", argument: "freshness" })
        expect(error.message).toContain('"live"')
      }
      expect([door.keysAsked, door.liveAsked]).toEqual([0, 0])
    },
  )

  test("is refused without a configured audience, and says so", async () => {
    const door = vendor(key.jwk)
    const error = await run(
      Effect.flip(oryOf(door, { audience: undefined }).introspect(presented, { freshness: "local" })),
    )
    expect(error.reason).toMatchObject({ _tag: "UnsupportedOperation", argument: "freshness" })
    expect(error.message).toContain('"audience"')
    expect([door.keysAsked, door.liveAsked]).toEqual([0, 0])
  })

  test("is refused for a refresh token", async () => {
    const ask = kindeOf(vendor(key.jwk)).introspect(presented, { freshness: "local", expect: "refresh_token" })
    expect((await run(Effect.flip(ask))).reason).toMatchObject({ _tag: "UnsupportedOperation" })
  })

  test("honours the time that the call may take", async () => {
    const door = vendor()
    door.keys = Effect.never
    const ask = oryOf(door).introspect(presented, { freshness: "local", timeout: "2 seconds" })
    const error = await run(
      Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(Effect.flip(ask))
        yield* TestClock.adjust("2 seconds")
        return fiber.pollUnsafe()
      }),
    )
    expect(error).toMatchObject({ value: { reason: { _tag: "Unavailable" }, operation: "introspect" } })
  })

  test.each([{ timeout: "soon" }, { timeout: -1 }, { expect: "id_token" }, { audience: "any" }])(
    "refuses the option %j, as every freshness does",
    async (wrong) => {
      const options = { freshness: "local", ...wrong } as IntrospectOptions
      const error = await run(Effect.flip(oryOf(vendor(key.jwk)).introspect(presented, options)))
      expect(error.reason._tag).toBe("InvalidRequest")
    },
  )
})
