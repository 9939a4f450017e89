import { createHash, randomBytes, randomUUID } from "node:crypto"
import type { Kinde } from "./state.ts"

/** One authorization and its tokens. */
export interface Grant {
  readonly applicationId: string
  readonly kind: "user" | "device" | "machine"
  readonly userId: string | undefined
  /** The requested scopes. */
  readonly scopes: ReadonlyArray<string>
  /** The granted scopes. For a machine they can be more than the requested ones. */
  readonly granted: ReadonlyArray<string>
  readonly audience: ReadonlyArray<string>
  readonly orgCode: string | undefined
  readonly nonce: string | undefined
  /** In seconds since 1970. */
  readonly authTime: number
  /** In seconds since 1970. */
  readonly requestedAt: number
  readonly tokens: Set<TokenRecord>
  /** The access token that was issued last, for `refreshKeepsAccessToken`. */
  latest: { readonly token: string; readonly record: TokenRecord } | undefined
}

/** An issued token. */
export interface TokenRecord {
  readonly use: "access_token" | "refresh_token"
  readonly grant: Grant
  /** In seconds since 1970. */
  readonly issuedAt: number
  /** In seconds since 1970. */
  readonly expiresAt: number
  revoked: boolean
  /** The time of a refresh token's first use, in milliseconds since 1970. */
  rotatedAt: number | undefined
}

/** An issued authorization code. */
export interface CodeRecord {
  readonly grant: Grant
  readonly redirectUri: string
  readonly challenge: string | undefined
  /** In seconds since 1970. */
  readonly expiresAt: number
  used: boolean
}

/** Returns the time of the server's clock in whole seconds since 1970. */
export const seconds = (kinde: Kinde): number => Math.floor(kinde.now() / 1000)

/** Whether the time in `expiresAt`, in seconds since 1970, has passed. */
export const isExpired = (kinde: Kinde, { expiresAt }: { readonly expiresAt: number }): boolean =>
  expiresAt * 1000 <= kinde.now()

const keyOf = (token: string) => createHash("sha256").update(token).digest("base64url")

/** Returns the record of a token that this tenant has issued. */
export const findToken = (kinde: Kinde, token: string): TokenRecord | undefined => kinde.tokens.get(keyOf(token))

/** Stores the record of an issued token. */
export const keepToken = (kinde: Kinde, token: string, record: TokenRecord): void => {
  kinde.tokens.set(keyOf(token), record)
  record.grant.tokens.add(record)
}

/** Whether a token is active in introspection (RFC 7662, 2.2). */
export const isActive = (kinde: Kinde, record: TokenRecord): boolean =>
  !record.revoked && !isExpired(kinde, record) && !isRotated(kinde, record)

/** Whether a refresh token has been rotated and `refreshOverlap` has passed. */
export const isRotated = (kinde: Kinde, { rotatedAt }: TokenRecord): boolean =>
  rotatedAt !== undefined && kinde.now() >= rotatedAt + kinde.quirks.refreshOverlap * 1000

/** Revokes all tokens of a grant. */
export const endGrant = (grant: Grant): void => {
  for (const record of grant.tokens) record.revoked = true
}

/** Makes a refresh token or a code: two random halves, separated by a dot. */
export const opaqueToken = (): string =>
  `${randomBytes(32).toString("base64url")}.${randomBytes(32).toString("base64url")}`

export const makeGrant = (grant: Omit<Grant, "tokens" | "latest">): Grant => ({
  ...grant,
  tokens: new Set(),
  latest: undefined,
})

export const tokenId = (): string => randomUUID()
