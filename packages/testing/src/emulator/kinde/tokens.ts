import { createHash, randomBytes, randomUUID } from "node:crypto"
import type { Kinde } from "./state.ts"

/** One authorization and what came from it. */
export interface Grant {
  readonly applicationId: string
  readonly kind: "user" | "device" | "machine"
  readonly userId: string | undefined
  /** What was asked for. */
  readonly scopes: ReadonlyArray<string>
  /** What a machine was given, whether it asked for it or not. */
  readonly granted: ReadonlyArray<string>
  readonly audience: ReadonlyArray<string>
  readonly orgCode: string | undefined
  readonly nonce: string | undefined
  /** Seconds. */
  readonly authTime: number
  readonly requestedAt: number
  readonly tokens: Set<TokenRecord>
  /** The access token given last, for a refresh that hands back the same. */
  latest: { readonly token: string; readonly record: TokenRecord } | undefined
}

export interface TokenRecord {
  readonly use: "access_token" | "refresh_token"
  readonly grant: Grant
  /** Seconds. */
  readonly issuedAt: number
  readonly expiresAt: number
  revoked: boolean
  /** When a refresh token was exchanged, in milliseconds. */
  rotatedAt: number | undefined
}

export interface CodeRecord {
  readonly grant: Grant
  readonly redirectUri: string
  readonly challenge: string | undefined
  readonly expiresAt: number
  used: boolean
}

/** Whole seconds of the server's clock. */
export const seconds = (kinde: Kinde): number => Math.floor(kinde.now() / 1000)

export const isExpired = (kinde: Kinde, { expiresAt }: { readonly expiresAt: number }): boolean =>
  expiresAt * 1000 <= kinde.now()

const keyOf = (token: string) => createHash("sha256").update(token).digest("base64url")

/** The record of a token that was issued here and is not forgotten. */
export const findToken = (kinde: Kinde, token: string): TokenRecord | undefined => kinde.tokens.get(keyOf(token))

export const keepToken = (kinde: Kinde, token: string, record: TokenRecord): void => {
  kinde.tokens.set(keyOf(token), record)
  record.grant.tokens.add(record)
}

/** Whether a token is what introspection calls active. */
export const isActive = (kinde: Kinde, record: TokenRecord): boolean =>
  !record.revoked && !isExpired(kinde, record) && !isRotated(kinde, record)

/** Whether a refresh token was exchanged, and the time in which both work is over. */
export const isRotated = (kinde: Kinde, { rotatedAt }: TokenRecord): boolean =>
  rotatedAt !== undefined && kinde.now() >= rotatedAt + kinde.quirks.refreshOverlap * 1000

export const endGrant = (grant: Grant): void => {
  for (const record of grant.tokens) record.revoked = true
}

/** A refresh token or a code: two random halves. */
export const opaqueToken = (): string =>
  `${randomBytes(32).toString("base64url")}.${randomBytes(32).toString("base64url")}`

export const makeGrant = (grant: Omit<Grant, "tokens" | "latest">): Grant => ({
  ...grant,
  tokens: new Set(),
  latest: undefined,
})

export const tokenId = (): string => randomUUID()
