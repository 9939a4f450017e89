/** The date in a token response that several callers receive. */
import type { Tokens } from "../../ports/issuance.ts"

/** Returns a copy with its own `expiresAt`: a `Date` is mutable even when it is frozen. */
export const withOwnDate = (tokens: Tokens): Tokens =>
  tokens.expiresAt === undefined ? tokens : { ...tokens, expiresAt: new Date(tokens.expiresAt) }
