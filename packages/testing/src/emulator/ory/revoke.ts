import { formOf } from "../form.ts"
import type { Exchange, Reply } from "../http-server.ts"
import { authenticateClient } from "./client-auth.ts"
import { ErrorResponse, oauthError, oauthErrorWithoutHint } from "./errors.ts"
import { noContent } from "./replies.ts"
import type { Ory } from "./state.ts"
import { dropAccessTokensOfClient, dropGrant } from "./tokens.ts"

const authenticate = (ory: Ory, exchange: Exchange, form: URLSearchParams) => {
  try {
    return authenticateClient(ory, exchange.headers, form)
  } catch (error) {
    // Unlike the token endpoint, the revocation endpoint omits the reason.
    if (error instanceof ErrorResponse && error.error === "invalid_client")
      throw oauthErrorWithoutHint("invalid_client")
    if (error instanceof ErrorResponse && error.error === "invalid_request") throw oauthError("invalid_request")
    throw error
  }
}

/**
 * POST /oauth2/revoke: ends the whole grant of a token.
 *
 * The response is 200 even for an unknown token or a token of another client.
 */
export const revokeToken = (exchange: Exchange, ory: Ory): Reply => {
  const form = formOf(exchange)
  if (form === undefined) throw oauthError("invalid_request")
  const client = authenticate(ory, exchange, form)
  const record = ory.tokens.get(form.get("token") ?? "")
  if (record !== undefined && record.grant.clientId === client.id) dropGrant(ory, record.grant)
  return { status: 200, headers: { "cache-control": "no-store", pragma: "no-cache" } }
}

/** DELETE /admin/oauth2/tokens: ends the access tokens of a client, but not its refresh tokens. */
export const deleteTokens = ({ query }: Exchange, ory: Ory): Reply => {
  const clientId = query.get("client_id") ?? ""
  if (clientId === "") {
    throw oauthError("invalid_request", "Query parameter 'client_id' is not defined but it should have been.")
  }
  dropAccessTokensOfClient(ory, clientId)
  return noContent
}
