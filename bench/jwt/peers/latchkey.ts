import * as Effect from "effect/Effect"
import type { TokenState } from "latchkey"
import { inMemoryOry, says } from "../../in-memory-ory.ts"
import type { MakeValidator } from "../peer.ts"

/** latchkey with every check on, its keys by their URL. */
export const make: MakeValidator = async ({ jwk, issuer, audience }) => {
  const keys = says({ keys: [jwk] })
  const auth = inMemoryOry(() => Effect.succeed(keys), issuer, audience)
  return {
    check: (token) => auth.introspect(token, { freshness: "local" }),
    isGood: (state) => (state as TokenState).active,
  }
}
