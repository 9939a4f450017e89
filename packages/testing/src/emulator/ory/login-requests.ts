import { withQuery } from "../go.ts"
import type { Exchange, Reply } from "../http-server.ts"
import { adminError, oauthError } from "./errors.ts"
import { type LoginAcceptance, type LoginFlow, type Rejection, requestMaxAge } from "./flows.ts"
import { renderClient } from "./render-client.ts"
import { adminJson } from "./replies.ts"
import { numberIn, readStrictBody, rejectionMembers, stringIn, stringsIn } from "./request-body.ts"
import { longSecret, type Ory } from "./state.ts"
import { seconds } from "./tokens.ts"

/** Returns the challenge of a request. The name of the parameter in older releases is `challenge`. */
export const challengeOf = ({ query }: Exchange, name: string): string => {
  const challenge = query.get(name) || query.get("challenge")
  if (challenge) return challenge
  throw oauthError("invalid_request", "Query parameter 'challenge' is not defined but should have been.")
}

const flowOf = (ory: Ory, challenge: string): LoginFlow => {
  const flow = ory.loginFlows.get(challenge)
  if (flow === undefined || !ory.clients.has(flow.clientId)) throw adminError.unknownChallenge()
  if (flow.requestedAt + requestMaxAge < seconds(ory.now())) {
    throw oauthError("request_unauthorized", "The login request has expired, please try again.")
  }
  return flow
}

/** Renders the client of a request for the login and consent pages. */
export const clientOfFlow = (ory: Ory, clientId: string) => {
  const client = ory.clients.get(clientId)
  return client === undefined ? null : renderClient(ory, client)
}

export const getLoginRequest = (exchange: Exchange, ory: Ory): Reply => {
  const flow = flowOf(ory, challengeOf(exchange, "login_challenge"))
  return adminJson(200, {
    challenge: flow.challenge,
    requested_scope: flow.scopes,
    requested_access_token_audience: flow.audience,
    skip: flow.skip,
    subject: flow.subject,
    oidc_context: flow.oidcContext,
    client: clientOfFlow(ory, flow.clientId),
    request_url: flow.requestUrl,
    session_id: flow.sid,
  })
}

const acceptMembers = {
  subject: "string",
  remember: "boolean",
  remember_for: "number",
  extend_session_lifespan: "boolean",
  acr: "string",
  amr: "array",
  context: "any",
  identity_provider_session_id: "string",
  force_subject_identifier: "string",
} as const

const readBody = (body: string, members: typeof acceptMembers | typeof rejectionMembers) => {
  const read = readStrictBody(body, members)
  if ("values" in read) return read.values
  throw oauthError("invalid_request", `Unable to decode body because: ${read.problem}`)
}

const respondWith = (ory: Ory, flow: LoginFlow, decision: LoginAcceptance | Rejection): Reply => {
  const verifier = longSecret()
  ory.loginVerifiers.set(verifier, { flow, decision })
  return adminJson(200, { redirect_to: withQuery(flow.requestUrl, { login_verifier: verifier }) })
}

export const acceptLoginRequest = (exchange: Exchange, ory: Ory): Reply => {
  const challenge = challengeOf(exchange, "login_challenge")
  const values = readBody(exchange.body, acceptMembers)
  const subject = stringIn(values, "subject")
  if (subject === "") throw oauthError("invalid_request", "Field 'subject' must not be empty.")
  const flow = flowOf(ory, challenge)
  // The subject is not that of the browser's session, so the user must log in.
  if (flow.skip && subject !== flow.subject) {
    return adminJson(200, { redirect_to: withQuery(flow.requestUrl, { prompt: "login" }) })
  }
  return respondWith(ory, flow, {
    subject,
    remember: flow.skip || values.remember === true,
    rememberFor: numberIn(values, "remember_for"),
    extend: values.extend_session_lifespan === true,
    acr: stringIn(values, "acr"),
    amr: stringsIn(values, "amr"),
    context: values.context ?? null,
    authenticatedAt: flow.skip ? flow.authenticatedAt : seconds(ory.now()),
  })
}

/** Reads the rejection that a page sends. */
export const rejectionFrom = (values: Readonly<Record<string, unknown>>): Rejection => ({
  error: stringIn(values, "error"),
  description: stringIn(values, "error_description"),
  hint: stringIn(values, "error_hint"),
})

export const rejectLoginRequest = (exchange: Exchange, ory: Ory): Reply => {
  const challenge = challengeOf(exchange, "login_challenge")
  const rejection = rejectionFrom(readBody(exchange.body, rejectionMembers))
  return respondWith(ory, flowOf(ory, challenge), rejection)
}
