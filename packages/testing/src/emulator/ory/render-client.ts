import { clientMembers, lifespanMembers } from "./client-json.ts"
import type { ClientRecord } from "./client-record.ts"
import { renderKeySet } from "./jwk-set.ts"
import type { Ory } from "./state.ts"

/** The lists that a response repeats as null if they are absent or null in the request. */
export const nullableInEcho = ["redirect_uris", "grant_types", "response_types", "contacts"]

const timeInSeconds = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`
/** Formats a time in microseconds. `created_at` has this form only in the response to a replace. */
export const preciseTime = (ms: number): string =>
  `${new Date(ms).toISOString().slice(0, 23)}${(Math.floor(ms) % 900) + 100}Z`

const isLifespan = (name: string) => (lifespanMembers as ReadonlyArray<string>).includes(name)

const isEmpty = (value: unknown) =>
  value === undefined || value === "" || value === false || (Array.isArray(value) && value.length === 0)

const defaultOf = (name: string, echo: boolean): unknown => {
  switch (clientMembers[name]?.kind) {
    case "strings":
      return echo && nullableInEcho.includes(name) ? null : []
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
 * Renders a client like the server.
 *
 * In an echo (the response to create and replace) unset arrays are null; in later responses they are empty.
 */
export const renderClient = (
  ory: Ory,
  record: ClientRecord,
  options: { readonly echo: boolean; readonly extra?: Readonly<Record<string, unknown>>; readonly hide?: string } = {
    echo: false,
  },
): Record<string, unknown> => {
  const rendered: Record<string, unknown> = {}
  const overrides: Readonly<Record<string, unknown>> = {
    client_id: record.id,
    jwks: renderKeySet(record.values.jwks),
    created_at: timeInSeconds(record.createdAt),
    updated_at: preciseTime(record.updatedAt),
    client_secret: undefined,
    client_secret_expires_at: 0,
    registration_access_token: undefined,
    registration_client_uri: undefined,
    ...options.extra,
  }
  for (const [name, member] of Object.entries(clientMembers)) {
    if (name === options.hide) continue
    if (isLifespan(name) && name.startsWith("device_") && !ory.isV26) continue
    const value = name in overrides ? overrides[name] : record.values[name]
    if (member.omitEmpty && isEmpty(value)) continue
    // Only `metadata` and the overridden members can be null.
    const isNull = value === null && (member.kind === "json" || name in overrides)
    rendered[name] = isNull ? null : (value ?? defaultOf(name, options.echo))
  }
  return rendered
}
