import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { describe, expect, test } from "vitest"
import { signingKey, token } from "./signing-keys.ts"
import { jwkSet, letBackgroundWorkRun, local, oryOf, patiently, run, vendor } from "./vendor.ts"

const one = signingKey("RS256", "one")
const two = signingKey("RS256", "two")
const three = signingKey("RS256", "three")
const ec = signingKey("ES256", "ec")
const inactive = { active: false }
const active = { active: true }

describe("a token", () => {
  test("is validated with the key that its kid names", async () => {
    expect(await local([two.jwk, ec.jwk, one.jwk], await token(one))).toMatchObject(active)
    expect(await local([two.jwk, ec.jwk], await token(one))).toEqual(inactive)
  })

  test("without a kid is validated with the only key that fits", async () => {
    const tokenWithoutKid = await token(one, {}, { kid: undefined })
    expect(await local([one.jwk], tokenWithoutKid)).toMatchObject(active)
    expect(await local([ec.jwk, one.jwk, { ...two.jwk, use: "enc" }], tokenWithoutKid)).toMatchObject(active)
  })

  test("without a kid is validated with every key that fits", async () => {
    const tokenWithoutKid = await token(one, {}, { kid: undefined })
    expect(await local([one.jwk, two.jwk], tokenWithoutKid)).toMatchObject(active)
    expect(await local([two.jwk, one.jwk], tokenWithoutKid)).toMatchObject(active)
    expect(await local([two.jwk, ec.jwk, three.jwk], tokenWithoutKid)).toEqual(inactive)
  })

  test("is validated with a key that the vendor publishes twice, whatever the order of its members", async () => {
    const reordered = Object.fromEntries(Object.entries(one.jwk).reverse()) as typeof one.jwk
    expect(await local([one.jwk, one.jwk], await token(one))).toMatchObject(active)
    expect(await local([one.jwk, two.jwk, reordered], await token(one))).toMatchObject(active)
  })

  test("fails with an error about the server when two different keys that fit have its kid", async () => {
    const twin = { ...two.jwk, kid: "one" }
    for (const keys of [
      [one.jwk, twin],
      [twin, one.jwk],
    ]) {
      const error = await run(Effect.flip(oryOf(vendor(...keys)).introspect(await token(one), { freshness: "local" })))
      expect(error.reason).toMatchObject({ _tag: "UnexpectedResponse", path: "keys" })
    }
  })

  test("is validated with the key that fits when two keys of different types have its kid", async () => {
    expect(await local([{ ...ec.jwk, kid: "one" }, one.jwk], await token(one))).toMatchObject(active)
  })

  test("with a kid is not validated with a key without one", async () => {
    const { kid: _kid, ...withoutKid } = one.jwk
    expect(await local([withoutKid], await token(one))).toEqual(inactive)
    expect(await local([withoutKid], await token(one, {}, { kid: undefined }))).toMatchObject(active)
  })

  test("fails when the key set is empty, because an empty set decides nothing", async () => {
    const error = await run(Effect.flip(oryOf(vendor()).introspect(await token(one), { freshness: "local" })))
    expect(error.reason).toMatchObject({ _tag: "UnexpectedResponse", path: "keys" })
  })

  test("is rejected when another key than the named one signed it, whatever keys are imported already", async () => {
    const auth = oryOf(vendor(one.jwk, ec.jwk))
    const introspect = (accessToken: string) => auth.introspect(accessToken, { freshness: "local" })
    const forged = await token(two, {}, { kid: "one" })
    const good = await token(one)
    const states = await run(Effect.forEach([good, forged, good], introspect))
    expect(states.map((state) => state.active)).toEqual([true, false, true])
  })
})

describe("when the vendor changes its keys", () => {
  const introspect = (auth: ReturnType<typeof oryOf>, accessToken: string) =>
    patiently(auth.introspect(accessToken, { freshness: "local" }))

  test("a token of a removed key is rejected, even one that was validated before", async () => {
    const transport = vendor(one.jwk, two.jwk)
    const auth = oryOf(transport)
    const [first, second] = [await token(one), await token(two)]
    const states = await run(
      Effect.gen(function* () {
        const before = [yield* introspect(auth, first), yield* introspect(auth, second)]
        transport.keys = jwkSet(two.jwk)
        yield* TestClock.adjust("5 minutes")
        yield* introspect(auth, second)
        yield* letBackgroundWorkRun
        return [...before, yield* introspect(auth, first), yield* introspect(auth, second)]
      }),
    )
    expect(states.map((state) => state.active)).toEqual([true, true, false, true])
    // The token of the removed key waits for one more request.
    expect(transport.keyRequests).toBe(3)
  })

  test("a new key with the same kid accepts its own tokens and rejects those of the old key", async () => {
    const transport = vendor(one.jwk)
    const auth = oryOf(transport)
    const [oldToken, newToken] = [await token(one), await token(two, {}, { kid: "one" })]
    const states = await run(
      Effect.gen(function* () {
        const before = [yield* introspect(auth, oldToken), yield* introspect(auth, newToken)]
        transport.keys = jwkSet({ ...two.jwk, kid: "one" })
        yield* TestClock.adjust("5 minutes")
        yield* introspect(auth, oldToken)
        yield* letBackgroundWorkRun
        return [...before, yield* introspect(auth, oldToken), yield* introspect(auth, newToken)]
      }),
    )
    expect(states.map((state) => state.active)).toEqual([true, false, false, true])
  })

  test("an empty key set replaces no usable one", async () => {
    const transport = vendor(one.jwk)
    const auth = oryOf(transport)
    const accessToken = await token(one)
    const states = await run(
      Effect.gen(function* () {
        const before = yield* introspect(auth, accessToken)
        transport.keys = jwkSet()
        yield* TestClock.adjust("6 minutes")
        yield* introspect(auth, accessToken)
        yield* letBackgroundWorkRun
        return [before, yield* introspect(auth, accessToken)]
      }),
    )
    expect(states.map((state) => state.active)).toEqual([true, true])
  })
})
