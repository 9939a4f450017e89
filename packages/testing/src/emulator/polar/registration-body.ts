import type { Exchange } from "../http-server.ts"
import { type ClientMetadata, metadataDefaults } from "./client-record.ts"
import { pageUrl, redirectUri } from "./client-urls.ts"
import { invalidInput, oauthError } from "./errors.ts"
import { parsePythonJson } from "./python-json.ts"
import { type Field, listOf, memberOf, oneOf, orNull, parseFields, text, textWithoutNul } from "./schema.ts"
import { registrableScopes, scopesOf } from "./scopes.ts"
import type { Polar } from "./state.ts"

/** The members that keep their value if a replacement omits them. */
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
  { name: "client_name", parse: textWithoutNul, required: true },
  { name: "client_uri", parse: orNull(text) },
  { name: "logo_uri", parse: orNull(pageUrl(normalized)) },
  { name: "tos_uri", parse: orNull(pageUrl(normalized)) },
  { name: "policy_uri", parse: orNull(pageUrl(normalized)) },
  { name: "default_sub_type", parse: memberOf("user", "organization") },
]

const idField: Field = { name: "client_id", parse: text, required: true }

const jsonOf = ({ body, headers }: Exchange): unknown => {
  const type = headers["content-type"] ?? ""
  // Without a JSON media type the server treats the body as a string, which then fails the validation.
  if (!/^application\/([\w.-]+\+)?json\b/i.test(type)) return body
  if (body === "") throw invalidInput([{ type: "missing", loc: ["body"], msg: "Field required", input: null }])
  const parsed = parsePythonJson(body)
  if ("value" in parsed) return parsed.value
  const { position, error } = parsed
  throw invalidInput([
    { type: "json_invalid", loc: ["body", position], msg: "JSON decode error", input: {}, ctx: { error } },
  ])
}

const invalidClaim = (name: string) => oauthError("invalid_client_metadata", `Invalid claim: '${name}'`)

const isUrl = (value: unknown): boolean => typeof value === "string" && (URL.parse(value)?.hostname ?? "") !== ""

const isString = (value: unknown): value is string => typeof value === "string"

const strings = (value: unknown): ReadonlyArray<string> => (Array.isArray(value) ? value.filter(isString) : [])

/** Whether the URI of a page is absent. An empty `client_uri` is stored, and so clears the former value. */
const isAbsent = (name: string, value: unknown): boolean => value == null || (name === "client_uri" && value === "")

/** Rejects values that the schema accepts and the server's OAuth library does not. */
const checkClaims = (values: Readonly<Record<string, unknown>>): void => {
  if (strings(values.redirect_uris).some((uri) => uri.includes("#") || !isUrl(uri))) throw invalidClaim("redirect_uris")
  if (!scopesOf(String(values.scope)).every((scope) => registrableScopes.includes(scope))) throw invalidClaim("scope")
  for (const name of keptUris) if (!isAbsent(name, values[name]) && !isUrl(values[name])) throw invalidClaim(name)
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

/** Reads the client metadata of a registration. Omitted members have their defaults. */
export const readRegistrationBody = (exchange: Exchange, polar: Polar): ClientMetadata => {
  const values = parse(fields(polar), jsonOf(exchange))
  checkClaims(values)
  return metadataOf(values)
}

/**
 * Reads the client ID and the client metadata of a replacement.
 *
 * Only `checkedMetadata` checks the claims, because the server checks the client first.
 */
export const readReplacementBody = (
  exchange: Exchange,
  polar: Polar,
): { readonly clientId: string; readonly checkedMetadata: () => ClientMetadata } => {
  const values = parse([...fields(polar), idField], jsonOf(exchange))
  return {
    clientId: String(values.client_id),
    checkedMetadata: () => {
      checkClaims(values)
      return metadataOf(values)
    },
  }
}

/** Returns the metadata of a seeded client. Unlike in a registration, grant types and scopes are not limited. */
export const metadataOfSeed = (seed: Readonly<Record<string, unknown>>): ClientMetadata =>
  metadataOf({ redirect_uris: [], client_name: "Seeded client", ...metadataDefaults, ...seed })
