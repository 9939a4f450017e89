import { describe, expect, test } from "vitest"
import { signingKey, token } from "./signing-keys.ts"
import { kindeOf, local } from "./vendor.ts"

describe("the algorithms of a profile", () => {
  test.each(["RS384", "RS512", "PS256", "ES256", "EdDSA"])(
    "are all there is: %s counts for nothing, whatever keys the vendor publishes",
    async (algorithm) => {
      const key = signingKey(algorithm)
      const { alg: _, ...unnamed } = key.jwk
      for (const jwk of [key.jwk, unnamed])
        expect(await local([jwk], await token(key), { of: kindeOf })).toEqual({ active: false })
    },
  )

  test("include the one that the vendor signs with", async () => {
    const key = signingKey("RS256")
    expect(await local([key.jwk], await token(key), { of: kindeOf })).toMatchObject({ active: true })
  })
})
