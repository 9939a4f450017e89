/** What stands around a provider, in its one order. */
import type { Identity } from "../../ports/provider.ts"
import { enrich } from "../jwt/validate-jwt.ts"
import { factCache } from "./introspection-cache.ts"
import { ownTokens } from "./client-credentials-cache.ts"
import { retry } from "./retry.ts"
import { sharedRefresh } from "./refresh-single-flight.ts"
import { timeout } from "./timeout.ts"
import { trace } from "./trace.ts"

/**
 * Puts every policy around a provider that its configuration leaves on; its type stays what it was.
 *
 * From the inside out: what is repeated is one request, what is remembered is a merged answer, the time-out is for the
 * whole call, and a span sees all of it. The breaker stands further in, in the door to each origin.
 */
export const compose = <P extends Identity>(provider: P): P => {
  const { policies = {} } = provider
  let composed = provider
  if (policies.retry !== false) composed = retry(policies.retry)(composed)
  composed = enrich()(composed)
  composed = factCache(policies)(composed)
  if (policies.ownTokens !== false) composed = ownTokens(composed)
  if (policies.singleFlight !== false) composed = sharedRefresh(composed)
  composed = timeout(composed)
  return policies.trace === false ? composed : trace(composed)
}
