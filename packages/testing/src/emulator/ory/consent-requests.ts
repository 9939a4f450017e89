import { sortedMembers, withQuery } from "../go.ts"
import type { Exchange, Reply } from "../http-server.ts"
import { adminError, oauthError } from "./errors.ts"
import { type ConsentAcceptance, type ConsentFlow, type Rejection, requestMaxAge } from "./flows.ts"
import { challengeOf, clientOfFlow, rejectionFrom } from "./login-requests.ts"
import { adminJson } from "./replies.ts"
import { numberIn, objectIn, readStrictBody, rejectionMembers, stringsIn } from "./request-body.ts"
import { longSecret, type Ory } from "./state.ts"
import { seconds } from "./tokens.ts"

const flowOf = (ory: Ory, challenge: string): ConsentFlow => {
  const flow = ory.consentFlows.get(challenge)
  if (flow === undefined || !ory.clients.has(flow.login.clientId)) throw adminError.unknownChallenge()
  if (flow.login.requestedAt + requestMaxAge < seconds(ory.now())) {
    throw oauthError("request_unauthorized", "The consent request has expired, please try again.")
  }
  return flow
}

/** Renders a consent request for the consent page and the list of consent sessions. */
export const renderConsentRequest = (ory: Ory, flow: ConsentFlow, challenge = flow.challenge) => ({
  challenge,
  ...(ory.isV26 ? { consent_request_id: flow.id } : {}),
  requested_scope: flow.login.scopes,
  requested_access_token_audience: flow.login.audience,
  skip: flow.skip,
  subject: flow.accepted.subject,
  oidc_context: flow.login.oidcContext,
  client: clientOfFlow(ory, flow.login.clientId),
  request_url: flow.login.requestUrl,
  login_challenge: flow.login.id,
  login_session_id: flow.login.sid,
  acr: flow.accepted.acr,
  amr: flow.accepted.amr,
  context: flow.accepted.context,
})

export const getConsentRequest = (exchange: Exchange, ory: Ory): Reply =>
  adminJson(200, renderConsentRequest(ory, flowOf(ory, challengeOf(exchange, "consent_challenge"))))

const acceptMembers = {
  grant_scope: "array",
  grant_access_token_audience: "array",
  session: "object",
  remember: "boolean",
  remember_for: "number",
  handled_at: "string",
  context: "any",
} as const

const readBody = (body: string, members: typeof acceptMembers | typeof rejectionMembers) => {
  const read = readStrictBody(body, members)
  if ("values" in read) return read.values
  // Unlike for a login request, the error does not contain the decoder's message.
  throw oauthError("error", undefined, 400)
}

const respondWith = (ory: Ory, flow: ConsentFlow, decision: ConsentAcceptance | Rejection): Reply => {
  const verifier = longSecret()
  ory.consentVerifiers.set(verifier, { flow, decision })
  return adminJson(200, { redirect_to: withQuery(flow.login.requestUrl, { consent_verifier: verifier }) })
}

export const acceptConsentRequest = (exchange: Exchange, ory: Ory): Reply => {
  const challenge = challengeOf(exchange, "consent_challenge")
  const values = readBody(exchange.body, acceptMembers)
  const flow = flowOf(ory, challenge)
  return respondWith(ory, flow, {
    scopes: stringsIn(values, "grant_scope"),
    audience: stringsIn(values, "grant_access_token_audience"),
    accessToken: sortedMembers(objectIn(values.session, "access_token")),
    idToken: sortedMembers(objectIn(values.session, "id_token")),
    remember: values.remember === true,
    rememberFor: numberIn(values, "remember_for"),
    // Login and consent share one context: the login's context stays unless the consent replaces it.
    context: values.context ?? flow.accepted.context,
    handledAt: ory.now(),
  })
}

export const rejectConsentRequest = (exchange: Exchange, ory: Ory): Reply => {
  const challenge = challengeOf(exchange, "consent_challenge")
  const rejection = rejectionFrom(readBody(exchange.body, rejectionMembers))
  return respondWith(ory, flowOf(ory, challenge), rejection)
}
