import { type Authenticated, anyMethod, authenticateClient, secretMethods } from "./client-auth.ts"
import type { OAuthForm } from "./oauth-form.ts"
import { oauthRefusal } from "./refusal.ts"
import type { Polar, TokenPair } from "./state.ts"

export type GrantType = "authorization_code" | "refresh_token" | "web"

/** Authenticates the client of a token request and sees that it may use the grant. */
export const clientOfGrant = (polar: Polar, form: OAuthForm, grant: GrantType): Authenticated => {
  const authenticated = authenticateClient(polar, form, grant === "web" ? secretMethods : anyMethod, true)
  if (!authenticated.client.metadata.grant_types.includes(grant)) {
    throw oauthRefusal("unauthorized_client", `The client is not authorized to use 'grant_type=${grant}'`)
  }
  return authenticated
}

/** A member of the form that has to be there, empty or not. */
export const required = (form: OAuthForm, name: string, value = form.field(name)): string => {
  if (value === undefined) throw oauthRefusal("invalid_request", `Missing '${name}' in request.`)
  return value
}

export const invalidScope = () =>
  oauthRefusal("invalid_scope", "The requested scope is invalid, unknown, or malformed.")

/** The answer that hands a pair out; without scopes the member is missing, not empty. */
export const tokenAnswer = (pair: TokenPair, idToken?: string): Readonly<Record<string, unknown>> => ({
  token_type: "Bearer",
  access_token: pair.accessToken,
  expires_in: pair.expiresIn,
  ...(pair.refreshToken === undefined ? {} : { refresh_token: pair.refreshToken }),
  ...(pair.scope === "" ? {} : { scope: pair.scope }),
  ...(idToken === undefined ? {} : { id_token: idToken }),
})
