import { describe, expect, test } from "vitest"
import { claims, signingKey, token } from "./signing-keys.ts"
import { introspection, oryOf, run, vendor } from "./vendor.ts"

const key = signingKey("RS256")

describe("a claim in both the token and the vendor's response", () => {
  test("has the token's value", async () => {
    const transport = vendor(key.jwk)
    transport.live = introspection({
      active: true,
      ...claims,
      token_use: "access_token",
      jti: "another",
      tenant: "acme",
    })
    expect(await run(oryOf(transport).introspect(await token(key), { freshness: "live" }))).toMatchObject({
      active: true,
      tokenId: claims.jti,
      claims: { jti: claims.jti, tenant: "acme" },
    })
  })
})
