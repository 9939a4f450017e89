import { type ClientValues, clientMembers, type Lifespan, lifespanMembers } from "./client-json.ts"
import type { Ory } from "./state.ts"

/** A registered client: its validated members, and what is kept beside them. */
export interface ClientRecord {
  readonly id: string
  readonly values: Readonly<ClientValues>
  readonly secret: string | undefined
  /** Good still, after a rotation. */
  readonly formerSecrets?: ReadonlyArray<string>
  readonly registrationToken: string | undefined
  /** Milliseconds. */
  readonly createdAt: number
  readonly updatedAt: number
}

/** The lists that an answer repeats as null when the request left or made them so. */
export const unsetInEcho = ["redirect_uris", "grant_types", "response_types", "contacts"]

const withoutMillis = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`
// The server writes microseconds and drops trailing zeros.
const withMicros = (ms: number) => `${new Date(ms).toISOString().slice(0, 23)}${(Math.floor(ms) % 900) + 100}Z`

const joseOrder = ["use", "kty", "kid", "crv", "alg", "x", "y", "n", "e"]

const orderedKeys = (jwks: unknown) => {
  if (typeof jwks !== "object" || jwks === null || !("keys" in jwks) || !Array.isArray(jwks.keys)) return {}
  if (jwks.keys.length === 0) return {}
  return {
    keys: jwks.keys.map((jwk: Record<string, unknown>) =>
      Object.fromEntries(joseOrder.filter((name) => name in jwk).map((name) => [name, jwk[name]])),
    ),
  }
}

const isLifespan = (name: string) => (lifespanMembers as ReadonlyArray<string>).includes(name)

const isEmpty = (value: unknown) =>
  value === undefined || value === "" || value === false || (Array.isArray(value) && value.length === 0)

const defaultOf = (name: string, echo: boolean): unknown => {
  switch (clientMembers[name]?.kind) {
    case "strings":
      return echo && unsetInEcho.includes(name) ? null : []
    case "string":
      return ""
    case "number":
      return 0
    case "boolean":
      return false
    case "keys":
    case "json":
      return {}
    default:
      return null
  }
}

/**
 * Writes a client as the server does. An echo (the answer to create and replace) leaves unset arrays null; a later
 * read has them empty.
 */
export const renderClient = (
  ory: Ory,
  record: ClientRecord,
  how: { readonly echo: boolean; readonly extra?: Readonly<Record<string, unknown>>; readonly hide?: string } = {
    echo: false,
  },
): Record<string, unknown> => {
  const rendered: Record<string, unknown> = {}
  const own: Readonly<Record<string, unknown>> = {
    client_id: record.id,
    jwks: orderedKeys(record.values.jwks),
    created_at: withoutMillis(record.createdAt),
    updated_at: withMicros(record.updatedAt),
    client_secret: undefined,
    client_secret_expires_at: 0,
    registration_access_token: undefined,
    registration_client_uri: undefined,
    ...how.extra,
  }
  for (const [name, member] of Object.entries(clientMembers)) {
    if (name === how.hide) continue
    if (isLifespan(name) && name.startsWith("device_") && !ory.newest) continue
    const value = name in own ? own[name] : record.values[name]
    if (member.omitEmpty && isEmpty(value)) continue
    // Metadata can be null in earnest, and so can what an answer repeats.
    const isNull = value === null && (member.kind === "json" || name in own)
    rendered[name] = isNull ? null : (value ?? defaultOf(name, how.echo))
  }
  return rendered
}

export const textOf = (record: ClientRecord, member: string): string => {
  const value = record.values[member]
  return typeof value === "string" ? value : ""
}

export const listOf = (record: ClientRecord, member: string): ReadonlyArray<string> => {
  const value = record.values[member]
  return Array.isArray(value) ? value : []
}

/** The grants a client may use; none registered means the authorization code grant. */
export const grantTypesOf = (record: ClientRecord): ReadonlyArray<string> => {
  const types = listOf(record, "grant_types")
  return types.length === 0 ? ["authorization_code"] : types
}

export const responseTypesOf = (record: ClientRecord): ReadonlyArray<string> => {
  const types = listOf(record, "response_types")
  return types.length === 0 ? ["code"] : types
}

export const isPublic = (record: ClientRecord): boolean => textOf(record, "token_endpoint_auth_method") === "none"

/** The client's own lifespan in seconds, when it has one. */
export const lifespanOf = (record: ClientRecord, member: Lifespan): string | undefined => {
  const value = record.values[member]
  return typeof value === "string" ? value : undefined
}

/** Seconds precision for the moment of creation, which a replace repeats with more digits. */
export const preciseTime = withMicros
