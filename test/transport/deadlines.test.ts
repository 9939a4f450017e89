import fc from "fast-check"
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { type DeadlineEntry, makeDeadlines } from "../../src/internal/deadlines.ts"

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** The timers that the test advances. */
const fakeTimers = () => ({
  setTimeout: globalThis.setTimeout,
  clearTimeout: globalThis.clearTimeout,
  monotonicNow: () => performance.now(),
})

/** A waiting request, in milliseconds: when it starts, how long it may take, how long it takes. */
const waitingRequest = fc.record({
  from: fc.integer({ min: 0, max: 100 }),
  allowed: fc.integer({ min: 1, max: 100 }),
  needs: fc.integer({ min: 1, max: 200 }),
})

describe("makeDeadlines", () => {
  test("expires each entry that takes too long at its deadline, and no other entry", () => {
    fc.assert(
      fc.property(fc.array(waitingRequest, { maxLength: 20 }), (requests) => {
        const start = performance.now()
        const { add, remove } = makeDeadlines(fakeTimers())
        const ended = requests.map(() => [] as Array<number>)
        for (const [index, { from, allowed, needs }] of requests.entries()) {
          const entry: DeadlineEntry = {
            dueAt: start + from + allowed,
            previous: undefined,
            next: undefined,
            expire: () => {
              ended[index]?.push(performance.now() - start)
              remove(entry)
            },
          }
          setTimeout(() => add(entry), from)
          setTimeout(() => remove(entry), from + needs)
        }
        vi.advanceTimersByTime(1000)
        const late = requests.map(({ from, allowed, needs }) => (needs > allowed ? [from + allowed] : []))
        // An entry that ends exactly at its deadline may expire or not.
        const tied = requests.map(({ allowed, needs }) => allowed === needs)
        expect(ended.filter((_, index) => !tied[index])).toEqual(late.filter((_, index) => !tied[index]))
        expect(vi.getTimerCount()).toBe(0)
      }),
    )
  })

  test("that keep the process alive have no timer after the last entry", () => {
    const { add, remove } = makeDeadlines(fakeTimers(), { keepsAlive: true })
    const entryFor = (millis: number): DeadlineEntry => {
      const entry: DeadlineEntry = {
        dueAt: performance.now() + millis,
        expire: () => remove(entry),
        previous: undefined,
        next: undefined,
      }
      return entry
    }
    const [first, second] = [entryFor(5000), entryFor(6000)]
    add(first)
    add(second)
    remove(first)
    expect(vi.getTimerCount()).toBe(1)
    remove(second)
    expect(vi.getTimerCount()).toBe(0)
    const third = entryFor(10)
    const expire = vi.spyOn(third, "expire")
    add(third)
    vi.advanceTimersByTime(10)
    expect(expire).toHaveBeenCalledOnce()
  })

  test("sets one timer for all entries that end in time", () => {
    const { add, remove } = makeDeadlines(fakeTimers())
    for (let index = 0; index < 1000; index++) {
      const dueAt = performance.now() + 5000
      const entry: DeadlineEntry = { dueAt, expire: () => expect.unreachable(), previous: undefined, next: undefined }
      add(entry)
      vi.advanceTimersByTime(1)
      remove(entry)
      expect(vi.getTimerCount()).toBe(1)
    }
    vi.advanceTimersByTime(5000)
    expect(vi.getTimerCount()).toBe(0)
  })

  test("expires an entry that is already due at once, and sets no timer in the past", async () => {
    vi.useRealTimers()
    const warnings: Array<string> = []
    const recordWarning = ({ name }: Error) => warnings.push(name)
    process.on("warning", recordWarning)
    const { add, remove } = makeDeadlines()
    await new Promise<void>((resolve) => {
      const expire = () => {
        remove(entry)
        resolve()
      }
      const entry: DeadlineEntry = { dueAt: performance.now() - 5, previous: undefined, next: undefined, expire }
      add(entry)
      // Keeps the process alive, because the deadline timer does not.
      setTimeout(() => {}, 50)
    })
    await new Promise(setImmediate)
    process.off("warning", recordWarning)
    expect(warnings).toEqual([])
  })
})
