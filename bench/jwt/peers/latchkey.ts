import * as Effect from "effect/Effect"
import { createAuth, type TokenState } from "latchkey"
import { ory } from "latchkey/ory"
import type { MakeValidator } from "../peer.ts"

/** latchkey as a service embeds it: the Promise entry, every default policy and every check on, keys by their URL. */
export const make: MakeValidator = async ({ jwk, issuer, audience }) => {
  const answer = { status: 200, headers: { "content-type": "application/json" }, body: JSON.stringify({ keys: [jwk] }) }
  const auth = createAuth(
    ory(
      { publicUrl: issuer, adminUrl: issuer, clientId: "bench", clientSecret: "bench-secret", audience: [audience] },
      { transport: { send: () => Effect.succeed(answer) } },
    ),
  )
  return {
    check: (token) => auth.introspect(token, { freshness: "local" }),
    isGood: (state) => (state as TokenState).active,
  }
}
