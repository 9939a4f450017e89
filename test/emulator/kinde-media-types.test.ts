import { startKinde } from "@latchkey/testing"
import { expect, it } from "vitest"

it.each(["/oauth2/v2/user_profile", "/oauth2/user_profile"])(
  "the user profile at %s has the one media type that Kinde documents, without a charset",
  async (path) => {
    await using kinde = await startKinde()
    const authorization = `Bearer ${await kinde.issue({ subject: "ada" })}`
    const { status, headers } = await fetch(`${kinde.issuer}${path}`, { headers: { authorization } })
    expect([status, headers.get("content-type")]).toEqual([200, "application/json"])
  },
)
