import type { Exchange, Reply } from "../http-server.ts"
import { authorize } from "./authorize.ts"
import { createClient, deleteClient, getClient, listClients, patchClient, setClient, setLifespans } from "./clients.ts"
import { acceptConsentRequest, getConsentRequest, rejectConsentRequest } from "./consent-requests.ts"
import { acceptUserCode, authorizeDevice, verifyDevice } from "./device.ts"
import { discovery, jwks } from "./discovery.ts"
import { errorPage, logoutDone, missingPage } from "./fallbacks.ts"
import { alive, version } from "./health.ts"
import { introspect } from "./introspect.ts"
import { acceptLoginRequest, getLoginRequest, rejectLoginRequest } from "./login-requests.ts"
import { logout } from "./logout.ts"
import { acceptLogoutRequest, getLogoutRequest, rejectLogoutRequest } from "./logout-requests.ts"
import { readRegistration, registerClient, removeRegistration, updateRegistration } from "./registration.ts"
import { deleteTokens, revokeToken } from "./revoke.ts"
import { dropFormerSecrets, rotateSecret } from "./rotate.ts"
import { listConsentSessions, revokeConsentSessions, revokeLoginSessions } from "./sessions.ts"
import type { Ory } from "./state.ts"
import { tokenEndpoint } from "./token-endpoint.ts"
import { createTrust, deleteTrust, getTrust, listTrust } from "./trust.ts"
import { userInfo } from "./userinfo.ts"

export interface Route {
  readonly side: "public" | "admin" | "both"
  readonly method: string
  readonly path: string
  readonly handle: (exchange: Exchange, ory: Ory) => Reply
  /** The form of error responses: that of the OAuth endpoints, or by default that of all other endpoints. */
  readonly errors?: "oauth"
  /** Exists since v25.4, so not in v2.3.0. */
  readonly isV26?: true
  /** Exists only after v26.2.0. */
  readonly rotatesSecrets?: true
}

const requests = "/admin/oauth2/auth/requests"
const sessions = "/admin/oauth2/auth/sessions"
const issuers = "/admin/trust/grants/jwt-bearer/issuers"

/** The routes of the server. */
export const routes: ReadonlyArray<Route> = [
  { side: "public", method: "GET", path: "/.well-known/openid-configuration", handle: discovery },
  { side: "public", method: "GET", path: "/.well-known/oauth-authorization-server", handle: discovery, isV26: true },
  { side: "public", method: "GET", path: "/.well-known/jwks.json", handle: jwks },
  { side: "public", method: "GET", path: "/oauth2/auth", handle: authorize },
  { side: "public", method: "POST", path: "/oauth2/auth", handle: authorize },
  { side: "public", method: "POST", path: "/oauth2/token", handle: tokenEndpoint, errors: "oauth" },
  { side: "public", method: "POST", path: "/oauth2/revoke", handle: revokeToken, errors: "oauth" },
  { side: "public", method: "GET", path: "/userinfo", handle: userInfo },
  { side: "public", method: "POST", path: "/userinfo", handle: userInfo },
  { side: "public", method: "GET", path: "/oauth2/sessions/logout", handle: logout },
  { side: "public", method: "POST", path: "/oauth2/sessions/logout", handle: logout },
  {
    side: "public",
    method: "POST",
    path: "/oauth2/device/auth",
    handle: authorizeDevice,
    errors: "oauth",
    isV26: true,
  },
  { side: "public", method: "GET", path: "/oauth2/device/verify", handle: verifyDevice, isV26: true },
  { side: "public", method: "GET", path: "/oauth2/fallbacks/error", handle: errorPage },
  { side: "public", method: "GET", path: "/oauth2/fallbacks/login", handle: missingPage },
  { side: "public", method: "GET", path: "/oauth2/fallbacks/consent", handle: missingPage },
  { side: "public", method: "GET", path: "/oauth2/fallbacks/logout/callback", handle: logoutDone },
  { side: "public", method: "POST", path: "/oauth2/register", handle: registerClient },
  { side: "public", method: "GET", path: "/oauth2/register/{id}", handle: readRegistration },
  { side: "public", method: "PUT", path: "/oauth2/register/{id}", handle: updateRegistration },
  { side: "public", method: "DELETE", path: "/oauth2/register/{id}", handle: removeRegistration },
  { side: "both", method: "GET", path: "/health/alive", handle: alive },
  { side: "both", method: "GET", path: "/health/ready", handle: alive },
  { side: "admin", method: "GET", path: "/version", handle: version },
  { side: "admin", method: "GET", path: "/admin/clients", handle: listClients },
  { side: "admin", method: "POST", path: "/admin/clients", handle: createClient },
  { side: "admin", method: "GET", path: "/admin/clients/{id}", handle: getClient },
  { side: "admin", method: "PUT", path: "/admin/clients/{id}", handle: setClient },
  { side: "admin", method: "PATCH", path: "/admin/clients/{id}", handle: patchClient },
  { side: "admin", method: "DELETE", path: "/admin/clients/{id}", handle: deleteClient },
  { side: "admin", method: "PUT", path: "/admin/clients/{id}/lifespans", handle: setLifespans },
  {
    side: "admin",
    method: "POST",
    path: "/admin/clients/{id}/secrets/rotate",
    handle: rotateSecret,
    rotatesSecrets: true,
  },
  {
    side: "admin",
    method: "DELETE",
    path: "/admin/clients/{id}/secrets/rotate",
    handle: dropFormerSecrets,
    rotatesSecrets: true,
  },
  { side: "admin", method: "DELETE", path: "/admin/oauth2/tokens", handle: deleteTokens },
  { side: "admin", method: "POST", path: "/admin/oauth2/introspect", handle: introspect, errors: "oauth" },
  { side: "admin", method: "GET", path: `${requests}/login`, handle: getLoginRequest },
  { side: "admin", method: "PUT", path: `${requests}/login/accept`, handle: acceptLoginRequest },
  { side: "admin", method: "PUT", path: `${requests}/login/reject`, handle: rejectLoginRequest },
  { side: "admin", method: "GET", path: `${requests}/consent`, handle: getConsentRequest },
  { side: "admin", method: "PUT", path: `${requests}/consent/accept`, handle: acceptConsentRequest },
  { side: "admin", method: "PUT", path: `${requests}/consent/reject`, handle: rejectConsentRequest },
  { side: "admin", method: "GET", path: `${requests}/logout`, handle: getLogoutRequest },
  { side: "admin", method: "PUT", path: `${requests}/logout/accept`, handle: acceptLogoutRequest },
  { side: "admin", method: "PUT", path: `${requests}/logout/reject`, handle: rejectLogoutRequest },
  { side: "admin", method: "PUT", path: `${requests}/device/accept`, handle: acceptUserCode, isV26: true },
  { side: "admin", method: "GET", path: `${sessions}/consent`, handle: listConsentSessions },
  { side: "admin", method: "DELETE", path: `${sessions}/consent`, handle: revokeConsentSessions },
  { side: "admin", method: "DELETE", path: `${sessions}/login`, handle: revokeLoginSessions },
  { side: "admin", method: "POST", path: issuers, handle: createTrust },
  { side: "admin", method: "GET", path: issuers, handle: listTrust },
  { side: "admin", method: "GET", path: `${issuers}/{id}`, handle: getTrust },
  { side: "admin", method: "DELETE", path: `${issuers}/{id}`, handle: deleteTrust },
]
