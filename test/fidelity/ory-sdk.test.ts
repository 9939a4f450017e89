import { readFileSync } from "node:fs"
import { startOry } from "@latchkey/testing"
import { beforeAll, describe, expect, it } from "vitest"
import { startHydra } from "../hydra/start.ts"
import { comparable, type Difference, differences } from "./comparable.ts"
import { describeReal } from "./real-hydra.ts"
import { type Place, perform } from "./sdk.ts"
import { sdkSteps } from "./sdk-steps.ts"

/** Where the emulator may differ from the real server: in one step, or in every one. */
const allowed: ReadonlyArray<{ readonly step?: string; readonly member: RegExp; readonly reason: string }> = [
  { member: /^header vary$/, reason: "CORS is on in the Hydra under test alone, so that a test knows its own server" },
  {
    step: "reads the keys",
    member: /^body\.keys\[\d\]\.n$/,
    reason: "the emulator's RSA keys are half as long, which makes them in a tenth of the time",
  },
]

const allows = ({ step, member }: (typeof allowed)[number], name: string, difference: Difference) =>
  (step === undefined || step === name) && member.test(difference.member)

const performed = async (place: Place) => {
  const answers = await perform(place, sdkSteps)
  return { answers, members: new Map(answers.map((answer) => [answer.step, comparable(answer, place)])) }
}

const emulated = await (async () => {
  await using emulator = await startOry({ version: "v2.3.0" })
  return await performed(emulator)
})()

/** The rows of the table that the two documents of the vendor make: 8 to 46. */
const rows = readFileSync(new URL("../../docs/operations.md", import.meta.url), "utf8")
  .split("\n")
  .map((line) => line.split("|").map((cell) => cell.trim()))
  .filter(([, number]) => Number(number) >= 8 && Number(number) <= 46)
  .map(([, number = "", document = "", operation = "", wire = "", success = ""]) => {
    const [method = "", path = ""] = wire.split(" ")
    const pattern = new RegExp(`^${path.replaceAll(".", "\\.").replace("{id}", "[^/]+")}$`)
    return { name: `${number}, ${document}: ${operation}`, method, pattern, success: success.split(", ").map(Number) }
  })

describe("Ory's own client library at the emulator", () => {
  it("has a script whose steps have different names", () => {
    expect(new Set(sdkSteps.map(({ name }) => name)).size).toBe(sdkSteps.length)
  })

  it("finds the 39 operations of the two documents in the table", () => {
    expect(rows).toHaveLength(39)
  })

  it.each(rows)("performs row $name", ({ method, pattern, success }) => {
    const hits = emulated.answers.filter((each) => each.method === method && pattern.test(each.path))
    expect(hits.map(({ status }) => status)).toEqual(expect.arrayContaining(success))
  })
})

describeReal("the emulator and a real Ory Hydra v2.3.0", () => {
  let real: typeof emulated
  beforeAll(async () => {
    await using hydra = await startHydra()
    real = await performed(hydra)
  })

  const differencesIn = (name: string) => {
    const none = new Map()
    return differences(emulated.members.get(name) ?? none, real.members.get(name) ?? none)
  }

  it.each(sdkSteps.map(({ name }) => name))("answer alike to a client that %s", (name) => {
    const unexpected = differencesIn(name).filter((each) => !allowed.some((one) => allows(one, name, each)))
    expect(unexpected).toEqual([])
    expect(real.members.get(name)?.get("status")).toBeTypeOf("number")
  })

  it.each(allowed)("still differ in $member, because $reason", (one) => {
    const seen = sdkSteps.flatMap(({ name }) => differencesIn(name).filter((each) => allows(one, name, each)))
    expect(seen).not.toEqual([])
  })
})
