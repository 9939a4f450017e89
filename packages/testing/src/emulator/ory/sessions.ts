import type { Exchange, Reply } from "../http-server.ts"
import { renderConsentRequest } from "./consent-requests.ts"
import { isCurrent } from "./consent-step.ts"
import { oauthError } from "./errors.ts"
import type { ConsentRecord } from "./flows.ts"
import { paginate } from "./pages.ts"
import { preciseTime } from "./render-client.ts"
import { adminJson, noContent } from "./replies.ts"
import type { Ory } from "./state.ts"
import { dropGrant } from "./tokens.ts"

const render = (ory: Ory, { flow, decision }: ConsentRecord) => ({
  ...(ory.isV26 ? { consent_request_id: flow.id } : {}),
  grant_scope: decision.scopes,
  grant_access_token_audience: decision.audience,
  session: { access_token: decision.accessToken, id_token: decision.idToken },
  remember: decision.remember,
  remember_for: decision.rememberFor,
  handled_at: preciseTime(decision.handledAt),
  context: decision.context,
  consent_request: renderConsentRequest(ory, flow, flow.id),
})

const noSubject = "Query parameter 'subject' is not defined but should have been."

export const listConsentSessions = (exchange: Exchange, ory: Ory): Reply => {
  const subject = exchange.query.get("subject") ?? ""
  const sid = exchange.query.get("login_session_id") ?? ""
  if (subject === "") throw oauthError("invalid_request", noSubject)
  const matching = [...ory.consents.values()]
    .filter(({ flow }) => flow.accepted.subject === subject && !flow.skip)
    .filter(({ flow }) => sid === "" || flow.login.sid === sid)
    .filter((record) => isCurrent(ory, record))
    .reverse()
  // v2.3.0 sends no links with an empty list.
  if (matching.length === 0 && !ory.isV26) return adminJson(200, [])
  const v2Listing = { total: matching.length, swapped: true }
  const page = paginate(ory, exchange, matching, ({ flow }) => flow.id, v2Listing)
  return adminJson(
    200,
    page.items.map((record) => render(ory, record)),
    page.headers,
  )
}

const revoke = (ory: Ory, matches: (record: ConsentRecord) => boolean): Reply => {
  for (const [id, record] of [...ory.consents]) {
    if (!matches(record)) continue
    ory.consents.delete(id)
    for (const grant of [...ory.grants.values()]) if (grant.user?.consentId === id) dropGrant(ory, grant)
    for (const code of ory.codes.values()) if (code.grant.user?.consentId === id) code.used = true
  }
  return noContent
}

const ofSubject = (subject: string) => (record: ConsentRecord) => record.flow.accepted.subject === subject

const ofClient = (subject: string, client: string) => (record: ConsentRecord) =>
  record.flow.login.clientId === client && record.flow.accepted.subject === subject

const revokeV26 = (ory: Ory, query: URLSearchParams): Reply => {
  const [subject, client, id] = ["subject", "client", "consent_request_id"].map((name) => query.get(name) ?? "")
  const all = query.get("all") === "true"
  if (id && !subject && !client && !all) return revoke(ory, ({ flow }) => flow.id === id)
  if (subject && client && !all && !id) return revoke(ory, ofClient(subject, client))
  if (subject && all && !client && !id) return revoke(ory, ofSubject(subject))
  throw oauthError("invalid_request", "Invalid combination of query parameters.")
}

export const revokeConsentSessions = ({ query }: Exchange, ory: Ory): Reply => {
  if (ory.isV26) return revokeV26(ory, query)
  const subject = query.get("subject") ?? ""
  const client = query.get("client") ?? ""
  if (subject === "") throw oauthError("invalid_request", noSubject)
  if (client !== "") return revoke(ory, ofClient(subject, client))
  if (query.get("all") === "true") return revoke(ory, ofSubject(subject))
  throw oauthError(
    "invalid_request",
    "Query parameter both 'client' and 'all' is not defined but one of them should have been.",
  )
}

/** DELETE /admin/oauth2/auth/sessions/login: the user must log in again. Tokens stay active. */
export const revokeLoginSessions = ({ query }: Exchange, ory: Ory): Reply => {
  const subject = query.get("subject") ?? ""
  const sid = query.get("sid") ?? ""
  if (sid === "" && subject === "") {
    throw oauthError("invalid_request", "Either 'subject' or 'sid' query parameters need to be defined.")
  }
  if (sid !== "") {
    ory.loginSessions.delete(sid)
    return noContent
  }
  for (const [id, session] of [...ory.loginSessions]) {
    if (session.subject === subject) ory.loginSessions.delete(id)
  }
  return noContent
}
