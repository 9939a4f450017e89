import type { Exchange, Reply } from "../http-server.ts"
import { bearerOf, type Caller, userOrNobody } from "./caller.ts"
import { type ClientRecord, findClient, freshClient, registrationView } from "./client-record.ts"
import { baseUrlOf } from "./discovery.ts"
import { accessDenied, invalidClient, oauthRefusal, unknownClient } from "./refusal.ts"
import { keptUris, readRegistrationBody, readReplacementBody } from "./registration-body.ts"
import { oauthHeaders, oauthJson } from "./replies.ts"
import type { Polar } from "./state.ts"

/** POST /v1/oauth2/register: open to everybody; with a web session the client belongs to its user. */
export const registerClient = (exchange: Exchange, polar: Polar, caller: Caller): Reply => {
  const owner = userOrNobody(caller)?.id
  const client = freshClient(polar, readRegistrationBody(exchange, polar), owner)
  polar.clients.set(client.id, client)
  return oauthJson(registrationView(client, baseUrlOf(exchange, polar)), 201)
}

/** The client a request may manage: by its registration token, or as its owner. */
const managedClient = (exchange: Exchange, polar: Polar, caller: Caller): ClientRecord => {
  const owner = userOrNobody(caller)
  const token = caller.kind === "api" ? undefined : bearerOf(exchange)
  if (owner === undefined && token === undefined) throw oauthRefusal("access_denied", accessDenied)
  const client = findClient(polar, exchange.params.id ?? "")
  const isAllowed = token === undefined ? client?.owner === owner?.id : client?.registrationToken === token
  if (client === undefined || !isAllowed) throw invalidClient(401, unknownClient)
  return client
}

/** GET /v1/oauth2/register/{id}. */
export const readClient = (exchange: Exchange, polar: Polar, caller: Caller): Reply =>
  oauthJson(registrationView(managedClient(exchange, polar, caller), baseUrlOf(exchange, polar)))

/**
 * PUT /v1/oauth2/register/{id}: members that are left out fall back to their defaults, so that without `scope` the
 * client may do everything; the URIs of its pages are kept, and cannot be cleared.
 */
export const replaceClient = (exchange: Exchange, polar: Polar, caller: Caller): Reply => {
  userOrNobody(caller)
  const body = readReplacementBody(exchange, polar)
  const old = managedClient(exchange, polar, caller)
  if (body.clientId !== old.id) throw oauthRefusal("invalid_request")
  const kept = Object.fromEntries(
    keptUris.flatMap((name) => (old.metadata[name] === undefined ? [] : [[name, old.metadata[name]]])),
  )
  const client = { ...old, metadata: { ...kept, ...body.checked() }, modifiedAt: polar.now() }
  polar.clients.set(client.id, client)
  return oauthJson(registrationView(client, baseUrlOf(exchange, polar)))
}

/** DELETE /v1/oauth2/register/{id}: the row stays, marked. */
export const deleteClient = (exchange: Exchange, polar: Polar, caller: Caller): Reply => {
  const client = managedClient(exchange, polar, caller)
  polar.clients.set(client.id, { ...client, deleted: true })
  return { status: 204, headers: oauthHeaders }
}
