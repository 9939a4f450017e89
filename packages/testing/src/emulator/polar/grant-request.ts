import { type Authenticated, anyMethod, authenticateClient, secretMethods } from "./client-auth.ts"
import { oauthError } from "./errors.ts"
import type { OAuthForm } from "./oauth-form.ts"
import type { Polar, TokenPair } from "./state.ts"

export type GrantType = "authorization_code" | "refresh_token" | "web"

/** Authenticates the client of a token request and checks that it may use the grant. */
export const clientOfGrant = (polar: Polar, form: OAuthForm, grant: GrantType): Authenticated => {
  const authenticated = authenticateClient(polar, form, grant === "web" ? secretMethods : anyMethod, true)
  if (!authenticated.client.metadata.grant_types.includes(grant)) {
    throw oauthError("unauthorized_client", `The client is not authorized to use 'grant_type=${grant}'`)
  }
  return authenticated
}

/** Returns a required parameter, which may be empty. */
export const required = (form: OAuthForm, name: string, value = form.field(name)): string => {
  if (value === undefined) throw oauthError("invalid_request", `Missing '${name}' in request.`)
  return value
}

export const invalidScope = () => oauthError("invalid_scope", "The requested scope is invalid, unknown, or malformed.")

/** Returns the body of a token response. Without scopes, `scope` is absent instead of empty. */
export const tokenResponse = (pair: TokenPair, idToken?: string): Readonly<Record<string, unknown>> => ({
  token_type: "Bearer",
  access_token: pair.accessToken,
  expires_in: pair.expiresIn,
  ...(pair.refreshToken === undefined ? {} : { refresh_token: pair.refreshToken }),
  ...(pair.scope === "" ? {} : { scope: pair.scope }),
  ...(idToken === undefined ? {} : { id_token: idToken }),
})
