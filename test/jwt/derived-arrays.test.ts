import * as Effect from "effect/Effect"
import { describe, expect, test } from "vitest"
import { audience, signingKey, token } from "./signing-keys.ts"
import { oryOf, run, vendor } from "./vendor.ts"

const key = signingKey("RS256")

describe("arrays made from a token's string claims", () => {
  test("cannot be changed by one caller for the next", async () => {
    const auth = oryOf(vendor(key.jwk))
    const accessToken = await token(key, { aud: audience, scp: "read write" })
    const call = auth.introspect(accessToken, { freshness: "local" })
    const after = await run(
      Effect.gen(function* () {
        for (let caller = 0; caller < 3; caller++) {
          const state = yield* call
          if (state.active) {
            Reflect.set(state.audience, "0", "https://evil.example")
            Reflect.set(Object(state.scopes), "0", "admin")
          }
        }
        return yield* call
      }),
    )
    expect(after).toMatchObject({ active: true, audience: [audience], scopes: ["read", "write"] })
  })
})
