import * as Effect from "effect/Effect"
import type { TokenState } from "latchkey"
import { inMemoryOry, jsonResponse } from "../../in-memory-ory.ts"
import { activeClaims } from "../../ory-claims.ts"
import type { MakeChecker } from "../../token-passes/checker.ts"

/** Makes a latchkey provider for an in-memory Ory that knows these tokens. */
export const make: MakeChecker<ReadonlyArray<string>> = async (tokens) => {
  const url = "https://ory.example"
  const known = new Set(tokens)
  const active = jsonResponse(activeClaims(url))
  const inactive = jsonResponse({ active: false })
  const isKnown = (body = "") => known.has(new URLSearchParams(body).get("token") ?? "")
  const auth = inMemoryOry(({ body }) => Effect.sync(() => (isKnown(body) ? active : inactive)), url)
  return {
    check: (token) => auth.introspect(token),
    isGood: (state) => (state as TokenState).active,
  }
}
