import { scopesText } from "../html.ts"
import type { Exchange, Reply } from "../http-server.ts"
import { ErrorResponse, oauthError, oauthErrorWithoutHint } from "../ory/errors.ts"
import { type Application, isPublic } from "./application.ts"
import { callbackError } from "./callback.ts"
import { logIn } from "./login.ts"
import type { LoginFlow } from "./login-flow.ts"
import { allowsRedirect } from "./redirect-match.ts"
import { decisionButtons, formPage, page, redirectTo } from "./replies.ts"
import { requestedAudience, requestedUserScopes } from "./requested.ts"
import { sessionOf } from "./sessions.ts"
import type { Kinde } from "./state.ts"
import { opaqueToken, seconds } from "./tokens.ts"
import { userOfHint } from "./users.ts"

const prompts = ["", "login", "create", "none", "consent", "select_account"]

/** Parses an authorization request. Throws the error that is sent to the redirect URI. */
const flowOf = (kinde: Kinde, application: Application, query: URLSearchParams): LoginFlow => {
  const get = (name: string) => query.get(name) ?? ""
  if (get("response_type") !== "code") throw oauthErrorWithoutHint("unsupported_response_type")
  if (!["", "query"].includes(get("response_mode"))) throw oauthErrorWithoutHint("unsupported_response_mode")
  if (get("state").length < 8) {
    throw oauthError(
      "invalid_state",
      "Request parameter 'state' must be at least be 8 characters long to ensure sufficient entropy.",
    )
  }
  if (!prompts.includes(get("prompt"))) throw oauthError("invalid_request", "Used unknown value for prompt.")
  const challenge = get("code_challenge")
  if (challenge === "" && isPublic(application)) {
    throw oauthError(
      "invalid_request",
      "Clients must include a code_challenge when performing the authorize code flow.",
    )
  }
  if (challenge !== "" && get("code_challenge_method") !== "S256") {
    throw oauthError("invalid_request", "Clients must use code_challenge_method=S256, plain is not allowed.")
  }
  return {
    applicationId: application.id,
    redirectUri: get("redirect_uri"),
    state: get("state"),
    scopes: requestedUserScopes(application, query),
    audience: requestedAudience(application, query),
    challenge: challenge === "" ? undefined : challenge,
    nonce: query.get("nonce") ?? undefined,
    hint: get("login_hint"),
    orgCode: query.get("org_code") ?? undefined,
    newOrganization: get("is_create_org") === "true" ? get("org_name") : undefined,
    requestedAt: seconds(kinde),
  }
}

const proceed = (exchange: Exchange, kinde: Kinde, flow: LoginFlow): Reply => {
  const prompt = exchange.query.get("prompt") ?? ""
  const session = sessionOf(kinde, exchange)
  const usable =
    session !== undefined && (flow.hint === "" || userOfHint(kinde, flow.hint).id === session.user.id)
      ? session
      : undefined
  if (prompt === "none" && usable === undefined) {
    return callbackError(flow, "login_required", "User authentication is required")
  }
  if (usable !== undefined && (prompt === "" || prompt === "none")) return logIn(kinde, flow, usable.user, usable.since)
  const id = opaqueToken()
  kinde.logins.set(id, flow)
  return redirectTo(`${kinde.issuer}/login?flow=${id}`)
}

/** GET /oauth2/auth. Without a known client and an allowed redirect URI, the browser stays here (RFC 6749, 4.1.2.1). */
export const authorize = (exchange: Exchange, kinde: Kinde): Reply => {
  const { query } = exchange
  const application = kinde.applications.get(query.get("client_id") ?? "")
  if (application === undefined) return page(400, "Error", "The application does not exist")
  const redirectUri = query.get("redirect_uri") ?? ""
  if (!allowsRedirect(application.redirectUris, redirectUri)) {
    return page(400, "Error", "Invalid callback URL: it is not among the allowed callback URLs of the application")
  }
  try {
    return proceed(exchange, kinde, flowOf(kinde, application, query))
  } catch (error) {
    if (!(error instanceof ErrorResponse)) throw error
    return callbackError({ redirectUri, state: query.get("state") ?? "" }, error.error, error.description)
  }
}

/** GET /login: a page where the user signs in or denies the request. */
export const loginPage = (exchange: Exchange, kinde: Kinde): Reply => {
  const id = exchange.query.get("flow") ?? ""
  const flow = kinde.logins.get(id)
  if (flow === undefined) return page(400, "Error", "The link has expired")
  const name = kinde.applications.get(flow.applicationId)?.name ?? flow.applicationId
  return formPage({
    title: "Sign in",
    text: `${name} asks for ${scopesText(flow.scopes)}. Without a user you sign in as the first one.`,
    form: {
      action: "/login",
      hidden: [["flow", id]],
      inputs: [{ label: "User", name: "login_hint", value: flow.hint }],
      buttons: decisionButtons("Sign in", "Deny"),
    },
  })
}
