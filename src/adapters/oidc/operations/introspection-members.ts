/** Reads the members of an introspection response. Written by hand, without a schema, because this is the hot path. */
import type { TokenProfile } from "../../../ports/token-profile.ts"
import type { Json } from "../http/json-response.ts"

/** The names under which a server sends audience, client id and scopes. */
export type Names = Required<{ [Name in "audience" | "client" | "scopes"]: NonNullable<TokenProfile[Name]> }>

const standardNames: Names = { audience: ["aud"], client: ["client_id"], scopes: ["scope"] }

/** Returns the names of a profile; the standard ones where it has none. */
export const namesOf = (profile: TokenProfile | undefined): Names =>
  profile === undefined
    ? standardNames
    : {
        audience: profile.audience ?? standardNames.audience,
        client: profile.client ?? standardNames.client,
        scopes: profile.scopes ?? standardNames.scopes,
      }

const isString = (value: unknown): value is string => typeof value === "string"
/** Whether a value is a string with content: some servers send `""` for an absent member. */
export const isPresent = (value: unknown): value is string => isString(value) && value !== ""
const isStrings = (value: unknown): boolean => Array.isArray(value) && value.every(isOptionalString)

/** Returns a time in seconds since 1970 that a `Date` can hold. Some vendors send it as digits in a string. */
const secondsOf = (value: unknown): number | undefined => {
  const number = isString(value) && /^\d{1,13}$/.test(value) ? Number(value) : value
  return typeof number === "number" && Math.abs(number) <= 8.64e12 ? number : undefined
}

/**
 * Returns the name of the first member with a wrong type; `null` and `""` count as absent. A loop over a table would be
 * slower.
 */
export const firstInvalidMember = (raw: Json, { audience, client, scopes }: Names): string | undefined => {
  if (!isOptionalString(raw.sub)) return "sub"
  for (const name of client) if (!isOptionalString(raw[name])) return name
  if (!isOptionalString(raw.username)) return "username"
  if (!isOptionalString(raw.iss)) return "iss"
  if (!isOptionalString(raw.jti)) return "jti"
  if (!isOptionalString(raw.token_use)) return "token_use"
  if (!isOptionalTime(raw.exp)) return "exp"
  if (!isOptionalTime(raw.iat)) return "iat"
  if (!isOptionalTime(raw.nbf)) return "nbf"
  for (const name of audience) if (!isOptionalString(raw[name]) && !isStrings(raw[name])) return name
  for (const name of scopes) if (!isOptionalString(raw[name]) && !isStrings(raw[name])) return name
  return undefined
}

const isAbsent = (value: unknown): value is undefined | null => value === undefined || value === null
const isOptionalString = (value: unknown): boolean => isString(value) || isAbsent(value)
const isOptionalTime = (value: unknown): boolean => isAbsent(value) || value === "" || secondsOf(value) !== undefined

export const stringOf = (value: unknown): string | undefined => (isPresent(value) ? value : undefined)

export const listOf = (value: unknown): ReadonlyArray<string> => {
  if (!Array.isArray(value)) return isPresent(value) ? [value] : []
  return value.every(isPresent) ? value : value.filter(isPresent)
}

/** Returns a time. A time in or before the first second of 1970 is absent: some servers send their zero value. */
export const dateOf = (value: unknown): Date | undefined => {
  const seconds = secondsOf(value)
  return seconds === undefined || seconds <= 0 ? undefined : new Date(seconds * 1000)
}

/** Returns the end of a token. An `exp` that is not after `iat` is no end: some servers send it for a token without one. */
export const endOf = ({ exp, iat }: Json): Date | undefined => {
  const start = secondsOf(iat)
  return start !== undefined && Number(exp) <= start ? undefined : dateOf(exp)
}
