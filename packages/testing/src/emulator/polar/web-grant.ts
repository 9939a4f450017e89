import { userOfSession } from "./caller.ts"
import { oauthError } from "./errors.ts"
import { clientOfGrant, invalidScope, required, tokenResponse } from "./grant-request.ts"
import type { OAuthForm } from "./oauth-form.ts"
import { mayUseOrganization, uuid } from "./organizations.ts"
import { issuePair } from "./pairs.ts"
import { allowedScope, knownScopes, scopesOf } from "./scopes.ts"
import type { Polar } from "./state.ts"

/** Returns the organization to which a request limits the token, if any. Its syntax is checked later. */
const organizationOf = (form: OAuthForm): string | undefined => {
  const type = form.either("sub_type") || "user"
  const sub = form.either("sub")
  if (type !== "user" && type !== "organization") throw oauthError("invalid_request", "Invalid sub_type")
  if (type === "organization" && sub === undefined) {
    throw oauthError("invalid_request", "Missing 'sub' for organization sub_type")
  }
  if (type === "user" && sub !== undefined) {
    throw oauthError("invalid_request", "Can't specify 'sub' for user sub_type")
  }
  return sub
}

/** The vendor's own grant: exchanges a web session for an access token, without a refresh token. */
export const grantForSession = (polar: Polar, form: OAuthForm): Readonly<Record<string, unknown>> => {
  const { client } = clientOfGrant(polar, form, "web")
  const sessionToken = required(form, "session_token", form.either("session_token"))
  const organization = organizationOf(form)
  const requestedScope = form.either("scope")
  if (requestedScope && !scopesOf(requestedScope).every((scope) => knownScopes.has(scope))) throw invalidScope()
  const user = userOfSession(polar, sessionToken)
  if (user === undefined) throw oauthError("invalid_grant")
  if (organization !== undefined && !uuid.test(organization)) {
    throw oauthError("invalid_request", "Invalid 'sub' UUID")
  }
  if (organization !== undefined && !mayUseOrganization(polar, user, organization)) throw oauthError("invalid_grant")
  return tokenResponse(
    issuePair(polar, {
      clientId: client.id,
      subjectType: "user",
      subject: user.id,
      scope: requestedScope ? allowedScope(requestedScope, client.metadata.scope) : client.metadata.scope,
      organizations: organization === undefined ? [] : [organization],
      expiresIn: polar.lifespans.webAccessToken,
      refreshable: false,
    }),
  )
}
