import { randomUUID } from "node:crypto"
import type { Grant, TokenRecord } from "./grant-records.ts"
import type { Ory } from "./state.ts"

export const makeGrant = (grant: Omit<Grant, "id" | "tokens">): Grant => ({
  ...grant,
  id: randomUUID(),
  tokens: new Set(),
})

/** Converts milliseconds to whole seconds. */
export const seconds = (ms: number): number => Math.floor(ms / 1000)

/** Stores an issued token. */
export const storeToken = (ory: Ory, token: string, record: TokenRecord) => {
  ory.tokens.set(token, record)
  ory.grants.set(record.grant.id, record.grant)
  record.grant.tokens.add(token)
}

export const isExpired = (ory: Ory, record: { readonly expiresAt: number }): boolean =>
  record.expiresAt * 1000 <= ory.now()

/** Ends every token of a grant. */
export const dropGrant = (ory: Ory, grant: Grant): void => {
  for (const token of grant.tokens) ory.tokens.delete(token)
  grant.tokens.clear()
  ory.grants.delete(grant.id)
}

/** Ends the access tokens of a grant, but not its refresh tokens. */
export const dropAccessTokens = (ory: Ory, grant: Grant): void => {
  for (const token of grant.tokens) {
    if (ory.tokens.get(token)?.use !== "access_token") continue
    ory.tokens.delete(token)
    grant.tokens.delete(token)
  }
}

export const dropGrantsOfClient = (ory: Ory, clientId: string): void => {
  for (const grant of [...ory.grants.values()]) if (grant.clientId === clientId) dropGrant(ory, grant)
}

export const dropAccessTokensOfClient = (ory: Ory, clientId: string): void => {
  for (const grant of ory.grants.values()) if (grant.clientId === clientId) dropAccessTokens(ory, grant)
}
