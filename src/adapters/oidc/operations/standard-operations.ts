/** The names of the standard operations. */
import type { Operation } from "../../../ports/provider.ts"

/** The names of the operations that the standards define. Every adapter has an implementation of each. */
export const standardOperations = [
  "authorize",
  "exchange",
  "refresh",
  "clientCredentials",
  "deviceAuthorization",
  "pollDevice",
  "jwtBearer",
  "exchangeToken",
  "introspect",
  "revoke",
  "userInfo",
  "metadata.discover",
  "metadata.keys",
  "session.end",
] as const satisfies ReadonlyArray<Operation>

export type StandardOperation = (typeof standardOperations)[number]
