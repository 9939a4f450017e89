import { expect, it } from "vitest"
import { outage, startedDuring } from "../../scripts/outage/run.ts"

// A busy machine misses milliseconds, not statuses.
const withoutTimes = (missed: ReadonlyArray<string>) => missed.filter((goal) => !goal.startsWith("p99"))

it("answers 503 with Retry-After, or 200 for a cached token, while the vendor refuses connections", async () => {
  const { missed } = await outage("refused", { rate: 50, seconds: 2 })
  expect(withoutTimes(missed)).toEqual([])
})

it("answers every request within 3.5 seconds while the vendor hangs", async () => {
  const { missed } = await outage("hanging", { rate: 50, seconds: 2 })
  expect(missed).toEqual([])
})

it("answers 503 when it starts while the vendor is down", async () => {
  const found = await startedDuring("refused", 3, ["latchkey"])
  expect(found.map(({ missed }) => missed)).toEqual([[]])
})
