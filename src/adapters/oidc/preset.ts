/** What the presets share. */
import type { StandardOperation } from "./operations/standard-operations.ts"

/** The operations of a server with login, machine tokens and JWT access tokens. */
export const loginOperations = [
  "authorize",
  "exchange",
  "refresh",
  "clientCredentials",
  "introspect",
  "userInfo",
  "metadata.discover",
  "metadata.keys",
  "session.end",
] as const satisfies ReadonlyArray<StandardOperation>
