import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import type { IntrospectOptions } from "latchkey"
import { describe, expect, test } from "vitest"
import { signingKey, token } from "./signing-keys.ts"
import { kindeOf, oryOf, run, vendor } from "./vendor.ts"

const key = signingKey("RS256")
const accessToken = await token(key)

describe("freshness local", () => {
  test("requests only the keys, and only once", async () => {
    const transport = vendor(key.jwk)
    const auth = kindeOf(transport)
    const call = auth.introspect(accessToken, { freshness: "local" })
    await run(Effect.forEach([call, call, call], (each) => each))
    expect([transport.keyRequests, transport.liveRequests]).toEqual([1, 0])
  })

  test.each(["ory_at_opaque", "", "a.b", `${"a".repeat(43)}.${"b".repeat(43)}`])(
    'does not support the opaque token %j, and its error suggests "live"',
    async (opaque) => {
      const transport = vendor(key.jwk)
      for (const auth of [oryOf(transport), kindeOf(transport)]) {
        const error = await run(Effect.flip(auth.introspect(opaque, { freshness: "local" })))
        expect(error.reason).toMatchObject({ _tag: "UnsupportedOperation", argument: "freshness" })
        expect(error.message).toContain('"live"')
      }
      expect([transport.keyRequests, transport.liveRequests]).toEqual([0, 0])
    },
  )

  test("is unsupported without a configured audience, and its error names the audience", async () => {
    const transport = vendor(key.jwk)
    const error = await run(
      Effect.flip(oryOf(transport, { audience: undefined }).introspect(accessToken, { freshness: "local" })),
    )
    expect(error.reason).toMatchObject({ _tag: "UnsupportedOperation", argument: "freshness" })
    expect(error.message).toContain('"audience"')
    expect([transport.keyRequests, transport.liveRequests]).toEqual([0, 0])
  })

  test("is unsupported for a refresh token", async () => {
    const call = kindeOf(vendor(key.jwk)).introspect(accessToken, { freshness: "local", expect: "refresh_token" })
    expect((await run(Effect.flip(call))).reason).toMatchObject({ _tag: "UnsupportedOperation" })
  })

  test("honours the timeout of the call", async () => {
    const transport = vendor()
    transport.keys = Effect.never
    const call = oryOf(transport).introspect(accessToken, { freshness: "local", timeout: "2 seconds" })
    const error = await run(
      Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(Effect.flip(call))
        yield* TestClock.adjust("2 seconds")
        return fiber.pollUnsafe()
      }),
    )
    expect(error).toMatchObject({ value: { reason: { _tag: "Unavailable" }, operation: "introspect" } })
  })

  test.each([{ timeout: "soon" }, { timeout: -1 }, { expect: "id_token" }, { audience: "any" }])(
    "rejects the invalid options %j, as every freshness does",
    async (invalid) => {
      const options = { freshness: "local", ...invalid } as IntrospectOptions
      const error = await run(Effect.flip(oryOf(vendor(key.jwk)).introspect(accessToken, options)))
      expect(error.reason._tag).toBe("InvalidRequest")
    },
  )
})
