import * as Effect from "effect/Effect"
import { describe, expect, test } from "vitest"
import { audience, signingKey, token } from "./signing-keys.ts"
import { oryOf, run, vendor } from "./vendor.ts"

const key = signingKey("RS256")

describe("what was made of a token's claims", () => {
  test("cannot be changed by one caller for the next either", async () => {
    const auth = oryOf(vendor(key.jwk))
    const presented = await token(key, { aud: audience, scp: "read write" })
    const ask = auth.introspect(presented, { freshness: "local" })
    const after = await run(
      Effect.gen(function* () {
        for (let caller = 0; caller < 3; caller++) {
          const given = yield* ask
          if (given.active) {
            Reflect.set(given.audience, "0", "https://evil.example")
            Reflect.set(Object(given.scopes), "0", "admin")
          }
        }
        return yield* ask
      }),
    )
    expect(after).toMatchObject({ active: true, audience: [audience], scopes: ["read", "write"] })
  })
})
