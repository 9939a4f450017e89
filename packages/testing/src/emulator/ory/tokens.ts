import { randomUUID } from "node:crypto"
import type { Ory } from "./state.ts"

export type GrantKind =
  | "authorization_code"
  | "client_credentials"
  | "refresh_token"
  | "jwt_bearer"
  | "device_authorization"

/** What the user's login adds to a grant. */
export interface UserSession {
  readonly accessToken: Readonly<Record<string, unknown>>
  readonly idToken: Readonly<Record<string, unknown>>
  readonly nonce: string
  readonly sid: string
  /** Seconds. */
  readonly authTime: number
  readonly requestedAt: number
  readonly acr: string
  readonly amr: ReadonlyArray<string>
  /** The consent that allowed it; revoking that ends the grant. */
  readonly consentId: string
}

/** One authorization: all tokens that come from it live and die together. */
export interface Grant {
  readonly id: string
  readonly clientId: string
  readonly subject: string
  readonly scopes: ReadonlyArray<string>
  readonly audience: ReadonlyArray<string>
  readonly user: UserSession | undefined
  readonly tokens: Set<string>
}

export interface TokenRecord {
  readonly use: "access_token" | "refresh_token"
  readonly grant: Grant
  /** Seconds, all of them. */
  readonly issuedAt: number
  readonly expiresAt: number
  /** A refresh token that was exchanged: it is remembered so that its reuse is noticed. */
  used: boolean
}

export interface CodeRecord {
  readonly grant: Grant
  readonly redirectUri: string
  readonly expiresAt: number
  challenge: string | undefined
  used: boolean
}

export const makeGrant = (grant: Omit<Grant, "id" | "tokens">): Grant => ({
  ...grant,
  id: randomUUID(),
  tokens: new Set(),
})

/** Whole seconds of a time in milliseconds. */
export const seconds = (ms: number): number => Math.floor(ms / 1000)

/** Keeps a token that was issued. */
export const remember = (ory: Ory, token: string, record: TokenRecord) => {
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

/** Ends the access tokens of a grant; its refresh tokens live on. */
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
