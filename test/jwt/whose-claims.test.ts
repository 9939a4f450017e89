import { describe, expect, test } from "vitest"
import { claims, signingKey, token } from "./signing-keys.ts"
import { oryOf, run, says, vendor } from "./vendor.ts"

const key = signingKey("RS256")

describe("claims that both name", () => {
  test("are those that were signed", async () => {
    const door = vendor(key.jwk)
    door.live = says({ active: true, ...claims, token_use: "access_token", jti: "another", tenant: "acme" })
    expect(await run(oryOf(door).introspect(await token(key), { freshness: "live" }))).toMatchObject({
      active: true,
      tokenId: claims.jti,
      claims: { jti: claims.jti, tenant: "acme" },
    })
  })
})
