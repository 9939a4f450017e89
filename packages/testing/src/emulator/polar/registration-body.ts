import type { Exchange } from "../http-server.ts"
import { type ClientMetadata, metadataDefaults } from "./client-record.ts"
import { pageUrl, redirectUri } from "./client-urls.ts"
import { invalidInput, oauthRefusal } from "./refusal.ts"
import { type Field, listOf, oneOf, orNull, parseFields, text } from "./schema.ts"
import { registrableScopes, scopesOf } from "./scopes.ts"
import type { Polar } from "./state.ts"

/** The members that replacing a client keeps when they are left out. */
export const keptUris = ["client_uri", "logo_uri", "tos_uri", "policy_uri"] as const

const fieldsOf = (normalized: boolean): ReadonlyArray<Field> => [
  { name: "redirect_uris", parse: listOf(redirectUri(normalized)), required: true },
  {
    name: "token_endpoint_auth_method",
    parse: oneOf("client_secret_basic", "client_secret_post", "none"),
    fallback: metadataDefaults.token_endpoint_auth_method,
  },
  {
    name: "grant_types",
    parse: listOf(oneOf("authorization_code", "refresh_token")),
    fallback: metadataDefaults.grant_types,
  },
  { name: "response_types", parse: listOf(oneOf("code")), fallback: metadataDefaults.response_types },
  { name: "scope", parse: text, fallback: metadataDefaults.scope },
  { name: "client_name", parse: text, required: true },
  { name: "client_uri", parse: orNull(text) },
  { name: "logo_uri", parse: orNull(pageUrl(normalized)) },
  { name: "tos_uri", parse: orNull(pageUrl(normalized)) },
  { name: "policy_uri", parse: orNull(pageUrl(normalized)) },
  { name: "default_sub_type", parse: oneOf("user", "organization") },
]

const idField: Field = { name: "client_id", parse: text, required: true }

const jsonOf = ({ body, headers }: Exchange): unknown => {
  const type = headers["content-type"] ?? "application/json"
  // What does not say that it is JSON is taken for a string, and judged as one.
  if (!/^application\/([\w.-]+\+)?json\b/i.test(type)) return body
  if (body === "") throw invalidInput([{ type: "missing", loc: ["body"], msg: "Field required", input: null }])
  try {
    return JSON.parse(body)
  } catch {
    const ctx = { error: "Expecting value" }
    throw invalidInput([{ type: "json_invalid", loc: ["body", 0], msg: "JSON decode error", input: {}, ctx }])
  }
}

const badClaim = (name: string) => oauthRefusal("invalid_client_metadata", `Invalid claim: '${name}'`)

const isUrl = (given: unknown): boolean => typeof given === "string" && (URL.parse(given)?.hostname ?? "") !== ""

const isString = (value: unknown): value is string => typeof value === "string"

const strings = (value: unknown): ReadonlyArray<string> => (Array.isArray(value) ? value.filter(isString) : [])

/** What the schema lets through and the OAuth library does not. */
const checkClaims = (values: Readonly<Record<string, unknown>>): void => {
  if (strings(values.redirect_uris).some((uri) => uri.includes("#"))) throw badClaim("redirect_uris")
  if (!scopesOf(String(values.scope)).every((scope) => registrableScopes.includes(scope))) throw badClaim("scope")
  for (const name of keptUris) if (values[name] != null && !isUrl(values[name])) throw badClaim(name)
}

const authMethods = ["client_secret_post", "client_secret_basic", "none"] as const

const metadataOf = (values: Readonly<Record<string, unknown>>): ClientMetadata => ({
  redirect_uris: strings(values.redirect_uris),
  token_endpoint_auth_method:
    authMethods.find((method) => method === values.token_endpoint_auth_method) ?? "client_secret_post",
  grant_types: strings(values.grant_types),
  response_types: strings(values.response_types),
  client_name: String(values.client_name),
  ...Object.fromEntries(keptUris.flatMap((name) => (isString(values[name]) ? [[name, values[name]]] : []))),
  scope: String(values.scope),
})

const parse = (fields: ReadonlyArray<Field>, input: unknown): Readonly<Record<string, unknown>> => {
  const parsed = parseFields(fields, input)
  if ("problems" in parsed) throw invalidInput(parsed.problems)
  return parsed.values
}

const fields = (polar: Polar) => fieldsOf(polar.readings.registeredUris === "normalized")

/** The client that a registration describes; what it leaves out is the default. */
export const readRegistrationBody = (exchange: Exchange, polar: Polar): ClientMetadata => {
  const values = parse(fields(polar), jsonOf(exchange))
  checkClaims(values)
  return metadataOf(values)
}

/** The client that a replacement describes, and the id it gives; the claims are judged by `checked`. */
export const readReplacementBody = (
  exchange: Exchange,
  polar: Polar,
): { readonly clientId: string; readonly checked: () => ClientMetadata } => {
  const values = parse([...fields(polar), idField], jsonOf(exchange))
  return {
    clientId: String(values.client_id),
    checked: () => {
      checkClaims(values)
      return metadataOf(values)
    },
  }
}

/** The client that a seed describes: as a registration, save that its grants and scopes are not limited. */
export const metadataOfSeed = (seed: Readonly<Record<string, unknown>>): ClientMetadata =>
  metadataOf({ redirect_uris: [], client_name: "Seeded client", ...metadataDefaults, ...seed })
