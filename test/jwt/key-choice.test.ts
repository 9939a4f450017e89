import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { describe, expect, test } from "vitest"
import { signingKey, token } from "./signing-keys.ts"
import { local, oryOf, published, run, settle, vendor } from "./vendor.ts"

const one = signingKey("RS256", "one")
const two = signingKey("RS256", "two")
const ec = signingKey("ES256", "ec")
const inactive = { active: false }
const active = { active: true }

describe("which key a token is checked with", () => {
  test("the one that it names", async () => {
    expect(await local([two.jwk, ec.jwk, one.jwk], await token(one))).toMatchObject(active)
    expect(await local([two.jwk, ec.jwk], await token(one))).toEqual(inactive)
  })

  test("the only one that fits, when it names none", async () => {
    const nameless = await token(one, {}, { kid: undefined })
    expect(await local([one.jwk], nameless)).toMatchObject(active)
    expect(await local([ec.jwk, one.jwk, { ...two.jwk, use: "enc" }], nameless)).toMatchObject(active)
  })

  test("none, when it names none and several fit", async () => {
    const nameless = await token(one, {}, { kid: undefined })
    expect(await local([one.jwk, two.jwk], nameless)).toEqual(inactive)
    expect(await local([two.jwk, one.jwk], nameless)).toEqual(inactive)
  })

  test("none, when two that fit have the name", async () => {
    const twin = { ...two.jwk, kid: "one" }
    expect(await local([one.jwk, twin], await token(one))).toEqual(inactive)
    expect(await local([twin, one.jwk], await token(one))).toEqual(inactive)
  })

  test("the one that fits, when two of different kinds have the name", async () => {
    expect(await local([{ ...ec.jwk, kid: "one" }, one.jwk], await token(one))).toMatchObject(active)
  })

  test("not a nameless one, when it names one", async () => {
    const { kid: _kid, ...nameless } = one.jwk
    expect(await local([nameless], await token(one))).toEqual(inactive)
    expect(await local([nameless], await token(one, {}, { kid: undefined }))).toMatchObject(active)
  })

  test("none, when the set is empty", async () => {
    expect(await local([], await token(one))).toEqual(inactive)
  })

  test("never another than that of its own algorithm, whatever is ready already", async () => {
    const auth = oryOf(vendor(one.jwk, ec.jwk))
    const ask = (presented: string) => auth.introspect(presented, { freshness: "local" })
    const forged = await token(two, {}, { kid: "one" })
    const good = await token(one)
    const states = await run(Effect.forEach([good, forged, good], ask))
    expect(states.map((state) => state.active)).toEqual([true, false, true])
  })
})

describe("when the vendor changes its keys", () => {
  const ask = (auth: ReturnType<typeof oryOf>, presented: string) => auth.introspect(presented, { freshness: "local" })

  test("a token of a key that is gone is refused, also one checked before", async () => {
    const door = vendor(one.jwk, two.jwk)
    const auth = oryOf(door)
    const [first, second] = [await token(one), await token(two)]
    const states = await run(
      Effect.gen(function* () {
        const before = [yield* ask(auth, first), yield* ask(auth, second)]
        door.keys = published(two.jwk)
        yield* TestClock.adjust("5 minutes")
        yield* ask(auth, second)
        yield* settle
        return [...before, yield* ask(auth, first), yield* ask(auth, second)]
      }),
    )
    expect(states.map((state) => state.active)).toEqual([true, true, false, true])
    expect(door.keysAsked).toBe(2)
  })

  test("a key is replaced under its name: the old one's tokens are refused, the new one's taken", async () => {
    const door = vendor(one.jwk)
    const auth = oryOf(door)
    const [old, fresh] = [await token(one), await token(two, {}, { kid: "one" })]
    const states = await run(
      Effect.gen(function* () {
        const before = [yield* ask(auth, old), yield* ask(auth, fresh)]
        door.keys = published({ ...two.jwk, kid: "one" })
        yield* TestClock.adjust("5 minutes")
        yield* ask(auth, old)
        yield* settle
        return [...before, yield* ask(auth, old), yield* ask(auth, fresh)]
      }),
    )
    expect(states.map((state) => state.active)).toEqual([true, false, false, true])
  })

  test("a set without keys revokes them all", async () => {
    const door = vendor(one.jwk)
    const auth = oryOf(door)
    const presented = await token(one)
    const states = await run(
      Effect.gen(function* () {
        const before = yield* ask(auth, presented)
        door.keys = published()
        yield* TestClock.adjust("6 minutes")
        yield* ask(auth, presented)
        yield* settle
        return [before, yield* ask(auth, presented)]
      }),
    )
    expect(states.map((state) => state.active)).toEqual([true, false])
  })
})
