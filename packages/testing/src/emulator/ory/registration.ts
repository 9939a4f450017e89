import { createHash, timingSafeEqual } from "node:crypto"
import type { Exchange, Reply } from "../http-server.ts"
import { parseBody } from "./body-json.ts"
import type { ClientValues } from "./client-json.ts"
import type { ClientRecord } from "./client-record.ts"
import { validateClient } from "./client-validation.ts"
import { echoOf, insertClient, readClient, replaceClient } from "./clients.ts"
import { adminError, ErrorResponse, oauthError } from "./errors.ts"
import { renderClient } from "./render-client.ts"
import { adminJson, noContent } from "./replies.ts"
import { type Ory, opaqueToken } from "./state.ts"
import { dropGrantsOfClient } from "./tokens.ts"
import { bearerOf } from "./userinfo.ts"

const noSecret = "It is not allowed to choose your own OAuth2 Client secret."

/** Rejects members that a dynamic registration must not contain. */
const checkMetadata = (values: ClientValues) => {
  if (values.metadata !== undefined) {
    throw oauthError("invalid_client_metadata", `"metadata" cannot be set for dynamic client registration`)
  }
  if (values.access_token_strategy) {
    throw adminError.malformed("It is not allowed to choose your own access token strategy.")
  }
  for (const name of ["skip_consent", "skip_logout_consent"]) {
    if (values[name] !== true) continue
    throw new ErrorResponse(400, "invalid_request", `"${name}" cannot be set for dynamic client registration`)
  }
}

const digest = (text: string) => createHash("sha256").update(text).digest()

/** Returns the client of a registration access token. An unknown client and a wrong token are the same error. */
const authorizedClient = (ory: Ory, exchange: Exchange): ClientRecord => {
  const record = ory.clients.get(exchange.params.id ?? "")
  const token = record?.registrationToken
  if (record !== undefined && token !== undefined && timingSafeEqual(digest(token), digest(bearerOf(exchange)))) {
    return record
  }
  throw adminError.unauthorized("The requested OAuth 2.0 client does not exist or you provided incorrect credentials.")
}

export const registerClient = ({ body }: Exchange, ory: Ory): Reply => {
  const values = readClient(body)
  if (values.client_secret) throw adminError.malformed(noSecret)
  checkMetadata(values)
  const { record, extra } = insertClient(ory, values, { dynamic: true })
  // v26 sends a relative path, which does not lead to the client.
  const location = ory.isV26 ? `admin/clients/${record.id}` : `/admin/clients/${record.id}`
  return adminJson(201, renderClient(ory, record, { echo: true, extra }), { location })
}

export const readRegistration = (exchange: Exchange, ory: Ory): Reply =>
  adminJson(200, renderClient(ory, authorizedClient(ory, exchange), { echo: false, hide: "metadata" }))

export const updateRegistration = (exchange: Exchange, ory: Ory): Reply => {
  const old = authorizedClient(ory, exchange)
  if ("problem" in parseBody(exchange.body)) {
    throw adminError.malformed("Unable to decode the request body. Is it valid JSON?")
  }
  const values = readClient(exchange.body)
  if (values.client_secret) throw adminError.forbidden(noSecret)
  checkMetadata(values)
  validateClient(ory, values)
  const record = replaceClient(ory, old, values, opaqueToken("at"))
  const extra = {
    ...echoOf(ory, values),
    registration_access_token: record.registrationToken,
    registration_client_uri: values.registration_client_uri,
  }
  return adminJson(200, renderClient(ory, record, { echo: true, extra }))
}

export const removeRegistration = (exchange: Exchange, ory: Ory): Reply => {
  const record = authorizedClient(ory, exchange)
  ory.clients.delete(record.id)
  dropGrantsOfClient(ory, record.id)
  return noContent
}
