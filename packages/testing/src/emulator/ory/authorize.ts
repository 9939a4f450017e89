import { browserForm } from "../form.ts"
import type { Exchange, Reply } from "../http-server.ts"
import { authorizeError, authorizeSuccess, type ResponseTarget, toErrorPage } from "./authorize-answer.ts"
import { type ClientRecord, listOf, responseTypesOf } from "./client-record.ts"
import { finishConsent, requestConsent } from "./consent-step.ts"
import { Refusal, refuse } from "./errors.ts"
import { requestLogin, verifyLogin } from "./login-step.ts"
import { askedAudience, checkAudience, checkScopes, words } from "./matching.ts"
import type { Ory } from "./state.ts"

/** An authorization request that was found valid, whatever step of it the browser is at. */
export interface AuthorizeRequest {
  readonly client: ClientRecord
  readonly form: URLSearchParams
  readonly requestUrl: string
  readonly scopes: ReadonlyArray<string>
  readonly audience: ReadonlyArray<string>
}

const minEntropy = 8

const isLoopback = (url: URL) => url.protocol === "http:" && ["127.0.0.1", "[::1]"].includes(url.hostname)

const sameButPort = (registered: string, asked: string) => {
  if (!URL.canParse(registered) || !URL.canParse(asked)) return false
  const [a, b] = [new URL(registered), new URL(asked)]
  return (
    isLoopback(a) && isLoopback(b) && a.hostname === b.hostname && a.pathname === b.pathname && a.search === b.search
  )
}

const redirectTarget = (client: ClientRecord, asked: string, scopes: ReadonlyArray<string>): string => {
  if (asked === "" && scopes.includes("openid")) {
    throw refuse("invalid_request", "The 'redirect_uri' parameter is required when using OpenID Connect 1.0.")
  }
  const registered = listOf(client, "redirect_uris")
  const [only] = registered
  if (asked === "" && registered.length === 1 && only !== undefined) return only
  if (asked !== "" && registered.some((uri) => uri === asked || sameButPort(uri, asked))) return asked
  throw refuse(
    "invalid_request",
    "The 'redirect_uri' parameter does not match any of the OAuth 2.0 Client's pre-registered redirect urls.",
  )
}

const responseModes = ["", "query", "fragment", "form_post"]

const clientOf = (ory: Ory, form: URLSearchParams): ClientRecord => {
  const client = ory.clients.get(form.get("client_id") ?? "")
  if (client === undefined) throw refuse("invalid_client", "The requested OAuth 2.0 Client does not exist.")
  if (words(form.get("scope")).includes("openid") && (form.get("request") || form.get("request_uri"))) {
    throw refuse(
      "invalid_request",
      "OpenID Connect 'request' or 'request_uri' context was given, but the OAuth 2.0 Client does not have any JSON Web Keys registered.",
    )
  }
  const mode = form.get("response_mode") ?? ""
  if (!responseModes.includes(mode)) {
    throw refuse("unsupported_response_mode", `Request with unsupported response_mode "${mode}".`)
  }
  return client
}

const sameWords = (a: ReadonlyArray<string>, b: ReadonlyArray<string>) =>
  a.length === b.length && a.every((word) => b.includes(word))

/** What is checked once errors can be sent to the client. */
const checkRest = (client: ClientRecord, form: URLSearchParams, scopes: ReadonlyArray<string>) => {
  checkScopes(client, scopes)
  checkAudience(client, askedAudience(form))
  if (form.get("registration")) throw refuse("registration_not_supported")
  const types = words(form.get("response_type"))
  if (types.length === 0) {
    throw refuse("unsupported_response_type", "`The request is missing the 'response_type' parameter.")
  }
  if (!responseTypesOf(client).some((registered) => sameWords(words(registered), types))) {
    throw refuse(
      "unsupported_response_type",
      `The client is not allowed to request response_type '${form.get("response_type")}'.`,
    )
  }
  if ((form.get("state") ?? "").length < minEntropy) {
    throw refuse(
      "invalid_state",
      `Request parameter 'state' must be at least be ${minEntropy} characters long to ensure sufficient entropy.`,
    )
  }
}

/** What is only looked at when the code is about to be issued. */
const checkLast = (form: URLSearchParams) => {
  const nonce = form.get("nonce") ?? ""
  // In the plain code flow a short nonce passes.
  const signs = words(form.get("response_type")).includes("id_token")
  if (signs && nonce !== "" && nonce.length < minEntropy) {
    throw refuse(
      "insufficient_entropy",
      `Parameter 'nonce' is set but does not satisfy the minimum entropy of ${minEntropy} characters.`,
    )
  }
  if ((form.get("code_challenge") ?? "") === "") return
  const method = form.get("code_challenge_method") ?? ""
  if (method === "S256") return
  throw refuse(
    "invalid_request",
    method === "plain" || method === ""
      ? "Clients must use code_challenge_method=S256, plain is not allowed."
      : "The code_challenge_method is not supported, use S256 instead.",
  )
}

const caught = (step: () => Reply, answer: (refusal: Refusal) => Reply): Reply => {
  try {
    return step()
  } catch (error) {
    if (error instanceof Refusal) return answer(error)
    throw error
  }
}

const proceed = (ory: Ory, exchange: Exchange, request: AuthorizeRequest, target: ResponseTarget): Reply => {
  const loginVerifier = (request.form.get("login_verifier") ?? "").trim()
  const consentVerifier = (request.form.get("consent_verifier") ?? "").trim()
  if (loginVerifier !== "") {
    const { flow, accepted, cookies } = verifyLogin(ory, exchange, loginVerifier)
    return requestConsent(ory, request, flow, accepted, cookies)
  }
  if (consentVerifier === "") return requestLogin(ory, exchange, request)
  const grant = finishConsent(ory, exchange, request, consentVerifier, () => checkLast(request.form))
  return authorizeSuccess(ory, request, target, grant)
}

/** GET and POST /oauth2/auth, at every one of its three steps. */
export const authorize = (exchange: Exchange, ory: Ory): Reply => {
  const form = browserForm(exchange)
  return caught(
    () => {
      const client = clientOf(ory, form)
      const scopes = words(form.get("scope"))
      const redirectUri = redirectTarget(client, form.get("redirect_uri") ?? "", scopes)
      const target = { redirectUri, mode: form.get("response_mode") ?? "", state: form.get("state") ?? "" }
      return caught(
        () => {
          checkRest(client, form, scopes)
          const requestUrl = `${ory.issuer}/oauth2/auth${exchange.rawQuery === "" ? "" : `?${exchange.rawQuery}`}`
          const request = { client, form, requestUrl, scopes, audience: askedAudience(form) }
          return proceed(ory, exchange, request, target)
        },
        (refusal) => authorizeError(target, refusal),
      )
    },
    (refusal) => toErrorPage(ory, refusal),
  )
}
