import type { ClientRecord } from "./client-record.ts"
import { findClient } from "./clients.ts"
import { pkceSyntax } from "./code-grant.ts"
import { ErrorResponse, invalidClient, oauthError, unknownClient } from "./errors.ts"
import { redirect } from "./replies.ts"
import { knownScopes, scopesOf } from "./scopes.ts"
import type { CodeRecord, Polar } from "./state.ts"
import type { SubjectType } from "./subject-type.ts"

/** A valid authorization request. */
export interface AuthorizeRequest {
  readonly client: ClientRecord
  /** The destination of the response. */
  readonly redirectUri: string
  /** The `redirect_uri` of the request, if it has one. */
  readonly requestedRedirectUri: string | undefined
  readonly scopes: ReadonlyArray<string>
  readonly state: string | undefined
  /** The `state` of error responses: absent from those of the consent endpoint. */
  readonly errorState: string | undefined
  readonly nonce: string | undefined
  readonly challenge: CodeRecord["challenge"]
  readonly prompts: ReadonlyArray<string>
  readonly subjectType: SubjectType
  readonly organizations: ReadonlyArray<string>
}

const withParams = (polar: Polar, redirectUri: string, params: ReadonlyArray<readonly [string, string]>): string => {
  const allParams = polar.features.redirectsContainIss ? [...params, ["iss", polar.issuer] as const] : params
  const query = new URLSearchParams(allParams.map(([name, value]) => [name, value])).toString()
  return `${redirectUri}${redirectUri.includes("?") ? "&" : "?"}${query}`
}

type Target = Pick<AuthorizeRequest, "redirectUri" | "state">

/** Returns the URL of an authorization response at the client. */
export const clientRedirect = (
  polar: Polar,
  { redirectUri, state }: Target,
  params: ReadonlyArray<readonly [string, string]>,
): string => withParams(polar, redirectUri, state === undefined ? params : [...params, ["state", state]])

/** Makes an error response that redirects the browser to the client. */
export const redirectError = (polar: Polar, target: Target, error: string, description?: string): ErrorResponse =>
  new ErrorResponse(
    redirect(
      clientRedirect(polar, target, [
        ["error", error],
        ...(description === undefined ? [] : [["error_description", description] as const]),
      ]),
    ),
  )

const optional = (query: URLSearchParams, name: string): string | undefined => query.get(name) || undefined

const redirectUriOf = (client: ClientRecord, requested: string | undefined, state: string | undefined): string => {
  const registered = client.metadata.redirect_uris
  if (requested === undefined) {
    const [first] = registered
    if (first === undefined) throw oauthError("invalid_request", "Missing 'redirect_uri' in request.", { state })
    return first
  }
  if (registered.includes(requested)) return requested
  throw oauthError("invalid_request", `Redirect URI ${requested} is not supported by client.`, { state })
}

const singleParameters = ["response_type", "client_id", "redirect_uri", "scope", "state"]

const challengeOf = (query: URLSearchParams): CodeRecord["challenge"] | { readonly problem: string } => {
  const value = optional(query, "code_challenge")
  const method = optional(query, "code_challenge_method")
  if (value === undefined) return method === undefined ? undefined : { problem: "Missing 'code_challenge'" }
  for (const name of ["code_challenge", "code_challenge_method"]) {
    if (query.getAll(name).length > 1) return { problem: `Multiple '${name}' in request.` }
  }
  if (!pkceSyntax.test(value)) return { problem: "Invalid 'code_challenge'" }
  if (method !== undefined && !["S256", "plain"].includes(method)) {
    return { problem: "Unsupported 'code_challenge_method'" }
  }
  return { value, method: method ?? "plain" }
}

const isReplayed = (polar: Polar, client: ClientRecord, nonce: string): boolean =>
  [...polar.codes.values()].some(
    (code) => code.clientId === client.id && code.nonce === nonce && code.redeemedAt > polar.now(),
  )

const subjectTypeOf = (client: ClientRecord, requested: string | undefined, state: string | undefined): SubjectType => {
  if (requested === undefined) return client.defaultSubType
  if (requested === "user" || requested === "organization") return requested
  throw oauthError("invalid_request", "Invalid sub_type", { state })
}

/**
 * Reads and checks an authorization request.
 *
 * Throws an error response: a redirect to the client, or an error that does not reach the client.
 */
export const readAuthorizeRequest = (
  polar: Polar,
  query: URLSearchParams,
  { errorsHaveState }: { readonly errorsHaveState: boolean } = { errorsHaveState: true },
): AuthorizeRequest => {
  const requestState = optional(query, "state")
  const state = errorsHaveState ? requestState : undefined
  const type = query.get("response_type") ?? ""
  const id = optional(query, "client_id")
  if (id === undefined && type !== "code") throw oauthError("unsupported_response_type", type || undefined, { state })
  if (id === undefined) throw invalidClient(400, "Missing 'client_id' parameter.", state)
  const repeated = singleParameters.find((name) => query.getAll(name).length > 1)
  if (repeated !== undefined) throw oauthError("invalid_request", `Multiple '${repeated}' in request.`, { state })
  const client = findClient(polar, id)
  if (client === undefined) throw invalidClient(400, unknownClient, state)
  const requestedRedirectUri = optional(query, "redirect_uri")
  const redirectUri = redirectUriOf(client, requestedRedirectUri, state)
  const fail = (error: string, description?: string) => redirectError(polar, { redirectUri, state }, error, description)

  if (type !== "code") throw fail("unsupported_response_type", type || undefined)
  if (!client.metadata.response_types.includes(type)) {
    throw fail("unauthorized_client", `The client is not authorized to use 'response_type=${type}'`)
  }
  // An empty `scope` requests no scopes; an absent one requests all scopes of the client.
  const scopes = scopesOf(query.get("scope") ?? client.metadata.scope)
  if (!scopes.every((scope) => knownScopes.has(scope))) {
    throw fail("invalid_scope", "The requested scope is invalid, unknown, or malformed.")
  }
  const challenge = challengeOf(query)
  if (challenge !== undefined && "problem" in challenge) throw fail("invalid_request", challenge.problem)
  const nonce = optional(query, "nonce")
  if (nonce !== undefined && scopes.includes("openid") && isReplayed(polar, client, nonce)) {
    throw fail("invalid_request", "Replay attack")
  }
  const prompts = scopesOf(query.get("prompt") ?? "")
  if (prompts.includes("none") && prompts.length > 1) throw fail("invalid_request", "Invalid 'prompt' parameter.")
  const subjectType = subjectTypeOf(client, optional(query, "sub_type"), state)
  const organizations = query.getAll("organizations")
  return {
    ...{ client, redirectUri, requestedRedirectUri, scopes, nonce, challenge },
    ...{ state: requestState, errorState: state },
    ...{ prompts, subjectType, organizations },
  }
}
