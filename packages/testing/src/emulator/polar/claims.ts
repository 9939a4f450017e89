import { scopesOf } from "./scopes.ts"
import type { Polar, TokenPair } from "./state.ts"

/**
 * Returns the claims about a token pair's subject in UserInfo responses and ID tokens.
 *
 * They never contain the name of a user, whatever the scopes.
 */
export const claimsOf = (polar: Polar, pair: TokenPair): Readonly<Record<string, unknown>> => {
  const scopes = scopesOf(pair.scope)
  if (pair.subjectType === "organization") {
    const organization = polar.organizations.get(pair.subject)
    return { sub: pair.subject, ...(scopes.includes("openid") && organization && { name: organization.slug }) }
  }
  const user = polar.users.get(pair.subject)
  return {
    sub: pair.subject,
    ...(scopes.includes("email") && user && { email: user.email, email_verified: user.emailVerified }),
  }
}
