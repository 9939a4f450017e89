import { readFileSync } from "node:fs"
import { startOry } from "@latchkey/testing"
import { beforeAll, describe, expect, it } from "vitest"
import { startHydra } from "../hydra/start.ts"
import { comparable, type Difference, differences } from "./comparable.ts"
import { describeReal, realName } from "./real-hydra.ts"
import { perform, type ServerUrls } from "./sdk.ts"
import { sdkSteps } from "./sdk-steps.ts"

/** Differences between the emulator and the real server that are allowed in one step or in every step. */
const allowed: ReadonlyArray<{ readonly step?: string; readonly member: RegExp; readonly reason: string }> = [
  {
    member: /^header vary$/,
    reason: "only the Hydra under test has CORS enabled, so that a test can recognize its own server",
  },
  {
    step: "reads the keys",
    member: /^body\.keys\[\d\]\.n$/,
    reason: "the emulator's RSA keys are half as long, to generate them in a tenth of the time",
  },
]

const allows = ({ step, member }: (typeof allowed)[number], name: string, difference: Difference) =>
  (step === undefined || step === name) && member.test(difference.member)

const performed = async (urls: ServerUrls) => {
  const responses = await perform(urls, sdkSteps)
  return { responses, members: new Map(responses.map((response) => [response.step, comparable(response, urls)])) }
}

const emulated = await (async () => {
  await using emulator = await startOry({ version: "v2.3.0" })
  return await performed(emulator)
})()

/** Rows 8 to 46 of the table, which are the operations of the vendor's two documents. */
const rows = readFileSync(new URL("../../docs/operations.md", import.meta.url), "utf8")
  .split("\n")
  .map((line) => line.split("|").map((cell) => cell.trim()))
  .filter(([, number]) => Number(number) >= 8 && Number(number) <= 46)
  .map(([, number = "", document = "", operation = "", wire = "", success = ""]) => {
    const [method = "", path = ""] = wire.split(" ")
    const pattern = new RegExp(`^${path.replaceAll(".", "\\.").replace("{id}", "[^/]+")}$`)
    return { name: `${number}, ${document}: ${operation}`, method, pattern, success: success.split(", ").map(Number) }
  })

describe("Ory's own client library with the emulator", () => {
  it("has steps with unique names", () => {
    expect(new Set(sdkSteps.map(({ name }) => name)).size).toBe(sdkSteps.length)
  })

  it("has a table of the 39 operations of the two documents", () => {
    expect(rows).toHaveLength(39)
  })

  it.each(rows)("performs row $name", ({ method, pattern, success }) => {
    const matching = emulated.responses.filter((each) => each.method === method && pattern.test(each.path))
    expect(matching.map(({ status }) => status)).toEqual(expect.arrayContaining(success))
  })
})

describeReal(`the emulator and ${realName}`, () => {
  let real: typeof emulated
  beforeAll(async () => {
    await using hydra = await startHydra()
    real = await performed(hydra)
  })

  const differencesIn = (name: string) => {
    const none = new Map()
    return differences(emulated.members.get(name) ?? none, real.members.get(name) ?? none)
  }

  it.each(sdkSteps.map(({ name }) => name))("return the same to a client that %s", (name) => {
    const unexpected = differencesIn(name).filter((each) => !allowed.some((exception) => allows(exception, name, each)))
    expect(unexpected).toEqual([])
    expect(real.members.get(name)?.get("status")).toBeTypeOf("number")
  })

  it.each(allowed)("still differ in $member, because $reason", (exception) => {
    const seen = sdkSteps.flatMap(({ name }) => differencesIn(name).filter((each) => allows(exception, name, each)))
    expect(seen).not.toEqual([])
  })
})
