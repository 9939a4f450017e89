import * as fc from "fast-check"
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { ExpiryHeap } from "../../../src/guard/dpop/expiry-heap.ts"
import { memoryReplayStore } from "../../../src/guard/replay.ts"

const start = 1_800_000_000_000
const minute = 60_000

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: start })
})
afterEach(() => {
  vi.useRealTimers()
})

describe("the replay store in memory", () => {
  test("takes a key once, until its time is over", async () => {
    const store = memoryReplayStore()
    expect(await store.reserve("a", start + minute, "owner")).toBe("fresh")
    expect(await store.reserve("a", start + minute, "owner")).toBe("seen")
    expect(await store.reserve("b", start + minute, "owner")).toBe("fresh")
    vi.setSystemTime(start + minute)
    expect(await store.reserve("a", start + minute, "owner")).toBe("seen")
    vi.setSystemTime(start + minute + 1)
    expect(await store.reserve("a", start + 2 * minute, "owner")).toBe("fresh")
    expect(store.size).toBe(1)
  })

  test("has space for one hundredth of its entries per key, and others are not affected", async () => {
    const store = memoryReplayStore({ maxEntries: 1000 })
    const reserve = (owner: string, count: number) => store.reserve(`${owner} ${count}`, start + minute, owner)
    for (let count = 0; count < 10; count++) expect(await reserve("greedy", count)).toBe("fresh")
    await expect(reserve("greedy", 10)).rejects.toThrow("whole share of the replay store: 10 proofs")
    expect(await reserve("greedy", 3)).toBe("seen")
    expect(await reserve("modest", 0)).toBe("fresh")
    vi.setSystemTime(start + minute + 1)
    expect(await reserve("greedy", 11)).toBe("fresh")
  })

  test("rejects when it is full, forgets nothing, and has space again later", async () => {
    const store = memoryReplayStore({ maxEntries: 100, maxShare: 1 })
    for (let count = 0; count < 100; count++) await store.reserve(`${count}`, start + minute + 1000 * count, `${count}`)
    await expect(store.reserve("more", start + minute, "more")).rejects.toThrow("full: it has 100 proofs")
    for (let count = 0; count < 100; count++) expect(await store.reserve(`${count}`, start + minute, "")).toBe("seen")
    expect(store.size).toBe(100)
    vi.setSystemTime(start + minute + 1)
    expect(await store.reserve("more", start + 2 * minute, "more")).toBe("fresh")
    await expect(store.reserve("even more", start + 2 * minute, "more")).rejects.toThrow("full")
  })

  test("has a million entries unless the options say otherwise, and 10,000 per key", async () => {
    const store = memoryReplayStore()
    for (let count = 0; count < 10_000; count++) await store.reserve(`${count}`, start + minute, "owner")
    await expect(store.reserve("more", start + minute, "owner")).rejects.toThrow("10000 proofs")
    expect(await store.reserve("more", start + minute, "another")).toBe("fresh")
  })

  test("removes what has expired in small parts: no reservation stops the process", async () => {
    const store = memoryReplayStore({ maxEntries: 100_000, maxShare: 1 })
    for (let count = 0; count < 50_000; count++) await store.reserve(`${count}`, start + minute, "owner")
    vi.setSystemTime(start + minute + 1)
    await store.reserve("new", start + 2 * minute, "owner")
    expect(store.size).toBeGreaterThan(49_000)
    for (let count = 0; count < 1000; count++) await store.reserve(`new ${count}`, start + 2 * minute, "owner")
    expect(store.size).toBe(1001)
  })

  test.each([
    [{ maxEntries: 0 }, "maxEntries"],
    [{ maxEntries: 1.5 }, "maxEntries"],
    [{ maxEntries: 1e9 }, "maxEntries"],
    [{ maxEntries: "1000" }, "maxEntries"],
    [{ maxShare: 0 }, "maxShare"],
    [{ maxShare: 1.1 }, "maxShare"],
    [{ maxShare: Number.NaN }, "maxShare"],
    [{ size: 5 }, "size"],
    [null, "expected the options of a replay store"],
  ])("rejects the options %j", (options, named) => {
    const make = memoryReplayStore as (options: unknown) => unknown
    expect(() => make(options)).toThrow(named)
  })
})

interface Step {
  readonly pass: number
  readonly key: number
  readonly owner: number
  readonly term: number
}

const steps = fc.array(
  fc.record<Step>({
    pass: fc.integer({ min: 0, max: 20_000 }),
    key: fc.integer({ min: 0, max: 40 }),
    owner: fc.integer({ min: 0, max: 4 }),
    term: fc.integer({ min: 0, max: 65_000 }),
  }),
  { maxLength: 120 },
)

/** What a store must answer, by a list of everything that it took. */
const model = (maxEntries: number, perOwner: number) => {
  let entries: ReadonlyArray<{ readonly key: string; readonly until: number; readonly owner: string }> = []
  return (key: string, until: number, owner: string): string => {
    entries = entries.filter((entry) => Math.ceil(entry.until / 1000) * 1000 >= Date.now())
    if (entries.some((entry) => entry.key === key)) return "seen"
    if (entries.length >= maxEntries) return "no space"
    if (entries.filter((entry) => entry.owner === owner).length >= perOwner) return "no space"
    entries = [...entries, { key, until, owner }]
    return "fresh"
  }
}

describe("for any reservations, at any times,", () => {
  test("the store answers as a list of them does, and never grows beyond its limit", async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        vi.setSystemTime(start)
        const store = memoryReplayStore({ maxEntries: 20, maxShare: 0.3 })
        const expected = model(20, 6)
        for (const { pass, key, owner, term } of all) {
          vi.setSystemTime(Date.now() + pass)
          const args = [`key ${key}`, Date.now() + term, `owner ${owner}`] as const
          expect(await store.reserve(...args).catch(() => "no space")).toBe(expected(...args))
          expect(store.size).toBeLessThanOrEqual(20)
        }
      }),
      { numRuns: 500 },
    )
  })

  test("the heap gives entries in the order in which they expire", async () => {
    await fc.assert(
      fc.property(fc.array(fc.option(fc.integer({ min: 0, max: 50 }), { freq: 3 })), (all) => {
        const heap = new ExpiryHeap()
        let expected: ReadonlyArray<number> = []
        for (const until of all) {
          if (until === null) {
            heap.removeFirst()
            expected = expected.slice(1)
          } else {
            heap.add({ until })
            expected = [...expected, until].sort((a, b) => a - b)
          }
          expect(heap.first?.until).toBe(expected[0])
        }
      }),
      { numRuns: 1000 },
    )
  })
})
