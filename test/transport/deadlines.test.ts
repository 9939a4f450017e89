import fc from "fast-check"
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { makeDeadlines, type Waiting } from "../../src/adapters/transport/deadlines.ts"

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** One who waits: from when, for how long, and until when at most; in milliseconds. */
const one = fc.record({
  from: fc.integer({ min: 0, max: 100 }),
  allowed: fc.integer({ min: 1, max: 100 }),
  needs: fc.integer({ min: 1, max: 200 }),
})

describe("the deadlines of many", () => {
  test("each ends the one who takes too long, at its time, and nobody else", () => {
    fc.assert(
      fc.property(fc.array(one, { maxLength: 20 }), (all) => {
        const start = performance.now()
        const { add, remove } = makeDeadlines()
        const ended = all.map(() => [] as Array<number>)
        for (const [index, { from, allowed, needs }] of all.entries()) {
          const waiting: Waiting = {
            due: start + from + allowed,
            before: undefined,
            after: undefined,
            expire: () => {
              ended[index]?.push(performance.now() - start)
              remove(waiting)
            },
          }
          setTimeout(() => add(waiting), from)
          setTimeout(() => remove(waiting), from + needs)
        }
        vi.advanceTimersByTime(1000)
        const late = all.map(({ from, allowed, needs }) => (needs > allowed ? [from + allowed] : []))
        // At the very moment of its deadline either may come first.
        const tied = all.map(({ allowed, needs }) => allowed === needs)
        expect(ended.filter((_, index) => !tied[index])).toEqual(late.filter((_, index) => !tied[index]))
        expect(vi.getTimerCount()).toBe(0)
      }),
    )
  })

  test("set one timer for all that end in time", () => {
    const { add, remove } = makeDeadlines()
    for (let index = 0; index < 1000; index++) {
      const due = performance.now() + 5000
      const waiting: Waiting = { due, expire: () => expect.unreachable(), before: undefined, after: undefined }
      add(waiting)
      vi.advanceTimersByTime(1)
      remove(waiting)
      expect(vi.getTimerCount()).toBe(1)
    }
    vi.advanceTimersByTime(5000)
    expect(vi.getTimerCount()).toBe(0)
  })

  test("that have passed when they are noted end at once, and no timer is set to the past", async () => {
    vi.useRealTimers()
    const warnings: Array<string> = []
    const note = ({ name }: Error) => warnings.push(name)
    process.on("warning", note)
    const { add, remove } = makeDeadlines()
    await new Promise<void>((resolve) => {
      const expire = () => {
        remove(waiting)
        resolve()
      }
      const waiting: Waiting = { due: performance.now() - 5, before: undefined, after: undefined, expire }
      add(waiting)
      // It keeps no process alive by itself.
      setTimeout(() => {}, 50)
    })
    await new Promise(setImmediate)
    process.off("warning", note)
    expect(warnings).toEqual([])
  })
})
