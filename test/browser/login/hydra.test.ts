/** The login example with a real Ory Hydra. */
import { describe, it } from "vitest"
import { hydraBinary } from "../../hydra/build.ts"
import { startHydra } from "../../hydra/start.ts"
import { oryVendor, registration } from "./emulated-vendors.ts"
import { describeLogin } from "./journey.ts"

const binary = await hydraBinary()

if ("path" in binary)
  describeLogin(
    "a real Ory Hydra",
    oryVendor(async (pages, app) => {
      const hydra = await startHydra({ pages })
      const response = await fetch(`${hydra.adminUrl}/admin/clients`, {
        method: "POST",
        body: JSON.stringify(registration(app)),
      })
      if (response.status !== 201) throw new Error(`Hydra did not register the client: ${await response.text()}`)
      return hydra
    }),
  )
else if (process.env.LATCHKEY_REQUIRE_HYDRA === "1") throw new Error(`no Ory Hydra: ${binary.missing}`)
else {
  console.log(`The login with a real Ory Hydra is skipped: ${binary.missing}`)
  describe.skip("the login example with a real Ory Hydra", () => {
    it("logs in", () => undefined)
  })
}
