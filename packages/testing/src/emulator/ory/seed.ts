import { decodeClient } from "./client-json.ts"
import { insertClient } from "./clients.ts"
import { Refusal } from "./errors.ts"
import type { Ory } from "./state.ts"
import { insertTrust } from "./trust.ts"

/** What a server knows before the first request, as the JSON its admin API would be sent. */
export interface OrySeed {
  readonly clients?: ReadonlyArray<Readonly<Record<string, unknown>>>
  readonly trustedIssuers?: ReadonlyArray<Readonly<Record<string, unknown>>>
}

const plainly = (what: string, plantOne: () => void) => {
  try {
    plantOne()
  } catch (error) {
    if (error instanceof Refusal) throw new Error(`Cannot seed ${what}: ${error.error} ${error.description}`)
    throw error
  }
}

/** Puts clients and trusted issuers into the server's memory; throws when it would have refused them. */
export const plant = (ory: Ory, seed: OrySeed): void => {
  for (const client of seed.clients ?? []) {
    plainly("client", () => {
      const decoded = decodeClient(client)
      if ("problem" in decoded) throw new Error(`Cannot seed client: ${decoded.problem}`)
      insertClient(ory, decoded.values)
    })
  }
  for (const issuer of seed.trustedIssuers ?? []) plainly("trusted issuer", () => insertTrust(ory, issuer))
}
