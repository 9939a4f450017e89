import * as Effect from "effect/Effect"
import type { TokenState } from "latchkey"
import { inMemoryOry, jsonResponse } from "../../in-memory-ory.ts"
import type { MakeValidator } from "../peer.ts"

/** Makes a latchkey provider with every check, which fetches the keys by URL. */
export const make: MakeValidator = async ({ jwk, issuer, audience }) => {
  const keys = jsonResponse({ keys: [jwk] })
  const auth = inMemoryOry(() => Effect.succeed(keys), issuer, audience)
  return {
    check: (token) => auth.introspect(token, { freshness: "local" }),
    isGood: (state) => (state as TokenState).active,
  }
}
