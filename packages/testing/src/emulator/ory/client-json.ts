import { formatDuration, parseDuration } from "../go.ts"
import { timeProblem } from "./body-json.ts"
import { keySetProblem } from "./jwk-set.ts"

export const lifespanMembers = [
  "authorization_code_grant_access_token_lifespan",
  "authorization_code_grant_id_token_lifespan",
  "authorization_code_grant_refresh_token_lifespan",
  "client_credentials_grant_access_token_lifespan",
  "implicit_grant_access_token_lifespan",
  "implicit_grant_id_token_lifespan",
  "jwt_bearer_grant_access_token_lifespan",
  "refresh_token_grant_id_token_lifespan",
  "refresh_token_grant_access_token_lifespan",
  "refresh_token_grant_refresh_token_lifespan",
  "device_authorization_grant_id_token_lifespan",
  "device_authorization_grant_access_token_lifespan",
  "device_authorization_grant_refresh_token_lifespan",
] as const

export type Lifespan = (typeof lifespanMembers)[number]

type Kind = "string" | "strings" | "boolean" | "nullable boolean" | "number" | "keys" | "json" | "time" | "duration"

interface Member {
  readonly kind: Kind
  /** Omitted from responses while it is empty. */
  readonly omitEmpty?: true
  /** The name of its Go type, for the error message about a value of another type. */
  readonly type?: string
}

const string: Member = { kind: "string" }
const optionalString: Member = { kind: "string", omitEmpty: true }
const strings: Member = { kind: "strings", type: "sqlxx.StringSliceJSONFormat" }
const optionalStrings: Member = { kind: "strings", omitEmpty: true, type: "sqlxx.StringSliceJSONFormat" }
const optionalBoolean: Member = { kind: "boolean", omitEmpty: true }

/** The members of a client, in the server's order. */
export const clientMembers: Readonly<Record<string, Member>> = {
  client_id: string,
  client_name: string,
  client_secret: optionalString,
  redirect_uris: strings,
  grant_types: strings,
  response_types: strings,
  scope: string,
  audience: strings,
  owner: string,
  policy_uri: string,
  allowed_cors_origins: strings,
  tos_uri: string,
  client_uri: string,
  logo_uri: string,
  contacts: strings,
  client_secret_expires_at: { kind: "number" },
  subject_type: string,
  sector_identifier_uri: optionalString,
  jwks_uri: optionalString,
  jwks: { kind: "keys", type: "x.JoseJSONWebKeySet" },
  token_endpoint_auth_method: optionalString,
  token_endpoint_auth_signing_alg: optionalString,
  request_uris: optionalStrings,
  request_object_signing_alg: optionalString,
  userinfo_signed_response_alg: optionalString,
  created_at: { kind: "time" },
  updated_at: { kind: "time" },
  frontchannel_logout_uri: optionalString,
  frontchannel_logout_session_required: optionalBoolean,
  post_logout_redirect_uris: optionalStrings,
  backchannel_logout_uri: optionalString,
  backchannel_logout_session_required: optionalBoolean,
  metadata: { kind: "json" },
  registration_access_token: optionalString,
  registration_client_uri: optionalString,
  access_token_strategy: optionalString,
  skip_consent: { kind: "boolean" },
  skip_logout_consent: { kind: "nullable boolean" },
  ...Object.fromEntries(lifespanMembers.map((name) => [name, { kind: "duration" } satisfies Member])),
}

/** The members of a client as read from a request. Only their types are checked. */
export type ClientValues = Record<string, unknown>

export type Decoded = { readonly values: ClientValues } | { readonly problem: string }

const goTypeOf = (value: unknown) =>
  Array.isArray(value)
    ? "array"
    : typeof value === "boolean"
      ? "bool"
      : typeof value === "object"
        ? "object"
        : typeof value

const typeError = (value: unknown, path: string, type: string) =>
  `json: cannot unmarshal ${goTypeOf(value)} into Go struct field ${path} of type ${type}`

const isLifespan = (name: string) => (lifespanMembers as ReadonlyArray<string>).includes(name)

const problemOf = (name: string, { kind, type }: Member, value: unknown): string | undefined => {
  const path = `Client.${isLifespan(name) ? `Lifespans.${name}` : name}`
  switch (kind) {
    case "string":
      return typeof value === "string" ? undefined : typeError(value, path, "string")
    case "strings": {
      if (!Array.isArray(value)) return typeError(value, path, type ?? "[]string")
      const wrongEntry = value.find((entry) => entry !== null && typeof entry !== "string")
      return wrongEntry === undefined ? undefined : typeError(wrongEntry, path, "string")
    }
    case "boolean":
      return typeof value === "boolean" ? undefined : typeError(value, path, "bool")
    case "nullable boolean":
      return typeof value === "boolean"
        ? undefined
        : `json: cannot unmarshal ${goTypeOf(value)} into Go value of type bool`
    case "number":
      if (typeof value !== "number") return typeError(value, path, "int")
      return Number.isSafeInteger(value)
        ? undefined
        : `json: cannot unmarshal number ${value} into Go struct field ${path} of type int`
    case "keys": {
      if (typeof value !== "object" || value === null || Array.isArray(value)) return typeError(value, path, type ?? "")
      return "keys" in value ? keySetProblem(value.keys) : undefined
    }
    case "time": {
      return typeof value === "string" ? timeProblem(value) : "Time.UnmarshalJSON: input is not a JSON string"
    }
    case "duration": {
      if (typeof value !== "string") return typeError(value, path, "string")
      const parsed = parseDuration(value)
      return "problem" in parsed ? parsed.problem : undefined
    }
    case "json":
      return undefined
  }
}

/** Decodes a client like the server's JSON decoder: unknown members are dropped, and names are case-insensitive. */
export const decodeClient = (json: unknown, names: ReadonlyArray<string> = Object.keys(clientMembers)): Decoded => {
  if (json === null) return { values: {} }
  if (typeof json !== "object" || Array.isArray(json)) {
    return { problem: `json: cannot unmarshal ${goTypeOf(json)} into Go value of type client.Client` }
  }
  const values: ClientValues = {}
  for (const [key, value] of Object.entries(json)) {
    const name = key.toLowerCase()
    const member = clientMembers[name]
    if (member === undefined || !names.includes(name)) continue
    if (value === null) {
      // A null resets a value that Go holds by reference, and does not change any other value.
      if (member.kind === "strings" || member.kind === "keys") values[name] = undefined
      if (member.kind === "json") values[name] = null
      continue
    }
    const problem = problemOf(name, member, value)
    if (problem !== undefined) return { problem }
    values[name] = decoded(member, value)
  }
  return { values }
}

/** Returns a valid value as Go decodes it: with U+FFFD for a lone surrogate, and an empty string for a null in a list. */
const decoded = ({ kind }: Member, value: unknown): unknown => {
  if (kind === "duration") return normalizeDuration(String(value))
  if (kind === "string") return String(value).toWellFormed()
  return kind === "strings" && Array.isArray(value) ? value.map((entry) => String(entry ?? "").toWellFormed()) : value
}

const normalizeDuration = (duration: string) => {
  const parsed = parseDuration(duration)
  return "seconds" in parsed ? formatDuration(parsed.seconds) : duration
}
