import fc from "fast-check"
import { createAuth } from "latchkey"
import { describe, expect, test } from "vitest"
import { boundedStore } from "../../src/core/policies/bounded-store.ts"
import { active, inactive, provider, tokenOf, vendor } from "./vendor.ts"

describe("a bounded store", () => {
  test("holds the latest entries that fit, in number and in bytes, after any steps", () => {
    const step = fc.record({
      key: fc.integer({ min: 0, max: 9 }),
      bytes: fc.integer({ min: 0, max: 9 }),
      put: fc.boolean(),
    })
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 60 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 20 }),
        (steps, entries, bytes) => {
          const store = boundedStore<number, { readonly bytes: number }>({ entries, bytes })
          let model: Array<readonly [number, { readonly bytes: number }]> = []
          for (const { key, put, bytes: weight } of steps) {
            model = model.filter(([entryKey]) => entryKey !== key)
            if (put) {
              const value = { bytes: weight }
              store.set(key, value)
              // A value that cannot fit evicts nothing.
              if (weight <= bytes) model.push([key, value])
            } else store.delete(key)
            const total = () => model.reduce((sum, [, value]) => sum + value.bytes, 0)
            while (model.length > entries || total() > bytes) model.shift()
            expect(Array.from(store.entries())).toEqual(model)
          }
        },
      ),
    )
  })
})

describe("the introspection cache under a flood of new tokens", () => {
  test("evicts no active entry for inactive ones", async () => {
    const transport = vendor((request) => (tokenOf(request) === "good" ? active() : inactive))
    await using auth = createAuth(provider(transport, { cache: { entries: 100 } }))
    await auth.introspect("good")
    for (let index = 0; index < 1000; index++) await auth.introspect(`random-${index}`)
    const before = transport.requests.length
    expect(await auth.introspect("good")).toMatchObject({ active: true })
    expect(transport.requests.length).toBe(before)
  })

  test("holds active entries up to the limit on entries", async () => {
    const transport = vendor(() => active())
    await using auth = createAuth(provider(transport, { cache: { entries: 100 } }))
    for (let index = 0; index < 201; index++) await auth.introspect(`token-${index}`)
    await auth.introspect("token-101")
    expect(transport.requests.length).toBe(201)
    await auth.introspect("token-100")
    expect(transport.requests.length).toBe(202)
  })

  test("holds large entries up to the limit on bytes", async () => {
    const transport = vendor(() => active({ ext: { large: "x".repeat(10_000) } }))
    await using auth = createAuth(provider(transport, { cache: { bytes: 1 << 20 } }))
    for (let index = 0; index < 200; index++) await auth.introspect(`token-${index}`)
    const before = transport.requests.length
    for (let index = 199; index >= 180; index--) await auth.introspect(`token-${index}`)
    expect(transport.requests.length).toBe(before)
    await auth.introspect("token-130")
    expect(transport.requests.length).toBe(before + 1)
  })

  test("still holds an entry of many small parts after several hits", async () => {
    const parts = Array.from({ length: 5000 }, () => ({}))
    const transport = vendor(() => active({ ext: parts }))
    await using auth = createAuth(provider(transport, { cache: { bytes: 64 << 20 } }))
    const results = [await auth.introspect("token"), await auth.introspect("token"), await auth.introspect("token")]
    expect(transport.count("/introspect")).toBe(1)
    expect(results[1]).toEqual(results[0])
    expect(results[2]).not.toBe(results[1])
  })
})
