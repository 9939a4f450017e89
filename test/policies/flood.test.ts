import fc from "fast-check"
import { createAuth } from "latchkey"
import { describe, expect, test } from "vitest"
import { boundedStore } from "../../src/core/policies/bounded-store.ts"
import { active, inactive, presented, provider, vendor } from "./vendor.ts"

describe("a store", () => {
  test("holds the latest that fit, in entries and in bytes, whatever is done to it", () => {
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
            model = model.filter(([known]) => known !== key)
            if (put) {
              const value = { bytes: weight }
              store.set(key, value)
              // What cannot fit drives nothing out.
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

describe("tokens that nobody has seen before", () => {
  test("drive out nothing that is good when they are not", async () => {
    const door = vendor((request) => (presented(request) === "good" ? active() : inactive))
    await using auth = createAuth(provider(door, { cache: { entries: 100 } }))
    await auth.introspect("good")
    for (let index = 0; index < 1000; index++) await auth.introspect(`random-${index}`)
    const before = door.asked.length
    expect(await auth.introspect("good")).toMatchObject({ active: true })
    expect(door.asked.length).toBe(before)
  })

  test("are remembered within the bounds, when they are good", async () => {
    const door = vendor(() => active())
    await using auth = createAuth(provider(door, { cache: { entries: 100 } }))
    for (let index = 0; index < 201; index++) await auth.introspect(`token-${index}`)
    await auth.introspect("token-101")
    expect(door.asked.length).toBe(201)
    await auth.introspect("token-100")
    expect(door.asked.length).toBe(202)
  })

  test("are remembered within the bytes, also when each weighs much", async () => {
    const door = vendor(() => active({ ext: { heavy: "x".repeat(10_000) } }))
    await using auth = createAuth(provider(door, { cache: { bytes: 1 << 20 } }))
    for (let index = 0; index < 200; index++) await auth.introspect(`token-${index}`)
    const before = door.asked.length
    for (let index = 199; index >= 180; index--) await auth.introspect(`token-${index}`)
    expect(door.asked.length).toBe(before)
    await auth.introspect("token-130")
    expect(door.asked.length).toBe(before + 1)
  })

  test("weigh no more when they are asked for again, however small the parts of an answer are", async () => {
    const parts = Array.from({ length: 5000 }, () => ({}))
    const door = vendor(() => active({ ext: parts }))
    await using auth = createAuth(provider(door, { cache: { bytes: 64 << 20 } }))
    const answers = [await auth.introspect("token"), await auth.introspect("token"), await auth.introspect("token")]
    expect(door.count("/introspect")).toBe(1)
    expect(answers[1]).toEqual(answers[0])
    expect(answers[2]).not.toBe(answers[1])
  })
})
