import { execFile } from "node:child_process"
import { promisify } from "node:util"
import { beforeAll, describe, expect, it } from "vitest"

const run = promisify(execFile)

/** The command in a process of its own, as `npm run outage` starts it. */
const outages = async (): Promise<string> => {
  const args = ["--conditions=latchkey-source", "scripts/outage.ts", "--short"]
  const { stdout } = await run(process.execPath, args).catch((error: { readonly stdout: string }) => error)
  return stdout
}

describe("a guarded Express server while the vendor is down", () => {
  let printed = ""
  beforeAll(async () => {
    printed = await outages()
  })
  // A busy machine misses the median of milliseconds, and no status.
  const missed = (title: string): ReadonlyArray<string> => {
    const [, rest = "not printed"] = printed.split(title)
    const lines = rest.split(/\n(?=ok|MISSED|\d)/)[0]?.split("\n") ?? []
    return lines.filter((line) => line.includes("missed:") && !line.includes("p99"))
  }

  it.each([
    "connections refused",
    "connections hanging",
    "latchkey, started while connections are refused",
    "latchkey, started while connections are hanging",
  ])("answers 503 with Retry-After, or 200 for a cached token: %s", (title) => {
    expect(printed).toContain(title)
    expect(missed(title)).toEqual([])
  })
})
