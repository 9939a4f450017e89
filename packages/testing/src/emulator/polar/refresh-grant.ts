import { asciiOnly, oauthError } from "./errors.ts"
import { clientOfGrant, invalidScope, required, tokenResponse } from "./grant-request.ts"
import type { OAuthForm } from "./oauth-form.ts"
import { endPair, issuePair, type NewPair, pairOf } from "./pairs.ts"
import { scopesOf } from "./scopes.ts"
import type { Polar, TokenPair } from "./state.ts"

type Subject = Pick<NewPair, "subjectType" | "subject" | "organizations">

/** Returns the subject of a refreshed token. For an organization with exactly one member, it becomes that member. */
const refreshedSubject = (polar: Polar, pair: TokenPair): Subject => {
  const { subjectType, subject, organizations } = pair
  const members = subjectType === "organization" ? polar.organizations.get(subject)?.members : undefined
  const [member] = members?.size === 1 ? members : []
  return member === undefined
    ? { subjectType, subject, organizations }
    : { subjectType: "user", subject: member, organizations: [subject] }
}

/** The refresh token grant. It issues a new pair and ends both tokens of the old pair. */
export const refreshPair = (polar: Polar, form: OAuthForm): Readonly<Record<string, unknown>> => {
  const { client } = clientOfGrant(polar, form, "refresh_token")
  const old = pairOf(polar, asciiOnly(required(form, "refresh_token")), "refresh_token")
  if (old === undefined || old.clientId !== client.id) throw oauthError("invalid_grant")
  const requestedScope = form.either("scope")
  if (requestedScope) {
    const grantedScopes = new Set(scopesOf(old.scope))
    if (!scopesOf(requestedScope).every((scope) => grantedScopes.has(scope))) throw invalidScope()
  }
  endPair(polar, old)
  return tokenResponse(
    issuePair(polar, {
      clientId: client.id,
      ...refreshedSubject(polar, old),
      scope: requestedScope ? scopesOf(requestedScope).join(" ") : old.scope,
      expiresIn: polar.lifespans.refreshedAccessToken,
      refreshable: true,
    }),
  )
}
