import type { Exchange, Reply } from "../http-server.ts"
import { bearerOf, type Caller, userOfCaller } from "./caller.ts"
import { type ClientRecord, registrationView } from "./client-record.ts"
import { findClient, newClient } from "./clients.ts"
import { baseUrlOf } from "./discovery.ts"
import { accessDenied, asciiOnly, invalidClient, oauthError, unknownClient } from "./errors.ts"
import { keptUris, readRegistrationBody, readReplacementBody } from "./registration-body.ts"
import { oauthHeaders, oauthJson } from "./replies.ts"
import type { Polar } from "./state.ts"

/** POST /v1/oauth2/register: requires no credential. With a web session, the client belongs to the user. */
export const registerClient = (exchange: Exchange, polar: Polar, caller: Caller): Reply => {
  const owner = userOfCaller(caller)?.id
  const client = newClient(polar, readRegistrationBody(exchange, polar), owner)
  polar.clients.set(client.id, client)
  return oauthJson(registrationView(client, baseUrlOf(exchange, polar)), 201)
}

/** Returns the client that a request may manage, by its registration access token or as its owner. */
const managedClient = (exchange: Exchange, polar: Polar, caller: Caller): ClientRecord => {
  const owner = userOfCaller(caller)
  const token = caller.kind === "api" ? undefined : bearerOf(exchange)
  if (owner === undefined && token === undefined) throw oauthError("access_denied", accessDenied)
  const client = findClient(polar, exchange.params.id ?? "")
  const isAllowed = token === undefined ? client?.owner === owner?.id : client?.registrationToken === asciiOnly(token)
  if (client === undefined || !isAllowed) throw invalidClient(401, unknownClient)
  return client
}

/** GET /v1/oauth2/register/{id}. */
export const readClient = (exchange: Exchange, polar: Polar, caller: Caller): Reply =>
  oauthJson(registrationView(managedClient(exchange, polar, caller), baseUrlOf(exchange, polar)))

/**
 * PUT /v1/oauth2/register/{id}: replaces the metadata of a client.
 *
 * Omitted members have their defaults, so a client without `scope` has every scope. The URIs of its pages are kept, and
 * cannot be removed.
 */
export const replaceClient = (exchange: Exchange, polar: Polar, caller: Caller): Reply => {
  userOfCaller(caller)
  const body = readReplacementBody(exchange, polar)
  const old = managedClient(exchange, polar, caller)
  if (body.clientId !== old.id) throw oauthError("invalid_request")
  const keptMembers = Object.fromEntries(
    keptUris.flatMap((name) => (old.metadata[name] === undefined ? [] : [[name, old.metadata[name]]])),
  )
  const client = { ...old, metadata: { ...keptMembers, ...body.checkedMetadata() }, modifiedAt: polar.now() }
  polar.clients.set(client.id, client)
  return oauthJson(registrationView(client, baseUrlOf(exchange, polar)))
}

/** DELETE /v1/oauth2/register/{id}: marks the client as deleted. */
export const deleteClient = (exchange: Exchange, polar: Polar, caller: Caller): Reply => {
  const client = managedClient(exchange, polar, caller)
  polar.clients.set(client.id, { ...client, deleted: true })
  return { status: 204, headers: oauthHeaders }
}
