import { randomUUID } from "node:crypto"
import { withQuery } from "../go.ts"
import type { Exchange, Reply } from "../http-server.ts"
import type { AuthorizeRequest } from "./authorize.ts"
import { isPublic } from "./client-record.ts"
import { checkCsrf, consentCookie, setCsrf } from "./cookies.ts"
import { Refusal, refuse } from "./errors.ts"
import {
  type ConsentFlow,
  type ConsentRecord,
  isRejection,
  type LoginAcceptance,
  type LoginFlow,
  requestMaxAge,
} from "./flows.ts"
import { allowsScope, words } from "./matching.ts"
import { redirect } from "./replies.ts"
import { longSecret, type Ory } from "./state.ts"
import { type Grant, makeGrant, seconds } from "./tokens.ts"
import { pages } from "./urls.ts"

/** Whether a consent that was to be remembered still is. */
export const isCurrent = (ory: Ory, { flow, answer }: ConsentRecord): boolean =>
  answer.rememberFor <= 0 || flow.login.requestedAt + answer.rememberFor >= seconds(ory.now())

const provesItself = (redirectUri: string) => {
  if (!URL.canParse(redirectUri)) return false
  const { protocol, hostname } = new URL(redirectUri)
  return protocol === "https:" || (protocol === "http:" && ["127.0.0.1", "[::1]", "localhost"].includes(hostname))
}

const hasConsented = (ory: Ory, { client, form, scopes }: AuthorizeRequest, subject: string, device: boolean) => {
  if (words(form.get("prompt")).includes("consent")) return false
  if (isPublic(client) && (device || !provesItself(form.get("redirect_uri") ?? ""))) return false
  return [...ory.consents.values()].some(
    (record) =>
      record.answer.remember &&
      !record.flow.skip &&
      record.flow.login.clientId === client.id &&
      record.flow.accepted.subject === subject &&
      isCurrent(ory, record) &&
      scopes.every((scope) => allowsScope(record.answer.scopes, scope)),
  )
}

/** Sends the browser to the consent page. */
export const requestConsent = (
  ory: Ory,
  request: AuthorizeRequest,
  login: LoginFlow,
  accepted: LoginAcceptance,
  cookies: ReadonlyArray<string>,
): Reply => {
  const skip = hasConsented(ory, request, accepted.subject, login.device !== undefined)
  if (!skip && words(request.form.get("prompt")).includes("none")) {
    throw refuse("consent_required", "Prompt 'none' was requested, but no previous consent was found.")
  }
  const id = ory.newest ? randomUUID().replaceAll("-", "") : randomUUID()
  const flow: ConsentFlow = { challenge: longSecret(), id, login, accepted, skip, csrf: randomUUID(), used: false }
  ory.consentFlows.set(flow.challenge, flow)
  return redirect(withQuery(pages.consent, { consent_challenge: flow.challenge }), [
    ...cookies,
    setCsrf(ory, consentCookie(login.clientId), flow.csrf),
  ])
}

/** Checks what the browser brings back from the consent page, and makes the grant. */
export const finishConsent = (
  ory: Ory,
  exchange: Exchange,
  { client, form }: AuthorizeRequest,
  verifier: string,
  lastCheck: () => void,
): Grant => {
  const found = ory.consentVerifiers.get(verifier)
  if (found === undefined) {
    throw refuse("access_denied", "The consent verifier has already been used, has not been granted, or is invalid.")
  }
  const { flow, answer } = found
  if (flow.login.clientId !== client.id) {
    throw refuse("invalid_client", "The flow client id does not match the authorize request client id.")
  }
  if (flow.used) throw refuse("access_denied", "The consent verifier has already been used.")
  // The newer release looks at a refusal before it marks the request as answered.
  flow.used = !(ory.newest && isRejection(answer))
  if (flow.login.requestedAt + requestMaxAge < seconds(ory.now())) {
    throw refuse("request_unauthorized", "The consent request has expired, please try again.")
  }
  if (isRejection(answer)) {
    throw new Refusal(400, answer.error || "consent request denied", [answer.description, answer.hint].join(" ").trim())
  }
  checkCsrf(ory, exchange, consentCookie(client.id), flow.csrf)
  lastCheck()
  const { accepted, login } = flow
  const grant = makeGrant({
    clientId: client.id,
    subject: accepted.subject,
    scopes: answer.scopes,
    audience: answer.audience,
    user: {
      accessToken: answer.accessToken,
      idToken: answer.idToken,
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
  ory.consents.set(flow.id, { flow, answer, grantId: grant.id })
  return grant
}
