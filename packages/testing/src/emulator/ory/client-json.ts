import { formatDuration, parseDuration } from "../go.ts"
import { timeProblem } from "./body-json.ts"

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
  /** Left out of answers while it is empty. */
  readonly omitEmpty?: true
  /** The Go name of its type, for the message about a wrong one. */
  readonly type?: string
}

const text: Member = { kind: "string" }
const optionalText: Member = { kind: "string", omitEmpty: true }
const list: Member = { kind: "strings", type: "sqlxx.StringSliceJSONFormat" }
const optionalList: Member = { kind: "strings", omitEmpty: true, type: "sqlxx.StringSliceJSONFormat" }
const optionalFlag: Member = { kind: "boolean", omitEmpty: true }

/** Every member of a client, in the order the server writes them. */
export const clientMembers: Readonly<Record<string, Member>> = {
  client_id: text,
  client_name: text,
  client_secret: optionalText,
  redirect_uris: list,
  grant_types: list,
  response_types: list,
  scope: text,
  audience: list,
  owner: text,
  policy_uri: text,
  allowed_cors_origins: list,
  tos_uri: text,
  client_uri: text,
  logo_uri: text,
  contacts: list,
  client_secret_expires_at: { kind: "number" },
  subject_type: text,
  sector_identifier_uri: optionalText,
  jwks_uri: optionalText,
  jwks: { kind: "keys", type: "x.JoseJSONWebKeySet" },
  token_endpoint_auth_method: optionalText,
  token_endpoint_auth_signing_alg: optionalText,
  request_uris: optionalList,
  request_object_signing_alg: optionalText,
  userinfo_signed_response_alg: optionalText,
  created_at: { kind: "time" },
  updated_at: { kind: "time" },
  frontchannel_logout_uri: optionalText,
  frontchannel_logout_session_required: optionalFlag,
  post_logout_redirect_uris: optionalList,
  backchannel_logout_uri: optionalText,
  backchannel_logout_session_required: optionalFlag,
  metadata: { kind: "json" },
  registration_access_token: optionalText,
  registration_client_uri: optionalText,
  access_token_strategy: optionalText,
  skip_consent: { kind: "boolean" },
  skip_logout_consent: { kind: "nullable boolean" },
  ...Object.fromEntries(lifespanMembers.map((name) => [name, { kind: "duration" } satisfies Member])),
}

/** A client's members as read from a request: checked for type, otherwise untouched. */
export type ClientValues = Record<string, unknown>

export type Decoded = { readonly values: ClientValues } | { readonly problem: string }

const goKind = (value: unknown) =>
  Array.isArray(value)
    ? "array"
    : typeof value === "boolean"
      ? "bool"
      : typeof value === "object"
        ? "object"
        : typeof value

const wrong = (value: unknown, path: string, type: string) =>
  `json: cannot unmarshal ${goKind(value)} into Go struct field ${path} of type ${type}`

const isLifespan = (name: string) => (lifespanMembers as ReadonlyArray<string>).includes(name)

const problemOf = (name: string, { kind, type }: Member, value: unknown): string | undefined => {
  const path = `Client.${isLifespan(name) ? `Lifespans.${name}` : name}`
  switch (kind) {
    case "string":
      return typeof value === "string" ? undefined : wrong(value, path, "string")
    case "strings": {
      if (!Array.isArray(value)) return wrong(value, path, type ?? "[]string")
      const bad = value.find((entry) => typeof entry !== "string")
      return bad === undefined ? undefined : wrong(bad, path, "string")
    }
    case "boolean":
      return typeof value === "boolean" ? undefined : wrong(value, path, "bool")
    case "nullable boolean":
      return typeof value === "boolean"
        ? undefined
        : `json: cannot unmarshal ${goKind(value)} into Go value of type bool`
    case "number":
      return typeof value === "number" ? undefined : wrong(value, path, "int")
    case "keys": {
      if (typeof value !== "object" || value === null || Array.isArray(value)) return wrong(value, path, type ?? "")
      const keys = "keys" in value ? value.keys : []
      if (!Array.isArray(keys)) return wrong(keys, "JoseJSONWebKeySet.jwks.JSONWebKeySet.keys", "[]jose.JSONWebKey")
      return undefined
    }
    case "time": {
      return typeof value === "string" ? timeProblem(value) : "Time.UnmarshalJSON: input is not a JSON string"
    }
    case "duration": {
      if (typeof value !== "string") return wrong(value, path, "string")
      const parsed = parseDuration(value)
      return "problem" in parsed ? parsed.problem : undefined
    }
    case "json":
      return undefined
  }
}

/** Reads a client object the way the server's JSON decoder does: unknown members are dropped, names match in any case. */
export const decodeClient = (json: unknown, only: ReadonlyArray<string> = Object.keys(clientMembers)): Decoded => {
  if (json === null) return { values: {} }
  if (typeof json !== "object" || Array.isArray(json)) {
    return { problem: `json: cannot unmarshal ${goKind(json)} into Go value of type client.Client` }
  }
  const values: ClientValues = {}
  for (const [given, value] of Object.entries(json)) {
    const name = given.toLowerCase()
    const member = clientMembers[name]
    if (member === undefined || !only.includes(name)) continue
    if (value === null) {
      // A null empties what Go holds by reference; everything else it leaves alone.
      if (member.kind === "strings" || member.kind === "keys") values[name] = undefined
      if (member.kind === "json") values[name] = null
      continue
    }
    const problem = problemOf(name, member, value)
    if (problem !== undefined) return { problem }
    values[name] = member.kind === "duration" ? normalised(String(value)) : value
  }
  return { values }
}

const normalised = (duration: string) => {
  const parsed = parseDuration(duration)
  return "seconds" in parsed ? formatDuration(parsed.seconds) : duration
}
