import { formOf } from "../form.ts"
import type { Exchange, Reply } from "../http-server.ts"
import { oauthError } from "../ory/errors.ts"
import { authenticate, basicOf } from "./client-auth.ts"
import { badCredential, invalid, UnknownClient } from "./errors.ts"
import type { Kinde } from "./state.ts"
import { findToken, isActive } from "./tokens.ts"

const authenticateClient = (exchange: Exchange, kinde: Kinde, form: URLSearchParams) => {
  try {
    return authenticate(kinde, exchange.headers, form)
  } catch (error) {
    if (error instanceof UnknownClient) throw oauthError("invalid_client")
    throw error
  }
}

/** A bearer token is not required; an invalid one is rejected with an error in the format of the Management API. */
const checkBearer = (exchange: Exchange, kinde: Kinde) => {
  const bearer = /^bearer (.*)$/i.exec(exchange.headers.authorization ?? "")?.[1]
  if (bearer === undefined) return
  const record = findToken(kinde, bearer)
  if (record === undefined || !isActive(kinde, record)) {
    throw badCredential(403, "TOKEN_INVALID", "token contains an invalid number of segments")
  }
}

const unknownToken = (kinde: Kinde): Reply => {
  switch (kinde.quirks.unknownTokenRevocation) {
    case "accepted":
      return { status: 200 }
    case "errors":
      throw invalid("TOKEN_NOT_FOUND", "Token not found")
    case "error":
      throw oauthError("invalid_request", "The token is unknown.", 401)
  }
}

/** POST /oauth2/revoke (RFC 7009). Errors have two formats: that of OAuth and that of the Management API. */
export const revoke = (exchange: Exchange, kinde: Kinde): Reply => {
  const form = formOf(exchange) ?? new URLSearchParams()
  checkBearer(exchange, kinde)
  const token = form.get("token") ?? ""
  if (token === "") throw invalid("TOKEN_REQUIRED", "token is required")
  if (!form.has("client_id") && basicOf(kinde, exchange.headers) === undefined) {
    throw invalid("CLIENT_ID_REQUIRED", "client_id is required")
  }
  const application = authenticateClient(exchange, kinde, form)
  const record = findToken(kinde, token)
  if (record === undefined || record.grant.applicationId !== application.id) return unknownToken(kinde)
  record.revoked = true
  if (record.use === "refresh_token" && kinde.quirks.revokingRefreshEndsAccess) {
    for (const each of record.grant.tokens) each.revoked = true
  }
  return { status: 200 }
}
