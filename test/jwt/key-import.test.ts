import * as Effect from "effect/Effect"
import type { JsonWebKey } from "latchkey"
import { describe, expect, test } from "vitest"
import { signingKey, token } from "./signing-keys.ts"
import { oryOf, run, vendor } from "./vendor.ts"

const rsa = signingKey("RS256", "one")
const ec = signingKey("ES256", "one")

/** Validates the tokens in turn, so that every key but the first is needed while another is imported already. */
const areActive = async (keys: ReadonlyArray<JsonWebKey>, accessTokens: ReadonlyArray<string>) => {
  const auth = oryOf(vendor(...keys))
  const states = await run(Effect.forEach(accessTokens, (each) => auth.introspect(each, { freshness: "local" })))
  return states.map(({ active }) => active)
}

describe("an imported key", () => {
  test("is used for its own algorithm only, when two keys of different types have one kid", async () => {
    const [first, second] = [await token(rsa), await token(ec)]
    expect(await areActive([rsa.jwk, ec.jwk], [first, second, first, second])).toEqual([true, true, true, true])
  })

  test("is imported again for another algorithm, when it has no alg", async () => {
    const { alg: _, ...jwk } = rsa.jwk
    const [first, second] = [await token(rsa), await token({ ...rsa, algorithm: "PS256" })]
    expect(await areActive([jwk], [first, second, first, second])).toEqual([true, true, true, true])
  })
})
