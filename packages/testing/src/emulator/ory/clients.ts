import { randomUUID } from "node:crypto"
import type { Exchange, Reply } from "../http-server.ts"
import { parseBody } from "./body-json.ts"
import { type ClientValues, decodeClient, lifespanMembers } from "./client-json.ts"
import { type ClientRecord, isPublic, textOf } from "./client-record.ts"
import { validateClient } from "./client-validation.ts"
import { adminError, oauthError } from "./errors.ts"
import { paginate } from "./pages.ts"
import { applyPatch } from "./patch.ts"
import { nullableInEcho, preciseTime, renderClient } from "./render-client.ts"
import { adminJson, noContent } from "./replies.ts"
import { generateSecret, type Ory, opaqueToken } from "./state.ts"
import { dropGrantsOfClient } from "./tokens.ts"

/** Reads a client from a request body. Throws the server's error response if the body is malformed. */
export const readClient = (body: string, names?: ReadonlyArray<string>): ClientValues => {
  const parsed = parseBody(body)
  const decoded = "problem" in parsed ? parsed : decodeClient(parsed.json, names)
  if ("problem" in decoded) throw adminError.malformed(`Unable to decode the request body: ${decoded.problem}`)
  return decoded.values
}

/** Returns the registered client with this ID. Throws the admin API's 404 if it does not exist. */
export const clientOr404 = (ory: Ory, id: string): ClientRecord => {
  const record = ory.clients.get(id)
  if (record === undefined) throw adminError.notFound()
  return record
}

const nonEmptyString = (values: ClientValues, member: string): string | undefined => {
  const value = values[member]
  return typeof value === "string" && value !== "" ? value : undefined
}

/** Escapes an identifier for the path of a URL. */
const escapePath = (id: string) => id.split("/").map(encodeURIComponent).join("/")

/** Registers a client. Returns its record, and the members that only the response to the registration contains. */
export const insertClient = (
  ory: Ory,
  values: ClientValues,
  options: { readonly dynamic: boolean } = { dynamic: false },
): { readonly record: ClientRecord; readonly extra: Readonly<Record<string, unknown>> } => {
  const requestedId = options.dynamic ? undefined : nonEmptyString(values, "client_id")
  const id = requestedId ?? randomUUID()
  const secret = nonEmptyString(values, "client_secret") ?? generateSecret()
  const validated = validateClient(ory, values)
  if (ory.clients.has(id)) throw adminError.conflict()
  const now = ory.now()
  const record: ClientRecord = {
    id,
    values: validated,
    secret,
    registrationToken: opaqueToken("at"),
    createdAt: now,
    updatedAt: now,
  }
  ory.clients.set(id, record)
  // The server writes the URL before it generates the ID, except in dynamic registration.
  const idInUrl = options.dynamic ? id : (requestedId ?? "")
  return {
    record,
    extra: {
      ...(isPublic(record) ? {} : { client_secret: secret }),
      registration_access_token: record.registrationToken,
      registration_client_uri: `${ory.issuer}/oauth2/register/${escapePath(idInUrl)}`,
    },
  }
}

/** Replaces a client. It keeps its ID, and its secret if the request contains no new one. */
export const replaceClient = (
  ory: Ory,
  old: ClientRecord,
  values: ClientValues,
  registrationToken: string | undefined,
): ClientRecord => {
  const record: ClientRecord = {
    id: old.id,
    values: validateClient(ory, values),
    secret: nonEmptyString(values, "client_secret") ?? old.secret,
    registrationToken,
    createdAt: old.createdAt,
    updatedAt: ory.now(),
  }
  ory.clients.set(old.id, record)
  return record
}

/** Returns what the response to a replace repeats from the request. The repeated `created_at` is not stored. */
export const echoOf = (ory: Ory, values: ClientValues): Record<string, unknown> => {
  const repeated = ["client_secret", "registration_access_token", "registration_client_uri"].filter(
    (name) => nonEmptyString(values, name) !== undefined,
  )
  return {
    created_at: nonEmptyString(values, "created_at") ?? preciseTime(ory.now()),
    ...Object.fromEntries(repeated.map((name) => [name, values[name]])),
  }
}

export const createClient = ({ body }: Exchange, ory: Ory): Reply => {
  const { record, extra } = insertClient(ory, readClient(body))
  // Real servers send the bytes of a control character. Node does not, so the emulator omits them.
  const location = Buffer.from(`/admin/clients/${record.id.replaceAll(/\p{Cc}/gu, "")}`).toString("latin1")
  return adminJson(201, renderClient(ory, record, { echo: true, extra }), { location })
}

