import * as Effect from "effect/Effect"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { cacheKeys } from "../../src/core/policies/cache-key.ts"
import type { Backend, Identity } from "../../src/ports/provider.ts"
import { active, provider, vendor } from "./vendor.ts"

const identityOf = (backend: Backend | undefined): Identity => ({
  id: "any",
  can: new Set(),
  instead: {},
  ...(backend !== undefined && { backend }),
})

const backends = fc.record({ instance: fc.string(), endpoint: fc.string(), credential: fc.string() })
const inputs = fc.record({ backend: backends, question: fc.string(), text: fc.string() })

const keyOf = ({ backend, question, text }: { backend: Backend; question: string; text: string }) =>
  cacheKeys(identityOf(backend), question)(text)

describe("a cache key", () => {
  test("is equal for equal inputs and different for different ones", () => {
    fc.assert(
      fc.property(inputs, inputs, (one, other) => {
        expect(keyOf(one)).toBe(keyOf(structuredClone(one)))
        expect(keyOf(one) === keyOf(other)).toBe(JSON.stringify(one) === JSON.stringify(other))
      }),
    )
  })

  test.each(["instance", "endpoint", "credential"] as const)("is different when only the %s differs", (member) => {
    fc.assert(
      fc.property(inputs, fc.string(), (input, other) => {
        fc.pre(other !== input.backend[member])
        const changed = { ...input, backend: { ...input.backend, [member]: other } }
        expect(keyOf(changed) === keyOf(input)).toBe(false)
      }),
    )
  })

  test("is different when text moves from one member to the next", () => {
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

  test("does not contain the token", () => {
    fc.assert(
      fc.property(inputs, fc.string({ minLength: 8 }), (input, token) => {
        expect(keyOf({ ...input, text: token })).not.toContain(token)
        expect(String(keyOf({ ...input, text: token })).length).toBe(43)
      }),
    )
  })

  test("is shared with no other provider when the provider has no backend identity", () => {
    expect(cacheKeys(identityOf(undefined), "introspect")("t")).not.toBe(
      cacheKeys(identityOf(undefined), "introspect")("t"),
    )
  })
})

describe("the backend identity of a provider", () => {
  const backendOf = (changes: Parameters<typeof provider>[1]) => {
    const { backend } = Effect.runSync(
      Effect.scoped(
        provider(
          vendor(() => active()),
          changes,
        ),
      ),
    )
    return { ...backend, fingerprint: backend?.fingerprint?.() }
  }

  test.each([
    { clientId: "another" },
    { clientSecret: "another" },
    { clientSecret: ["another", "a secret of ours"] as const },
    { audience: ["https://api.example"] },
    { clockSkew: "0 seconds" } as const,
    { scopes: ["read"] },
  ])("differs with %j", (changes) => {
    expect(backendOf(changes).credential).not.toEqual(backendOf({}).credential)
    expect(backendOf(changes).fingerprint).not.toEqual(backendOf({}).fingerprint)
    expect(backendOf(changes)).toEqual(backendOf(structuredClone(changes)))
  })

  test("contains no secret", () => {
    expect(JSON.stringify(backendOf({}))).not.toContain("a secret of ours")
  })
})
