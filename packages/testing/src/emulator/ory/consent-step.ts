import { randomUUID } from "node:crypto"
import { withQuery } from "../go.ts"
import type { Exchange, Reply } from "../http-server.ts"
import type { AuthorizeRequest } from "./authorize-request.ts"
import { isPublic } from "./client-record.ts"
import { checkCsrf, consentCookie, setCsrf } from "./cookies.ts"
import { ErrorResponse, oauthError } from "./errors.ts"
import {
  type ConsentFlow,
  type ConsentRecord,
  isRejection,
  type LoginAcceptance,
  type LoginFlow,
  requestMaxAge,
} from "./flows.ts"
import type { Grant } from "./grant-records.ts"
import { allowsScope, words } from "./matching.ts"
import { redirect } from "./replies.ts"
import { longSecret, type Ory } from "./state.ts"
import { makeGrant, seconds } from "./tokens.ts"

/** Returns whether a remembered consent has not expired. */
export const isCurrent = (ory: Ory, { flow, decision }: ConsentRecord): boolean =>
  decision.rememberFor <= 0 || flow.login.requestedAt + decision.rememberFor >= seconds(ory.now())

/** Returns whether a redirect URI identifies a public client: it uses HTTPS or a loopback address. */
const identifiesClient = (redirectUri: string) => {
  if (!URL.canParse(redirectUri)) return false
  const { protocol, hostname } = new URL(redirectUri)
  return protocol === "https:" || (protocol === "http:" && ["127.0.0.1", "[::1]", "localhost"].includes(hostname))
}

const hasConsented = (ory: Ory, { client, form, scopes }: AuthorizeRequest, subject: string, isDevice: boolean) => {
  if (words(form.get("prompt")).includes("consent")) return false
  if (isPublic(client) && (isDevice || !identifiesClient(form.get("redirect_uri") ?? ""))) return false
  return [...ory.consents.values()].some(
    (record) =>
      record.decision.remember &&
      !record.flow.skip &&
      record.flow.login.clientId === client.id &&
      record.flow.accepted.subject === subject &&
      isCurrent(ory, record) &&
      scopes.every((scope) => allowsScope(record.decision.scopes, scope)),
  )
}

/** Redirects the browser to the consent page. */
export const requestConsent = (
  ory: Ory,
  request: AuthorizeRequest,
  login: LoginFlow,
  accepted: LoginAcceptance,
  cookies: ReadonlyArray<string>,
): Reply => {
  const skip = hasConsented(ory, request, accepted.subject, login.device !== undefined)
  if (!skip && words(request.form.get("prompt")).includes("none")) {
    throw oauthError("consent_required", "Prompt 'none' was requested, but no previous consent was found.")
  }
  const id = ory.isV26 ? randomUUID().replaceAll("-", "") : randomUUID()
  const flow: ConsentFlow = { challenge: longSecret(), id, login, accepted, skip, csrf: randomUUID(), used: false }
  ory.consentFlows.set(flow.challenge, flow)
  return redirect(withQuery(ory.urls.consent, { consent_challenge: flow.challenge }), [
    ...cookies,
    setCsrf(ory, consentCookie(login.clientId), flow.csrf),
  ])
}

/** Checks the consent verifier with which the browser returns, and makes the grant. */
export const finishConsent = (
  ory: Ory,
  exchange: Exchange,
  { client, form }: AuthorizeRequest,
  verifier: string,
  lastCheck: () => void,
): Grant => {
  const verified = ory.consentVerifiers.get(verifier)
  if (verified === undefined) {
    throw oauthError(
      "access_denied",
      "The consent verifier has already been used, has not been granted, or is invalid.",
    )
  }
  const { flow, decision } = verified
  if (flow.login.clientId !== client.id) {
    throw oauthError("invalid_client", "The flow client id does not match the authorize request client id.")
  }
  if (flow.used) throw oauthError("access_denied", "The consent verifier has already been used.")
  // v26 checks for a rejection before it marks the request as used.
  flow.used = !(ory.isV26 && isRejection(decision))
  if (flow.login.requestedAt + requestMaxAge < seconds(ory.now())) {
    throw oauthError("request_unauthorized", "The consent request has expired, please try again.")
  }
  if (isRejection(decision)) {
    throw new ErrorResponse(
      400,
      decision.error || "consent request denied",
      [decision.description, decision.hint].join(" ").trim(),
    )
  }
  checkCsrf(ory, exchange, consentCookie(client.id), flow.csrf)
  lastCheck()
  const { accepted, login } = flow
  const grant = makeGrant({
    clientId: client.id,
    subject: accepted.subject,
    scopes: decision.scopes,
    audience: decision.audience,
    user: {
      accessToken: decision.accessToken,
      idToken: decision.idToken,
      nonce: form.get("nonce") ?? "",
      sid: login.sid,
      authTime: accepted.authenticatedAt,
      requestedAt: login.requestedAt,
      acr: accepted.acr,
      amr: accepted.amr,
      consentId: flow.id,
    },
  })
  ory.grants.set(grant.id, grant)
  ory.consents.set(flow.id, { flow, decision, grantId: grant.id })
  return grant
}
