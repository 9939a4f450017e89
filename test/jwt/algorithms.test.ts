import { describe, expect, test } from "vitest"
import { signingKey, token } from "./signing-keys.ts"
import { kindeOf, local } from "./vendor.ts"

describe("the algorithms of a profile", () => {
  test.each(["RS384", "RS512", "PS256", "ES256", "EdDSA"])(
    "do not include %s: its tokens are inactive, whatever keys the vendor publishes",
    async (algorithm) => {
      const key = signingKey(algorithm)
      const { alg: _, ...withoutAlg } = key.jwk
      for (const jwk of [key.jwk, withoutAlg])
        expect(await local([jwk], await token(key), { open: kindeOf })).toEqual({ active: false })
    },
  )

  test("include the one that the vendor signs with", async () => {
    const key = signingKey("RS256")
    expect(await local([key.jwk], await token(key), { open: kindeOf })).toMatchObject({ active: true })
  })
})
