/** Tests that need a real Ory Hydra: run where there is one, left out aloud where there is none. */
import { describe, it } from "vitest"
import { hydraBinary } from "../hydra/build.ts"

const binary = await hydraBinary()

/** Describes tests on a real Hydra. Without one they are skipped with the reason, or fail when one must be here. */
export const describeReal = (name: string, tests: () => void): void => {
  if ("path" in binary) {
    describe(name, tests)
  } else if (process.env.LATCHKEY_REQUIRE_HYDRA === "1") {
    describe(name, () => {
      it("needs a real Ory Hydra, for LATCHKEY_REQUIRE_HYDRA is set", () => {
        throw new Error(binary.missing)
      })
    })
  } else {
    console.warn(`${name}: left out, ${binary.missing}`)
    describe.skip(`${name} (left out: ${binary.missing})`, tests)
  }
}
