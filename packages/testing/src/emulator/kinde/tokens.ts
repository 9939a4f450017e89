import { createHash, randomBytes, randomUUID } from "node:crypto"
import { secondsOf } from "../durations.ts"
import type { Kinde } from "./state.ts"
import type { Grant, TokenRecord } from "./token-record.ts"

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
  rotatedAt !== undefined && kinde.now() >= rotatedAt + secondsOf("refreshOverlap", kinde.quirks.refreshOverlap) * 1000

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
