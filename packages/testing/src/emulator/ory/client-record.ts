import type { ClientValues, Lifespan } from "./client-json.ts"

/** A registered client: its validated members and the server's own data. */
export interface ClientRecord {
  readonly id: string
  readonly values: Readonly<ClientValues>
  readonly secret: string | undefined
  /** Secrets from before a rotation, which are still valid. */
  readonly formerSecrets?: ReadonlyArray<string>
  readonly registrationToken: string | undefined
  /** In milliseconds since 1970. */
  readonly createdAt: number
  readonly updatedAt: number
}

export const textOf = (record: ClientRecord, member: string): string => {
  const value = record.values[member]
  return typeof value === "string" ? value : ""
}

export const listOf = (record: ClientRecord, member: string): ReadonlyArray<string> => {
  const value = record.values[member]
  return Array.isArray(value) ? value : []
}

/** Returns the registered grant types of a client, by default `authorization_code`. */
export const grantTypesOf = (record: ClientRecord): ReadonlyArray<string> => {
  const types = listOf(record, "grant_types")
  return types.length === 0 ? ["authorization_code"] : types
}

export const responseTypesOf = (record: ClientRecord): ReadonlyArray<string> => {
  const types = listOf(record, "response_types")
  return types.length === 0 ? ["code"] : types
}

export const isPublic = (record: ClientRecord): boolean => textOf(record, "token_endpoint_auth_method") === "none"

/** Returns the lifespan registered for a client, as a Go duration. */
export const lifespanOf = (record: ClientRecord, member: Lifespan): string | undefined => {
  const value = record.values[member]
  return typeof value === "string" ? value : undefined
}
