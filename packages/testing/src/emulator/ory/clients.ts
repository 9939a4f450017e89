import { randomUUID } from "node:crypto"
import type { Exchange, Reply } from "../http-server.ts"
import { parseBody } from "./body-json.ts"
import { type ClientValues, decodeClient, lifespanMembers } from "./client-json.ts"
import { type ClientRecord, isPublic, preciseTime, renderClient, textOf, unsetInEcho } from "./client-record.ts"
import { validateClient } from "./client-validation.ts"
import { adminRefusal, refuse } from "./errors.ts"
import { paginate } from "./pages.ts"
import { applyPatch } from "./patch.ts"
import { adminJson, noContent } from "./replies.ts"
import { generateSecret, type Ory, opaqueToken } from "./state.ts"
import { dropGrantsOfClient } from "./tokens.ts"

/** Reads a client from a request body, or refuses as the server does. */
export const readClient = (body: string, only?: ReadonlyArray<string>): ClientValues => {
  const parsed = parseBody(body)
  const decoded = "problem" in parsed ? parsed : decodeClient(parsed.json, only)
  if ("problem" in decoded) throw adminRefusal.malformed(`Unable to decode the request body: ${decoded.problem}`)
  return decoded.values
}

/** The registered client with this id, or the admin API's 404. */
export const clientOr404 = (ory: Ory, id: string): ClientRecord => {
  const record = ory.clients.get(id)
  if (record === undefined) throw adminRefusal.notFound()
  return record
}

const given = (values: ClientValues, member: string): string | undefined => {
  const value = values[member]
  return typeof value === "string" && value !== "" ? value : undefined
}

/** Path escaping of an identifier inside a URL. */
const escaped = (id: string) => id.split("/").map(encodeURIComponent).join("/")

/** Registers a client; answers its record and what only this one answer may show. */
export const insertClient = (
  ory: Ory,
  values: ClientValues,
  how: { readonly dynamic: boolean } = { dynamic: false },
): { readonly record: ClientRecord; readonly extra: Readonly<Record<string, unknown>> } => {
  const asked = how.dynamic ? undefined : given(values, "client_id")
  const id = asked ?? randomUUID()
  const secret = given(values, "client_secret") ?? generateSecret()
  const checked = validateClient(values)
  if (ory.clients.has(id)) throw adminRefusal.conflict()
  const now = ory.now()
  const record: ClientRecord = {
    id,
    values: checked,
    secret,
    registrationToken: opaqueToken("at"),
    createdAt: now,
    updatedAt: now,
  }
  ory.clients.set(id, record)
  // The older release writes the URL before it has made up the id, unless the client registers itself.
  const shown = ory.newest || how.dynamic ? id : (asked ?? "")
  return {
    record,
    extra: {
      ...(isPublic(record) ? {} : { client_secret: secret }),
      registration_access_token: record.registrationToken,
      registration_client_uri: `${ory.issuer}/oauth2/register/${escaped(shown)}`,
    },
  }
}

/** Replaces everything about a client but its id and, unless a new one came, its secret. */
export const replaceClient = (
  ory: Ory,
  old: ClientRecord,
  values: ClientValues,
  registrationToken: string | undefined,
): ClientRecord => {
  const record: ClientRecord = {
    id: old.id,
    values: validateClient(values),
    secret: given(values, "client_secret") ?? old.secret,
    registrationToken,
    createdAt: old.createdAt,
    updatedAt: ory.now(),
  }
  ory.clients.set(old.id, record)
  return record
}

/** What the answer to a replace repeats of the request, whether or not it was stored: the creation time is not. */
export const echoOf = (ory: Ory, values: ClientValues): Record<string, unknown> => {
  const repeated = ["client_secret", "registration_access_token", "registration_client_uri"].filter(
    (name) => given(values, name) !== undefined,
  )
  return {
    created_at: given(values, "created_at") ?? preciseTime(ory.now()),
    ...Object.fromEntries(repeated.map((name) => [name, values[name]])),
  }
}

export const createClient = ({ body }: Exchange, ory: Ory): Reply => {
  const { record, extra } = insertClient(ory, readClient(body))
  const location = Buffer.from(`/admin/clients/${record.id}`).toString("latin1")
  return adminJson(201, renderClient(ory, record, { echo: true, extra }), { location })
}

export const getClient = ({ params }: Exchange, ory: Ory): Reply =>
  adminJson(200, renderClient(ory, clientOr404(ory, params.id ?? "")))

export const listClients = (exchange: Exchange, ory: Ory): Reply => {
  const filters = ["client_name", "owner"].map((name) => [name, exchange.query.get(name) ?? ""] as const)
  const matching = [...ory.clients.values()].filter((record) =>
    filters.every(([name, wanted]) => wanted === "" || textOf(record, name) === wanted),
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
  validateClient(values)
  if (old === undefined) throw adminRefusal.notFound()
  const record = replaceClient(ory, old, values, undefined)
  return adminJson(200, renderClient(ory, record, { echo: true, extra: echoOf(ory, values) }))
}

/** Stands for the hash of a secret. */
const sameSecret = "the secret that it has"

const withoutUndefined = (values: ClientValues): ClientValues =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))

export const patchClient = ({ params, body }: Exchange, ory: Ory): Reply => {
  const old = clientOr404(ory, params.id ?? "")
  // The patched document holds the secret's hash, so that it can be removed; only another value is a new secret.
  const document: ClientValues = { ...renderClient(ory, old), client_secret: sameSecret }
  const patched = decodeClient(applyPatch(document, body))
  if ("problem" in patched) throw refuse("error")
  if (patched.values.client_secret === sameSecret) patched.values.client_secret = undefined
  // A member that the patch removed is as it was: the document is read over the stored client, which always has keys.
  const values: ClientValues = { jwks: {}, ...withoutUndefined(old.values), ...patched.values }
  // The real one looks the client up by the id the patched document has.
  if (values.client_id !== old.id) throw adminRefusal.notFound()
  const record = replaceClient(ory, old, values, old.registrationToken)
  const nulls = unsetInEcho.filter((name) => name in patched.values && patched.values[name] === undefined)
  const extra = {
    ...echoOf(ory, { created_at: document.created_at, ...patched.values }),
    ...Object.fromEntries(nulls.map((name) => [name, null])),
  }
  return adminJson(200, renderClient(ory, record, { echo: false, extra }))
}

export const setLifespans = ({ params, body }: Exchange, ory: Ory): Reply => {
  const old = ory.clients.get(params.id ?? "")
  if (old === undefined) throw adminRefusal.notFound()
  const lifespans = readClient(body, lifespanMembers)
  const kept = Object.fromEntries(
    Object.entries(old.values).filter(([name]) => !(lifespanMembers as ReadonlyArray<string>).includes(name)),
  )
  const record = { ...old, values: { ...kept, ...lifespans }, updatedAt: ory.now() }
  ory.clients.set(old.id, record)
  return adminJson(200, renderClient(ory, record))
}

export const deleteClient = ({ params }: Exchange, ory: Ory): Reply => {
  const record = clientOr404(ory, params.id ?? "")
  ory.clients.delete(record.id)
  dropGrantsOfClient(ory, record.id)
  return noContent
}
