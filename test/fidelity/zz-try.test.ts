import { writeFileSync } from "node:fs"
import { startOry } from "latchkey/emulator"
import { it } from "vitest"
import { startHydra } from "../hydra/start.ts"
import { comparable, differences } from "./comparable.ts"
import { perform } from "./sdk.ts"
import { sdkSteps } from "./sdk-steps.ts"

it("try", async () => {
  await using e = await startOry({ version: "v2.3.0" })
  await using h = await startHydra()
  console.time("e")
  const a = await perform(e, sdkSteps)
  console.timeEnd("e")
  console.time("h")
  const b = await perform(h, sdkSteps)
  console.timeEnd("h")
  const out: string[] = []
  a.forEach((x, i) => {
    for (const d of differences(comparable(x, e), comparable(b[i]!, h))) out.push(x.step + " | " + JSON.stringify(d))
  })
  writeFileSync("/tmp/fid/diff.txt", out.join("\n"))
  writeFileSync("/tmp/fid/real.json", JSON.stringify(b, null, 1))
  writeFileSync("/tmp/fid/emu.json", JSON.stringify(a, null, 1))
}, 60000)
