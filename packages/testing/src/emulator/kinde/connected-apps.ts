import { randomBytes, randomUUID } from "node:crypto"
import { browserForm } from "../form.ts"
import type { Exchange, Reply } from "../http-server.ts"
import { invalid } from "./errors.ts"
import { formPage, jsonReply, page, redirectTo, success } from "./replies.ts"
import type { Kinde } from "./state.ts"

const isOwnerMissing = (kinde: Kinde, query: URLSearchParams): boolean => {
  const [userId, orgCode] = [query.get("user_id"), query.get("org_code")]
  if (userId === null && orgCode === null) throw invalid("USER_OR_ORG_REQUIRED", "user_id or org_code is required")
  return userId !== null ? !kinde.users.has(userId) : !kinde.organizations.has(orgCode ?? "")
}

/** GET /api/v1/connected_apps/auth_url. */
export const connectedAppAuthUrl = ({ query }: Exchange, kinde: Kinde): Reply => {
  const key = query.get("key_code_ref")
  if (key === null) throw invalid("KEY_CODE_REF_REQUIRED", "key_code_ref is required")
  const app = kinde.connectedApps.get(key)
  if (app === undefined) throw invalid("CONNECTED_APP_NOT_FOUND", "Connected app not found", 404)
  if (isOwnerMissing(kinde, query)) throw invalid("USER_NOT_FOUND", "User or organization not found", 404)
  const sessionId = `conn_app_session_${randomUUID().replaceAll("-", "")}`
  const callbackUrl = query.get("override_callback_url") ?? app.callbackUrl
  kinde.connections.set(sessionId, { app, callbackUrl, connected: false, token: undefined })
  return jsonReply(200, { url: `${kinde.issuer}/third_party/authorize?state=${sessionId}`, session_id: sessionId })
}

/** GET and POST /third_party/authorize: stands for the third party's page. */
export const thirdPartyPage = (exchange: Exchange, kinde: Kinde): Reply => {
  const state = browserForm(exchange).get("state") ?? ""
  const connection = kinde.connections.get(state)
  if (connection === undefined) return page(400, "Error", "Unknown session")
  if (exchange.method === "GET") {
    return formPage({
      title: "Third party",
      text: "The application asks for access to your account.",
      form: { action: "/third_party/authorize", hidden: [["state", state]], buttons: [{ label: "Connect" }] },
    })
  }
  connection.connected = true
  if (connection.callbackUrl === undefined) return page(200, "Third party", "Connected")
  const url = new URL(connection.callbackUrl)
  url.searchParams.set("session_id", state)
  return redirectTo(url.href)
}

const connectedSession = (kinde: Kinde, query: URLSearchParams) => {
  const sessionId = query.get("session_id") ?? ""
  if (sessionId === "") throw invalid("SESSION_ID_REQUIRED", "session_id is required")
  const connection = kinde.connections.get(sessionId)
  if (connection?.connected !== true) throw invalid("SESSION_INVALID", "The session is invalid")
  return { sessionId, connection }
}

/** Eleven hours, in milliseconds. */
const offset = 11 * 3_600_000
const formatExpiry: Readonly<Record<Kinde["quirks"]["connectedAppExpiry"], (ms: number) => string>> = {
  iso: (ms) => new Date(ms).toISOString().replace(/\.\d+Z$/, "Z"),
  offset: (ms) => new Date(ms + offset).toISOString().replace(/\.\d+Z$/, "+11:00"),
  "short-offset": (ms) => new Date(ms + offset).toISOString().replace(/\.\d+Z$/, "+11"),
  epoch: (ms) => String(Math.floor(ms / 1000)),
}

/** GET /api/v1/connected_apps/token. An expired token is replaced. */
export const connectedAppToken = ({ query }: Exchange, kinde: Kinde): Reply => {
  const { connection } = connectedSession(kinde, query)
  if (connection.token === undefined || connection.token.expiresAt <= kinde.now()) {
    connection.token = {
      value: `third_party_${randomBytes(24).toString("base64url")}`,
      expiresAt: kinde.now() + kinde.lifespans.connectedAppToken * 1000,
    }
  }
  return jsonReply(200, {
    access_token: connection.token.value,
    access_token_expiry: formatExpiry[kinde.quirks.connectedAppExpiry](connection.token.expiresAt),
  })
}

/** POST /api/v1/connected_apps/revoke. The session is in the query. */
export const revokeConnectedApp = ({ query }: Exchange, kinde: Kinde): Reply => {
  kinde.connections.delete(connectedSession(kinde, query).sessionId)
  return kinde.quirks.revokeEnvelope === "result" ? jsonReply(200, { result: "Token revoked" }) : success()
}
