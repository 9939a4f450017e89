import { formOf } from "../form.ts"
import type { Exchange, Reply } from "../http-server.ts"
import { authenticateClient } from "./client-auth.ts"
import { type ClientRecord, grantTypesOf, isPublic } from "./client-record.ts"
import { exchangeCode } from "./code-grant.ts"
import { pollDevice } from "./device-grant.ts"
import { oauthError } from "./errors.ts"
import { issueTokens } from "./issue-tokens.ts"
import { exchangeAssertion } from "./jwt-bearer-grant.ts"
import { checkAudience, checkScopes, requestedAudience, words } from "./matching.ts"
import { refreshTokens } from "./refresh-grant.ts"
import { oauthJson } from "./replies.ts"
import type { Ory } from "./state.ts"
import { makeGrant } from "./tokens.ts"

type GrantHandler = (ory: Ory, client: ClientRecord, form: URLSearchParams) => Record<string, unknown>

/** Rejects a grant type that is not registered for the client. */
const checkGrantType = (client: ClientRecord, grant: string) => {
  if (grantTypesOf(client).includes(grant)) return
  throw oauthError("unauthorized_client", `The OAuth 2.0 Client is not allowed to use authorization grant '${grant}'.`)
}

const clientCredentials: GrantHandler = (ory, client, form) => {
  const scopes = words(form.get("scope"))
  checkScopes(client, scopes)
  const audience = requestedAudience(form)
  checkAudience(client, audience)
  if (isPublic(client)) {
    throw oauthError(
      "invalid_grant",
      "The OAuth 2.0 Client is marked as public and is thus not allowed to use authorization grant 'client_credentials'.",
    )
  }
  const grant = makeGrant({ clientId: client.id, subject: client.id, scopes, audience, user: undefined })
  return issueTokens(ory, client, grant, "client_credentials")
}

const handlers: Readonly<Record<string, { readonly handle: GrantHandler; readonly isV26?: true }>> = {
  authorization_code: { handle: exchangeCode },
  refresh_token: { handle: refreshTokens },
  client_credentials: { handle: clientCredentials },
  "urn:ietf:params:oauth:grant-type:jwt-bearer": { handle: exchangeAssertion },
  "urn:ietf:params:oauth:grant-type:device_code": { handle: pollDevice, isV26: true },
}

/** POST /oauth2/token. The server checks the grant type before the credentials. */
export const tokenEndpoint = (exchange: Exchange, ory: Ory): Reply => {
  const form = formOf(exchange)
  if (form === undefined) throw oauthError("invalid_request", "The POST body can not be empty.")
  const type = form.get("grant_type") ?? ""
  if (type === "") throw oauthError("invalid_request", "Request parameter 'grant_type' is missing")
  const handler = Object.hasOwn(handlers, type) ? handlers[type] : undefined
  if (handler === undefined || (handler.isV26 && !ory.isV26)) throw oauthError("invalid_request")
  const client = authenticateClient(ory, exchange.headers, form)
  checkGrantType(client, type)
  return oauthJson(handler.handle(ory, client, form))
}
