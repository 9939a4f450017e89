import * as Effect from "effect/Effect"
import type { TokenState } from "latchkey"
import { inMemoryOry, says } from "../../in-memory-ory.ts"
import { activeClaims } from "../../ory-claims.ts"
import type { MakeChecker } from "../../token-passes/checker.ts"

/** latchkey; what it has not remembered, an Ory within the process tells it that knows these tokens. */
export const make: MakeChecker<ReadonlyArray<string>> = async (tokens) => {
  const url = "https://ory.example"
  const known = new Set(tokens)
  const active = says(activeClaims(url))
  const inactive = says({ active: false })
  const isKnown = (body = "") => known.has(new URLSearchParams(body).get("token") ?? "")
  const auth = inMemoryOry(({ body }) => Effect.sync(() => (isKnown(body) ? active : inactive)), url)
  return {
    check: (token) => auth.introspect(token),
    isGood: (state) => (state as TokenState).active,
  }
}