export const getClient = ({ params }: Exchange, ory: Ory): Reply =>
  adminJson(200, renderClient(ory, clientOr404(ory, params.id ?? "")))

export const listClients = (exchange: Exchange, ory: Ory): Reply => {
  const filters = ["client_name", "owner"].map((name) => [name, exchange.query.get(name) ?? ""] as const)
  const matching = [...ory.clients.values()].filter((record) =>
    filters.every(([name, expected]) => expected === "" || textOf(record, name) === expected),
  )
  const sorted = matching.sort((a, b) => (a.id < b.id ? -1 : 1))
  const page = paginate(ory, exchange, sorted, (record) => record.id, { total: ory.clients.size })
  return adminJson(
    200,
    page.items.map((record) => renderClient(ory, record)),
    page.headers,
  )
}

export const setClient = ({ params, body }: Exchange, ory: Ory): Reply => {
  const values = readClient(body)
  const old = ory.clients.get(params.id ?? "")
  validateClient(ory, values)
  if (old === undefined) throw adminError.notFound()
  const record = replaceClient(ory, old, values, undefined)
  return adminJson(200, renderClient(ory, record, { echo: true, extra: echoOf(ory, values) }))
}

/** Stands for the hash of the client's secret in a patched document. */
const secretHash = "hash of the current secret"

const withoutUndefined = (values: ClientValues): ClientValues =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))

/** v26 decodes the patched document into a new client: a removed member and a null clear the value. */
const freshValues = (patched: ClientValues): ClientValues =>
  hasNoKeysMember(patched.jwks) ? { ...patched, jwks: undefined } : patched

const hasNoKeysMember = (jwks: unknown) => typeof jwks === "object" && jwks !== null && !("keys" in jwks)

/**
 * v2.3.0 decodes the patched document into the stored client: a removed member keeps its value, and so do the keys of
 * a `jwks` without `keys`. That client always has `jwks`.
 */
const mergedValues = (old: ClientRecord, patched: ClientValues): ClientValues => {
  return {
    jwks: {},
    client_id: old.id,
    ...withoutUndefined(old.values),
    ...patched,
    ...(hasNoKeysMember(patched.jwks) ? { jwks: old.values.jwks ?? {} } : {}),
  }
}

export const patchClient = ({ params, body }: Exchange, ory: Ory): Reply => {
  const old = clientOr404(ory, params.id ?? "")
  // The document contains the secret's hash, so that a patch can remove it. Any other value is a new secret.
  const document: ClientValues = { ...renderClient(ory, old), client_secret: secretHash }
  const patched = decodeClient(applyPatch(document, body))
  if ("problem" in patched) throw oauthError("error")
  if (patched.values.client_secret === secretHash) patched.values.client_secret = undefined
  const values = ory.isV26 ? freshValues(patched.values) : mergedValues(old, patched.values)
  // The server looks up the client by the ID in the patched document.
  if (values.client_id !== old.id) throw adminError.notFound()
  const record = replaceClient(ory, old, values, old.registrationToken)
  const nulls = nullableInEcho.filter((name) => name in patched.values && patched.values[name] === undefined)
  const extra = {
    ...echoOf(ory, ory.isV26 ? patched.values : { created_at: document.created_at, ...patched.values }),
    ...Object.fromEntries(nulls.map((name) => [name, null])),
  }
  return adminJson(200, renderClient(ory, record, { echo: ory.isV26, extra }))
}

export const setLifespans = ({ params, body }: Exchange, ory: Ory): Reply => {
  const old = ory.clients.get(params.id ?? "")
  if (old === undefined) throw adminError.notFound()
  const lifespans = readClient(body, lifespanMembers)
  const otherValues = Object.fromEntries(
    Object.entries(old.values).filter(([name]) => !(lifespanMembers as ReadonlyArray<string>).includes(name)),
  )
  const record = { ...old, values: { ...otherValues, ...lifespans }, updatedAt: ory.now() }
  ory.clients.set(old.id, record)
  return adminJson(200, renderClient(ory, record))
}

export const deleteClient = ({ params }: Exchange, ory: Ory): Reply => {
  const record = clientOr404(ory, params.id ?? "")
  ory.clients.delete(record.id)
  dropGrantsOfClient(ory, record.id)
  return noContent
}
