import { formOf } from "../form.ts"
import type { Exchange, Reply } from "../http-server.ts"
import { authenticateClient } from "./client-auth.ts"
import { Refusal, refuse, refusePlainly } from "./errors.ts"
import { noContent } from "./replies.ts"
import type { Ory } from "./state.ts"
import { dropAccessTokensOfClient, dropGrant } from "./tokens.ts"

const authenticate = (ory: Ory, exchange: Exchange, form: URLSearchParams) => {
  try {
    return authenticateClient(ory, exchange.headers, form)
  } catch (error) {
    // Unlike the token endpoint this one does not say what was wrong.
    if (error instanceof Refusal && error.error === "invalid_client") throw refusePlainly("invalid_client")
    if (error instanceof Refusal && error.error === "invalid_request") throw refuse("invalid_request")
    throw error
  }
}

/** POST /oauth2/revoke: ends the whole grant of a token; 200 even when that is nothing or another client's. */
export const revokeToken = (exchange: Exchange, ory: Ory): Reply => {
  const form = formOf(exchange)
  if (form === undefined) throw refuse("invalid_request")
  const client = authenticate(ory, exchange, form)
  const record = ory.tokens.get(form.get("token") ?? "")
  if (record !== undefined && record.grant.clientId === client.id) dropGrant(ory, record.grant)
  return { status: 200, headers: { "cache-control": "no-store", pragma: "no-cache" } }
}

/** DELETE /admin/oauth2/tokens: a client's access tokens; its refresh tokens stay. */
export const deleteTokens = ({ query }: Exchange, ory: Ory): Reply => {
  const clientId = query.get("client_id") ?? ""
  if (clientId === "") {
    throw refuse("invalid_request", "Query parameter 'client_id' is not defined but it should have been.")
  }
  dropAccessTokensOfClient(ory, clientId)
  return noContent
}
