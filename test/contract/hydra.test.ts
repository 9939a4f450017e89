import { providerContract } from "@latchkey/testing/contract"
import { describe, it } from "vitest"
import { hydraBinary } from "../hydra/build.ts"
import { runningHydra } from "../hydra/running.ts"
import { startHydra } from "../hydra/start.ts"
import { oryBackend } from "./ory-backend.ts"
import { before25, skipsOf } from "./skips.ts"

const running = runningHydra()
const binary = running === undefined ? await hydraBinary() : undefined

if (running !== undefined) {
  const name = `Ory Hydra at ${running.publicUrl}`
  providerContract(name, { ...oryBackend(name, async () => running), skips: await skipsOf(running.publicUrl) })
} else if (binary !== undefined && "path" in binary) {
  for (const accessTokens of ["opaque", "jwt"] as const) {
    const name = `Ory Hydra v2.3.0, ${accessTokens} access tokens`
    providerContract(name, {
      ...oryBackend(name, () => startHydra({ accessTokens })),
      accessTokens,
      skips: before25,
    })
  }
} else if (process.env.LATCHKEY_REQUIRE_HYDRA === "1") {
  describe("Ory Hydra", () => {
    it("must run because LATCHKEY_REQUIRE_HYDRA is set", () => {
      throw new Error(binary?.missing)
    })
  })
} else {
  console.warn(`Skipped, no Ory Hydra: ${binary?.missing}`)
  describe.skip(`Ory Hydra (skipped: ${binary?.missing})`, () => {
    it("runs the contract", () => undefined)
  })
}
