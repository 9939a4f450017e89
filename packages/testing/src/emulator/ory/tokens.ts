import { randomUUID } from "node:crypto"
import type { Ory } from "./state.ts"

export type GrantKind =
  | "authorization_code"
  | "client_credentials"
  | "refresh_token"
  | "jwt_bearer"
  | "device_authorization"

/** The data of a grant that come from the login and the consent of its user. */
export interface UserSession {
  readonly accessToken: Readonly<Record<string, unknown>>
  readonly idToken: Readonly<Record<string, unknown>>
  readonly nonce: string
  readonly sid: string
  /** In seconds since 1970. */
  readonly authTime: number
  readonly requestedAt: number
  readonly acr: string
  readonly amr: ReadonlyArray<string>
  /** The consent to the grant. Its revocation ends the grant. */
  readonly consentId: string
}

/** One authorization. All its tokens end with it. */
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
  /** In seconds since 1970. */
  readonly issuedAt: number
  readonly expiresAt: number
  /** Whether a refresh token was exchanged. Its record stays, so that its reuse is detected. */
  used: boolean
}

export interface CodeRecord {
  readonly grant: Grant
  readonly redirectUri: string
  /** In seconds since 1970. */
  readonly expiresAt: number
  /** The PKCE challenge; empty if the request contained only a method. */
  challenge: string | undefined
  used: boolean
}

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
