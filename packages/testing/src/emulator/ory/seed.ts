import { decodeClient } from "./client-json.ts"
import { insertClient } from "./clients.ts"
import { ErrorResponse } from "./errors.ts"
import type { Ory } from "./state.ts"
import { insertTrust } from "./trust.ts"

/** Clients and trusted issuers that exist before the first request, as request bodies of the admin API. */
export interface OrySeed {
  readonly clients?: ReadonlyArray<Readonly<Record<string, unknown>>>
  readonly trustedIssuers?: ReadonlyArray<Readonly<Record<string, unknown>>>
}

const withSeedError = (description: string, insert: () => void) => {
  try {
    insert()
  } catch (error) {
    if (error instanceof ErrorResponse)
      throw new Error(`Cannot seed ${description}: ${error.error} ${error.description}`)
    throw error
  }
}

/** Adds clients and trusted issuers to the server's state. Throws if the server rejects one. */
export const insertSeed = (ory: Ory, seed: OrySeed): void => {
  for (const client of seed.clients ?? []) {
    withSeedError("client", () => {
      const decoded = decodeClient(client)
      if ("problem" in decoded) throw new Error(`Cannot seed client: ${decoded.problem}`)
      insertClient(ory, decoded.values)
    })
  }
  for (const issuer of seed.trustedIssuers ?? []) withSeedError("trusted issuer", () => insertTrust(ory, issuer))
}
