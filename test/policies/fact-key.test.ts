import * as Effect from "effect/Effect"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { factKeys } from "../../src/core/policies/cache-key.ts"
import type { Backend, Identity } from "../../src/ports/provider.ts"
import { active, provider, vendor } from "./vendor.ts"

const of = (backend: Backend | undefined): Identity => ({
  id: "any",
  can: new Set(),
  instead: {},
  ...(backend !== undefined && { backend }),
})

const backends = fc.record({ instance: fc.string(), endpoint: fc.string(), credential: fc.string() })
const places = fc.record({ backend: backends, question: fc.string(), text: fc.string() })

const keyOf = ({ backend, question, text }: { backend: Backend; question: string; text: string }) =>
  factKeys(of(backend), question)(text)

describe("the name of a question", () => {
  test("is the same for the same, and another for whatever differs", () => {
    fc.assert(
      fc.property(places, places, (one, other) => {
        expect(keyOf(one)).toBe(keyOf(structuredClone(one)))
        expect(keyOf(one) === keyOf(other)).toBe(JSON.stringify(one) === JSON.stringify(other))
      }),
    )
  })

  test.each(["instance", "endpoint", "credential"] as const)("is another when only the %s differs", (member) => {
    fc.assert(
      fc.property(places, fc.string(), (place, other) => {
        fc.pre(other !== place.backend[member])
        const changed = { ...place, backend: { ...place.backend, [member]: other } }
        expect(keyOf(changed) === keyOf(place)).toBe(false)
      }),
    )
  })

  test("is another when a part moves from one member to the next", () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ minLength: 1 }), fc.string(), (a, b, c) => {
        const split = { instance: a + b, endpoint: c, credential: "" }
        const moved = { instance: a, endpoint: b + c, credential: "" }
        expect(keyOf({ backend: split, question: "", text: "" })).not.toBe(
          keyOf({ backend: moved, question: "", text: "" }),
        )
      }),
    )
  })

  test("holds nothing of the token", () => {
    fc.assert(
      fc.property(places, fc.string({ minLength: 8 }), (place, token) => {
        expect(keyOf({ ...place, text: token })).not.toContain(token)
        expect(String(keyOf({ ...place, text: token })).length).toBe(43)
      }),
    )
  })

  test("is nobody else's where a backend says nothing of itself", () => {
    expect(factKeys(of(undefined), "introspect")("t")).not.toBe(factKeys(of(undefined), "introspect")("t"))
  })
})

describe("the backend of a provider", () => {
  const backendOf = (changes: Parameters<typeof provider>[1]) =>
    Effect.runSync(
      Effect.scoped(
        provider(
          vendor(() => active()),
          changes,
        ),
      ),
    ).backend

  test.each([
    { clientId: "another" },
    { clientSecret: "another" },
    { clientSecret: ["another", "a secret of ours"] as const },
    { audience: ["https://api.example"] },
    { clockSkew: 0 },
    { scopes: ["read"] },
  ])("differs with %j", (changes) => {
    expect(backendOf(changes)).not.toEqual(backendOf({}))
    expect(backendOf(changes)).toEqual(backendOf(structuredClone(changes)))
  })

  test("holds no secret", () => {
    expect(JSON.stringify(backendOf({}))).not.toContain("a secret of ours")
  })
})
