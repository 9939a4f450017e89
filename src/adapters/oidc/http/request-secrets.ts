/** The values of a request that an error must not repeat, and those that it may. */
import type { Settings } from "../configuration/settings.ts"
import type { Engine } from "../engine/engine.ts"
import type { Server } from "../server.ts"

/** The parts of a request that hold values. */
export interface RequestParts {
  readonly url?: string | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly form?: URLSearchParams | undefined
  readonly json?: unknown
}

/** The names whose values are secret, wherever they are sent: in a form, a query or JSON. */
const secretNames: ReadonlySet<string> = new Set([
  ...["token", "access_token", "refresh_token", "id_token", "id_token_hint", "logout_token", "subject_token"],
  ...["actor_token", "registration_access_token", "assertion", "client_assertion", "software_statement", "request"],
  ...["code", "code_verifier", "device_code", "user_code", "state", "nonce", "auth_req_id", "request_uri"],
  ...["client_secret", "password", "api_key", "key"],
  ...["login_challenge", "consent_challenge", "logout_challenge", "device_challenge", "challenge"],
  ...["login_verifier", "consent_verifier", "logout_verifier", "device_verifier", "consent_request_id"],
  ...["sid", "session_id", "login_session", "login_session_id", "identity_provider_session_id", "session_state"],
])

/** The headers that hold credentials. */
const secretHeaders: ReadonlySet<string> = new Set(["authorization", "proxy-authorization", "cookie", "dpop"])

/** The names whose values are public: an operator reads them in errors. */
const publicNames: ReadonlySet<string> = new Set([
  ...["client_id", "redirect_uri", "redirect_uris", "post_logout_redirect_uri", "post_logout_redirect_uris"],
  ...["audience", "resource", "scope", "grant_scope", "grant_access_token_audience", "issuer", "iss"],
  ...["redirect", "override_callback_url", "allowed_cors_origins", "homepage_uri", "login_uri", "jwks_uri"],
  ...["client_uri", "logo_uri", "policy_uri", "tos_uri", "logout_uris", "grant_types", "response_types"],
])

/** The secrets and the public values of a request and of its configuration. */
export const valuesOf = (
  request: RequestParts,
  { secrets, settings, server }: Pick<Engine, "secrets" | "settings" | "server">,
): { readonly secrets: ReadonlyArray<string>; readonly known: ReadonlyArray<string> } => ({
  secrets: [...secrets, ...secretsOf(request)],
  known: publicValuesOf(request, settings, server),
})

/** The secrets of a request, which no error may contain. */
export const secretsOf = (request: RequestParts): ReadonlyArray<string> => [
  ...namedValues(request, secretNames),
  ...Object.entries(request.headers ?? {}).flatMap(([name, value]) =>
    secretHeaders.has(name.toLowerCase()) ? credentialsIn(value) : [],
  ),
]

/** The public values of a request and of the configuration, which an error may contain whatever they look like. */
export const publicValuesOf = (
  request: RequestParts,
  settings: Pick<Settings, "clientId" | "redirectUri" | "audience" | "scopes">,
  { issuer, formerIssuer }: Pick<Server, "issuer" | "formerIssuer">,
): ReadonlyArray<string> => [
  ...namedValues(request, publicNames).flatMap((value) => [value, ...value.split(" ")]),
  ...[settings.clientId, settings.redirectUri, issuer, formerIssuer].filter((value) => value !== undefined),
  ...(settings.scopes ?? []),
  ...[settings.audience ?? []].flat(),
]

/** The credential in a header, without its scheme; of Basic also the user and the password. */
const credentialsIn = (header: string): ReadonlyArray<string> => {
  const [, scheme, credential] = /^(\S+) +(.*)$/s.exec(header) ?? [undefined, "", header]
  return [credential ?? "", ...(scheme?.toLowerCase() === "basic" ? passwordsIn(credential ?? "") : [])]
}

/** The password as it is sent, and as it is: RFC 6749 section 2.3.1 encodes it for a form. */
const passwordsIn = (credential: string): ReadonlyArray<string> => {
  try {
    const pair = atob(credential)
    const password = pair.slice(pair.indexOf(":") + 1)
    return [password, ...new URLSearchParams(`password=${password}`).getAll("password")]
  } catch {
    return []
  }
}

const namedValues = ({ url, form, json }: RequestParts, names: ReadonlySet<string>): ReadonlyArray<string> => {
  const query = url === undefined ? undefined : URL.parse(url)?.searchParams
  const sent = [...(query ?? []), ...(form ?? [])]
  return [...sent.flatMap(([name, value]) => (names.has(name) ? [value] : [])), ...valuesInJson(json, names)]
}

/** The texts of the named members of JSON, at any depth, also in a JSON Patch, which names them in its paths. */
const valuesInJson = (json: unknown, names: ReadonlySet<string>): ReadonlyArray<string> => {
  const found: Array<string> = []
  // A list instead of recursion: metadata of a client may be deep.
  const open: Array<{ readonly value: unknown; readonly isNamed: boolean }> = [{ value: json, isNamed: false }]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, isNamed } = next
    if (typeof value === "string" && isNamed) found.push(value)
    if (typeof value !== "object" || value === null) continue
    const path = "path" in value && typeof value.path === "string" ? value.path : ""
    const isPatched = path.split("/").some((name) => names.has(name))
    for (const [name, member] of Object.entries(value))
      open.push({ value: member, isNamed: isNamed || names.has(name) || (isPatched && name === "value") })
  }
  return found
}
