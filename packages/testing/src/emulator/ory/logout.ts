import { randomUUID } from "node:crypto"
import { browserForm } from "../form.ts"
import { withQuery } from "../go.ts"
import type { Exchange, Reply } from "../http-server.ts"
import { toErrorPage } from "./authorize-response.ts"
import { type ClientRecord, listOf, textOf } from "./client-record.ts"
import { clearSession, sessionOf } from "./cookies.ts"
import { adminError, ErrorResponse, oauthError } from "./errors.ts"
import { requestMaxAge } from "./flows.ts"
import { readIdTokenHint } from "./id-token-hint.ts"
import type { LogoutRecord } from "./logout-record.ts"
import { redirect } from "./replies.ts"
import type { Ory } from "./state.ts"
import { seconds } from "./tokens.ts"

const logoutFailed = (reason: string) => oauthError("invalid_request", `Logout failed because ${reason}`)

const clientOfHint = (ory: Ory, claims: Readonly<Record<string, unknown>>): ClientRecord => {
  if (claims.iss !== ory.issuer) {
    throw logoutFailed(
      `issuer claim value '${String(claims.iss ?? "")}' from query parameter id_token_hint does not match with issuer value from configuration '${ory.issuer}'.`,
    )
  }
  const now = seconds(ory.now())
  if (typeof claims.iat !== "number" || claims.iat > now) {
    throw logoutFailed(
      `iat claim value '${String(claims.iat ?? 0)}' from query parameter id_token_hint is before now ('${now}').`,
    )
  }
  for (const name of ["sid", "sub"]) {
    if (!claims[name]) throw logoutFailed(`query parameter id_token_hint is missing ${name} claim.`)
  }
  const audience = Array.isArray(claims.aud) ? claims.aud : [claims.aud]
  const client = audience.map((id) => ory.clients.get(String(id))).find((candidate) => candidate !== undefined)
  if (client === undefined) throw logoutFailed("none of the listed audiences is a registered OAuth 2.0 Client.")
  return client
}

const askUser = (ory: Ory, record: Omit<LogoutRecord, "challenge" | "verifier" | "accepted" | "rejected" | "used">) => {
  const [challenge, verifier] = [randomUUID(), randomUUID()]
  ory.logouts.set(challenge, { ...record, challenge, verifier, accepted: false, rejected: false, used: false })
  return redirect(withQuery(ory.urls.logout, { logout_challenge: challenge }))
}

const startLogout = (ory: Ory, exchange: Exchange, form: URLSearchParams): Reply => {
  const requestUrl = exchange.rawQuery === "" ? exchange.path : `${exchange.path}?${exchange.rawQuery}`
  const defaultTarget = `${ory.issuer}/oauth2/fallbacks/logout/callback`
  const hint = form.get("id_token_hint") ?? ""
  const state = form.get("state") ?? ""
  const redirectUri = form.get("post_logout_redirect_uri") ?? ""
  if (hint === "") {
    if (state !== "") throw logoutFailed("query parameter state is set but id_token_hint is missing.")
    if (redirectUri !== "")
      throw logoutFailed("query parameter post_logout_redirect_uri is set but id_token_hint is missing.")
    const session = sessionOf(ory, exchange)
    if (session === undefined) return redirect(defaultTarget)
    const now = seconds(ory.now())
    const times = { requestedAt: now, expiresAt: now + requestMaxAge }
    const { subject, id: sid } = session
    return askUser(ory, { subject, sid, requestUrl, clientId: undefined, target: defaultTarget, ...times })
  }
  const claims = readIdTokenHint(ory, hint)
  const client = clientOfHint(ory, claims)
  if (redirectUri !== "" && !listOf(client, "post_logout_redirect_uris").includes(redirectUri)) {
    throw logoutFailed(
      "query parameter post_logout_redirect_uri is not a whitelisted as a post_logout_redirect_uri for the client.",
    )
  }
  const target = redirectUri === "" ? defaultTarget : withQuery(redirectUri, state === "" ? {} : { state })
  const session = ory.loginSessions.get(String(claims.sid))
  if (session === undefined || !session.remember) return redirect(target)
  const now = seconds(ory.now())
  const times = ory.rotatesSecrets
    ? { requestedAt: now, expiresAt: now + requestMaxAge }
    : { requestedAt: undefined, expiresAt: undefined }
  return askUser(ory, { subject: session.subject, sid: session.id, requestUrl, clientId: client.id, target, ...times })
}

const frontChannelUrls = (ory: Ory, { subject, sid }: LogoutRecord): ReadonlyArray<string> => {
  const ids = [...ory.consents.values()]
    .filter(({ flow }) => flow.login.sid === sid && flow.accepted.subject === subject)
    .map(({ flow }) => flow.login.clientId)
  return [...new Set(ids)]
    .map((id) => ory.clients.get(id))
    .map((client) => (client === undefined ? "" : textOf(client, "frontchannel_logout_uri")))
    .filter((uri) => uri !== "")
    .map((uri) => withQuery(uri, { iss: ory.issuer, sid }))
}

const frames = (urls: ReadonlyArray<string>, target: string, cookie: string): Reply => ({
  status: 200,
  headers: { "content-type": "text/html; charset=utf-8", "set-cookie": [cookie] },
  body: `<html><head><meta http-equiv="refresh" content="7; URL=${target}"></head><body>${urls
    .map((url) => `<iframe src="${url.replaceAll("&", "&amp;")}"></iframe>`)
    .join("")}</body></html>`,
})

const completeLogout = (ory: Ory, exchange: Exchange, verifier: string): Reply => {
  const record = [...ory.logouts.values()].find((candidate) => candidate.verifier === verifier)
  if (record === undefined || !record.accepted || record.rejected) throw adminError.unknownChallenge()
  record.used = true
  if (record.clientId === undefined && sessionOf(ory, exchange)?.subject !== record.subject) {
    return redirect(record.target)
  }
  const urls = frontChannelUrls(ory, record)
  ory.loginSessions.delete(record.sid)
  const cookie = clearSession(ory)
  return urls.length === 0 ? redirect(record.target, [cookie]) : frames(urls, record.target, cookie)
}

/** GET and POST /oauth2/sessions/logout: the start and the completion, one step per request. */
export const logout = (exchange: Exchange, ory: Ory): Reply => {
  const form = browserForm(exchange)
  const verifier = exchange.query.get("logout_verifier") ?? ""
  try {
    return verifier === "" ? startLogout(ory, exchange, form) : completeLogout(ory, exchange, verifier)
  } catch (error) {
    if (error instanceof ErrorResponse) return toErrorPage(ory, error)
    throw error
  }
}
