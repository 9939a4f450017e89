import * as Effect from "effect/Effect"
import type { JsonWebKey } from "latchkey"
import { describe, expect, test } from "vitest"
import { signingKey, token } from "./signing-keys.ts"
import { oryOf, run, vendor } from "./vendor.ts"

const rsa = signingKey("RS256", "one")
const ec = signingKey("ES256", "one")

/** Asks about each in turn, so that every key but the first is wanted while another is ready. */
const verdicts = async (keys: ReadonlyArray<JsonWebKey>, presented: ReadonlyArray<string>) => {
  const auth = oryOf(vendor(...keys))
  const states = await run(Effect.forEach(presented, (each) => auth.introspect(each, { freshness: "local" })))
  return states.map(({ active }) => active)
}

describe("a key that is ready", () => {
  test("serves its own algorithm only, when two of different kinds have the name", async () => {
    const [first, second] = [await token(rsa), await token(ec)]
    expect(await verdicts([rsa.jwk, ec.jwk], [first, second, first, second])).toEqual([true, true, true, true])
  })

  test("is made ready once more for another algorithm, when it names none", async () => {
    const { alg: _, ...jwk } = rsa.jwk
    const [first, second] = [await token(rsa), await token({ ...rsa, algorithm: "PS256" })]
    expect(await verdicts([jwk], [first, second, first, second])).toEqual([true, true, true, true])
  })
})
