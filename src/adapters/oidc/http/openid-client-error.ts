/** The errors of openid-client. Their causes hold responses, so only their codes are read. */

/** The code for a claim with another value than expected. */
export const claimMismatch = "OAUTH_JWT_CLAIM_COMPARISON_FAILED"

/** The code for a JWT without a required claim. openid-client has one code for everything that is missing. */
const missingClaim = "OAUTH_JWT_CLAIM_MISSING"

/** Returns the code of an error. Every code about the claims of a JWT begins with `OAUTH_JWT`. */
export const codeOf = (error: unknown): string | undefined => {
  if (!(error instanceof Error && "code" in error && typeof error.code === "string")) return undefined
  return error.code === "OAUTH_INVALID_RESPONSE" && isAboutClaims(error.cause) ? missingClaim : error.code
}

const isAboutClaims = (cause: unknown): boolean =>
  cause instanceof Error && Object.hasOwn(Object(cause.cause), "claims")
