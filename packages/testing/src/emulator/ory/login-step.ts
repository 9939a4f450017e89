import { randomUUID } from "node:crypto"
import { withQuery } from "../go.ts"
import type { Exchange, Reply } from "../http-server.ts"
import type { AuthorizeRequest } from "./authorize-request.ts"
import { checkCsrf, clearSession, loginCookie, sessionIdOf, sessionOf, setCsrf, setSession } from "./cookies.ts"
import { ErrorResponse, oauthError } from "./errors.ts"
import { isRejection, type LoginAcceptance, type LoginFlow, type LoginSession, requestMaxAge } from "./flows.ts"
import { readIdTokenHint } from "./id-token-hint.ts"
import { words } from "./matching.ts"
import { redirect } from "./replies.ts"
import { longSecret, type Ory } from "./state.ts"
import { seconds } from "./tokens.ts"

const isTooOld = (ory: Ory, session: LoginSession, maxAge: string) =>
  /^\d+$/.test(maxAge) && session.authenticatedAt + Number(maxAge) < seconds(ory.now())

/** Returns the session with which the user skips the login, if the request allows it. */
const usableSession = (
  ory: Ory,
  exchange: Exchange,
  form: URLSearchParams,
  prompts: ReadonlyArray<string>,
): LoginSession | undefined => {
  if (prompts.includes("login")) return undefined
  const session = sessionOf(ory, exchange)
  if (session === undefined) return undefined
  const maxAge = form.get("max_age") ?? ""
  if (maxAge !== "" && !/^[+-]?\d+$/.test(maxAge)) throw oauthError("error")
  if (isTooOld(ory, session, maxAge)) {
    if (!prompts.includes("none")) return undefined
    throw oauthError(
      "login_required",
      "Request failed because prompt is set to 'none' and authentication time reached 'max_age'.",
    )
  }
  const hint = form.get("id_token_hint") ?? ""
  if (hint !== "" && readIdTokenHint(ory, hint).sub !== session.subject) {
    throw oauthError(
      "login_required",
      "Request failed because subject claim from id_token_hint does not match subject from authentication session.",
    )
  }
  return session
}

const contextOf = (ory: Ory, form: URLSearchParams): Record<string, unknown> => {
  const hint = form.get("id_token_hint") ?? ""
  const context: Record<string, unknown> = {}
  const lists = { acr_values: words(form.get("acr_values")), ui_locales: words(form.get("ui_locales")) }
  for (const [name, list] of Object.entries(lists)) if (list.length > 0) context[name] = list
  if (form.get("display")) context.display = form.get("display")
  if (hint !== "") context.id_token_hint_claims = readIdTokenHint(ory, hint)
  if (form.get("login_hint")) context.login_hint = form.get("login_hint")
  return context
}

/** Redirects the browser to the login page. */
export const requestLogin = (ory: Ory, exchange: Exchange, request: AuthorizeRequest, device?: string): Reply => {
  const { client, form, requestUrl, scopes, audience } = request
  const prompts = words(form.get("prompt"))
  const session = usableSession(ory, exchange, form, prompts)
  if (session === undefined && prompts.includes("none")) {
    throw oauthError("login_required", "Prompt 'none' was requested, but no existing login session was found.")
  }
  const flow: LoginFlow = {
    challenge: longSecret(),
    id: randomUUID().replaceAll("-", ""),
    clientId: client.id,
    requestUrl,
    scopes,
    audience,
    skip: session !== undefined,
    subject: session?.subject ?? "",
    sid: session?.id ?? randomUUID(),
    oidcContext: contextOf(ory, form),
    requestedAt: seconds(ory.now()),
    authenticatedAt: session?.authenticatedAt ?? 0,
    csrf: randomUUID(),
    device,
  }
  ory.loginFlows.set(flow.challenge, flow)
  return redirect(withQuery(ory.urls.login, { login_challenge: flow.challenge }), [
    setCsrf(ory, loginCookie(client.id), flow.csrf),
  ])
}

const endSession = (ory: Ory, exchange: Exchange): ReadonlyArray<string> => {
  const sid = sessionIdOf(ory, exchange)
  if (sid !== undefined) ory.loginSessions.delete(sid)
  return [clearSession(ory)]
}

const sessionCookies = (ory: Ory, exchange: Exchange, flow: LoginFlow, accepted: LoginAcceptance) => {
  const { sid } = flow
  if (!flow.skip) {
    const { subject, authenticatedAt, remember } = accepted
    ory.loginSessions.set(sid, { id: sid, subject, authenticatedAt, remember })
    if (!remember) return endSession(ory, exchange)
  }
  if (flow.skip && !accepted.extend) return []
  return [setSession(ory, sid, accepted.rememberFor)]
}

const knownPrompts = ["login", "none", "consent", "select_account", "registration"]

/** Checks `prompt`: like in the real server, only after the login. */
const checkPrompt = (prompts: ReadonlyArray<string>) => {
  const list = `[${prompts.join(" ")}]`
  if (prompts.some((prompt) => !knownPrompts.includes(prompt))) {
    throw oauthError("invalid_request", `Used unknown value '${list}' for prompt parameter`)
  }
  if (prompts.includes("none") && prompts.length > 1) {
    throw oauthError(
      "invalid_request",
      "Parameter 'prompt' was set to 'none', but contains other values as well which is not allowed.",
    )
  }
}

/** Checks the login verifier with which the browser returns. Returns the accepted login and the cookies to set. */
export const verifyLogin = (ory: Ory, exchange: Exchange, verifier: string) => {
  const verified = ory.loginVerifiers.get(verifier)
  if (verified === undefined) throw oauthError("access_denied", "The login verifier is invalid.")
  const { flow, decision } = verified
  if (isRejection(decision)) {
    throw new ErrorResponse(
      400,
      decision.error || "login request denied",
      [decision.description, decision.hint].join(" ").trim(),
    )
  }
  if (flow.requestedAt + requestMaxAge < seconds(ory.now())) {
    throw oauthError("request_unauthorized", "The login request has expired. Please try again.")
  }
  checkCsrf(ory, exchange, loginCookie(flow.clientId), flow.csrf)
  checkPrompt(words(exchange.query.get("prompt")))
  return { flow, accepted: decision, cookies: sessionCookies(ory, exchange, flow, decision) }
}
