import { userOfSession } from "./caller.ts"
import { clientOfGrant, invalidScope, required, tokenAnswer } from "./grant-request.ts"
import type { OAuthForm } from "./oauth-form.ts"
import { mayUseOrganization, uuid } from "./organizations.ts"
import { issuePair } from "./pairs.ts"
import { oauthRefusal } from "./refusal.ts"
import { allowedScope, knownScopes, scopesOf } from "./scopes.ts"
import type { Polar } from "./state.ts"

/** The organization a request is narrowed to, if it is; whether it is an identifier at all is looked at later. */
const organizationOf = (form: OAuthForm): string | undefined => {
  const type = form.either("sub_type") || "user"
  const sub = form.either("sub")
  if (type !== "user" && type !== "organization") throw oauthRefusal("invalid_request", "Invalid sub_type")
  if (type === "organization" && sub === undefined) {
    throw oauthRefusal("invalid_request", "Missing 'sub' for organization sub_type")
  }
  if (type === "user" && sub !== undefined) {
    throw oauthRefusal("invalid_request", "Can't specify 'sub' for user sub_type")
  }
  return sub
}

/** The vendor's own grant: a web session for an access token, never with a refresh token. */
export const grantForSession = (polar: Polar, form: OAuthForm): Readonly<Record<string, unknown>> => {
  const { client } = clientOfGrant(polar, form, "web")
  const sessionToken = required(form, "session_token", form.either("session_token"))
  const organization = organizationOf(form)
  const asked = form.either("scope")
  if (asked && !scopesOf(asked).every((scope) => knownScopes.has(scope))) throw invalidScope()
  const user = userOfSession(polar, sessionToken)
  if (user === undefined) throw oauthRefusal("invalid_grant")
  if (organization !== undefined && !uuid.test(organization)) {
    throw oauthRefusal("invalid_request", "Invalid 'sub' UUID")
  }
  if (organization !== undefined && !mayUseOrganization(polar, user, organization)) throw oauthRefusal("invalid_grant")
  return tokenAnswer(
    issuePair(polar, {
      clientId: client.id,
      subjectType: "user",
      subject: user.id,
      scope: asked ? allowedScope(asked, client.metadata.scope) : client.metadata.scope,
      organizations: organization === undefined ? [] : [organization],
      expiresIn: polar.lifespans.webAccessToken,
      refreshable: false,
    }),
  )
}
