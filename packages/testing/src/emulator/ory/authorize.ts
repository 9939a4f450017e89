import { browserForm } from "../form.ts"
import type { Exchange, Reply } from "../http-server.ts"
import type { AuthorizeRequest } from "./authorize-request.ts"
import { authorizeError, authorizeSuccess, type ResponseDestination, toErrorPage } from "./authorize-response.ts"
import { type ClientRecord, listOf, responseTypesOf } from "./client-record.ts"
import { finishConsent, requestConsent } from "./consent-step.ts"
import { ErrorResponse, oauthError } from "./errors.ts"
import { requestLogin, verifyLogin } from "./login-step.ts"
import { checkAudience, checkScopes, requestedAudience, words } from "./matching.ts"
import type { Ory } from "./state.ts"

const minEntropy = 8

const isLoopback = (url: URL) => url.protocol === "http:" && ["127.0.0.1", "[::1]"].includes(url.hostname)

const equalsExceptPort = (registered: string, requested: string) => {
  if (!URL.canParse(registered) || !URL.canParse(requested)) return false
  const [a, b] = [new URL(registered), new URL(requested)]
  return (
    isLoopback(a) && isLoopback(b) && a.hostname === b.hostname && a.pathname === b.pathname && a.search === b.search
  )
}

const redirectUriOf = (client: ClientRecord, requested: string, scopes: ReadonlyArray<string>): string => {
  if (requested === "" && scopes.includes("openid")) {
    throw oauthError("invalid_request", "The 'redirect_uri' parameter is required when using OpenID Connect 1.0.")
  }
  const registered = listOf(client, "redirect_uris")
  const [only] = registered
  if (requested === "" && registered.length === 1 && only !== undefined) return only
  if (requested !== "" && registered.some((uri) => uri === requested || equalsExceptPort(uri, requested)))
    return requested
  throw oauthError(
    "invalid_request",
    "The 'redirect_uri' parameter does not match any of the OAuth 2.0 Client's pre-registered redirect urls.",
  )
}

const responseModes = ["", "query", "fragment", "form_post"]

const clientOf = (ory: Ory, form: URLSearchParams): ClientRecord => {
  const client = ory.clients.get(form.get("client_id") ?? "")
  if (client === undefined) throw oauthError("invalid_client", "The requested OAuth 2.0 Client does not exist.")
  if (words(form.get("scope")).includes("openid") && (form.get("request") || form.get("request_uri"))) {
    throw oauthError(
      "invalid_request",
      "OpenID Connect 'request' or 'request_uri' context was given, but the OAuth 2.0 Client does not have any JSON Web Keys registered.",
    )
  }
  const mode = form.get("response_mode") ?? ""
  if (!responseModes.includes(mode)) {
    throw oauthError("unsupported_response_mode", `Request with unsupported response_mode "${mode}".`)
  }
  return client
}

const hasSameWords = (a: ReadonlyArray<string>, b: ReadonlyArray<string>) =>
  a.length === b.length && a.every((word) => b.includes(word))

/** Checks a request whose redirect URI is valid, so that the client receives the errors. */
const checkRequest = (client: ClientRecord, form: URLSearchParams, scopes: ReadonlyArray<string>) => {
  checkScopes(client, scopes)
  checkAudience(client, requestedAudience(form))
  if (form.get("registration")) throw oauthError("registration_not_supported")
  const types = words(form.get("response_type"))
  if (types.length === 0) {
    throw oauthError("unsupported_response_type", "`The request is missing the 'response_type' parameter.")
  }
  if (!responseTypesOf(client).some((registered) => hasSameWords(words(registered), types))) {
    throw oauthError(
      "unsupported_response_type",
      `The client is not allowed to request response_type '${form.get("response_type")}'.`,
    )
  }
  if ((form.get("state") ?? "").length < minEntropy) {
    throw oauthError(
      "invalid_state",
      `Request parameter 'state' must be at least be ${minEntropy} characters long to ensure sufficient entropy.`,
    )
  }
}

/** Checks a request immediately before its code is issued. */
const checkBeforeCode = (form: URLSearchParams) => {
  const nonce = form.get("nonce") ?? ""
  // A short nonce is accepted if the response contains no ID token.
  const containsIdToken = words(form.get("response_type")).includes("id_token")
  if (containsIdToken && nonce !== "" && nonce.length < minEntropy) {
    throw oauthError(
      "insufficient_entropy",
      `Parameter 'nonce' is set but does not satisfy the minimum entropy of ${minEntropy} characters.`,
    )
  }
  if ((form.get("code_challenge") ?? "") === "") return
  const method = form.get("code_challenge_method") ?? ""
  if (method === "S256") return
  throw oauthError(
    "invalid_request",
    method === "plain" || method === ""
      ? "Clients must use code_challenge_method=S256, plain is not allowed."
      : "The code_challenge_method is not supported, use S256 instead.",
  )
}

const catchErrorResponse = (step: () => Reply, replyTo: (error: ErrorResponse) => Reply): Reply => {
  try {
    return step()
  } catch (error) {
    if (error instanceof ErrorResponse) return replyTo(error)
    throw error
  }
}

const proceed = (ory: Ory, exchange: Exchange, request: AuthorizeRequest, target: ResponseDestination): Reply => {
  const loginVerifier = (request.form.get("login_verifier") ?? "").trim()
  const consentVerifier = (request.form.get("consent_verifier") ?? "").trim()
  if (loginVerifier !== "") {
    const { flow, accepted, cookies } = verifyLogin(ory, exchange, loginVerifier)
    return requestConsent(ory, request, flow, accepted, cookies)
  }
  if (consentVerifier === "") return requestLogin(ory, exchange, request)
  const grant = finishConsent(ory, exchange, request, consentVerifier, () => checkBeforeCode(request.form))
  return authorizeSuccess(ory, request, target, grant)
}

/** GET and POST /oauth2/auth: the login, the consent and the code, one step per request. */
export const authorize = (exchange: Exchange, ory: Ory): Reply => {
  const form = browserForm(exchange)
  return catchErrorResponse(
    () => {
      const client = clientOf(ory, form)
      const scopes = words(form.get("scope"))
      const redirectUri = redirectUriOf(client, form.get("redirect_uri") ?? "", scopes)
      const target = { redirectUri, mode: form.get("response_mode") ?? "", state: form.get("state") ?? "" }
      return catchErrorResponse(
        () => {
          checkRequest(client, form, scopes)
          const requestUrl = `${ory.issuer}/oauth2/auth${exchange.rawQuery === "" ? "" : `?${exchange.rawQuery}`}`
          const request = { client, form, requestUrl, scopes, audience: requestedAudience(form) }
          return proceed(ory, exchange, request, target)
        },
        (error) => authorizeError(target, error),
      )
    },
    (error) => toErrorPage(ory, error),
  )
}
