/** Runs tests that need a real Ory Hydra, or skips them with a message if it is missing. */
import { describe, it } from "vitest"
import { hydraBinary, requiredVersion } from "../hydra/build.ts"

const binary = await hydraBinary()

/** The real server in titles. A Hydra that was built from its module does not know its own version. */
export const realName = process.env.LATCHKEY_HYDRA_BINARY
  ? "the Ory Hydra that LATCHKEY_HYDRA_BINARY names"
  : `a real Ory Hydra ${requiredVersion()}`

/** Describes tests on a real Hydra. If it is missing, they are skipped, or fail with LATCHKEY_REQUIRE_HYDRA=1. */
export const describeReal = (name: string, tests: () => void): void => {
  if ("path" in binary) {
    describe(name, tests)
  } else if (process.env.LATCHKEY_REQUIRE_HYDRA === "1") {
    describe(name, () => {
      it("requires a real Ory Hydra, because LATCHKEY_REQUIRE_HYDRA is 1", () => {
        throw new Error(binary.missing)
      })
    })
  } else {
    console.warn(`${name}: skipped, ${binary.missing}`)
    describe.skip(`${name} (skipped: ${binary.missing})`, tests)
  }
}
