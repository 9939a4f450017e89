import type { Exchange, Reply } from "../http-server.ts"
import {
  createApplication,
  deleteApplication,
  getApplication,
  listApplications,
  patchApplication,
} from "./applications.ts"
import { authorize, loginPage } from "./authorize.ts"
import { connectedAppAuthUrl, connectedAppToken, revokeConnectedApp, thirdPartyPage } from "./connected-apps.ts"
import { authorizeDevice, devicePage } from "./device.ts"
import { discovery, jwks } from "./discovery.ts"
import { introspect } from "./introspect.ts"
import { submitLogin } from "./login.ts"
import { logout } from "./logout.ts"
import { revoke } from "./revoke.ts"
import type { Kinde } from "./state.ts"
import { tokenEndpoint } from "./token-endpoint.ts"
import { patchTokenSettings } from "./token-settings.ts"
import { addUrls, listUrls, removeUrls, replaceUrls, type UrlList } from "./urls.ts"
import { legacyUserProfile, userProfile } from "./user-profile.ts"

/** An operation of the server. */
export interface Route {
  readonly method: string
  readonly path: string
  readonly handle: (exchange: Exchange, kinde: Kinde) => Reply
}

/** An operation of the Management API. */
export interface ManagementRoute extends Route {
  /** The scope that the token requires. */
  readonly scope: string
  /** Whether another method of this path gets status 405. Otherwise the response is the one for an unknown route. */
  readonly isMethodChecked?: true
  /** Whether the 403 response has no body in the specification. */
  readonly hasEmptyError?: true
}

/** The operations of the OAuth server and its pages. */
export const routes: ReadonlyArray<Route> = [
  { method: "GET", path: "/.well-known/openid-configuration", handle: discovery },
  { method: "GET", path: "/.well-known/jwks", handle: jwks },
  { method: "GET", path: "/.well-known/jwks.json", handle: jwks },
  { method: "GET", path: "/oauth2/auth", handle: authorize },
  { method: "GET", path: "/login", handle: loginPage },
  { method: "POST", path: "/login", handle: submitLogin },
  { method: "GET", path: "/logout", handle: logout },
  { method: "POST", path: "/oauth2/token", handle: tokenEndpoint },
  { method: "POST", path: "/oauth2/device/auth", handle: authorizeDevice },
  { method: "POST", path: "/oauth2/v2/device_authorization", handle: authorizeDevice },
  { method: "GET", path: "/device", handle: devicePage },
  { method: "POST", path: "/device", handle: devicePage },
  { method: "POST", path: "/oauth2/introspect", handle: introspect },
  { method: "POST", path: "/oauth2/revoke", handle: revoke },
  { method: "GET", path: "/oauth2/v2/user_profile", handle: userProfile },
  { method: "GET", path: "/oauth2/user_profile", handle: legacyUserProfile },
  { method: "GET", path: "/third_party/authorize", handle: thirdPartyPage },
  { method: "POST", path: "/third_party/authorize", handle: thirdPartyPage },
]

const applications = "/api/v1/applications"
const application = `${applications}/{application_id}`
const connectedApps = "/api/v1/connected_apps"

const urlRoutes = (
  path: string,
  resource: string,
  list: UrlList,
  options: { readonly hasEmptyError?: true } = {},
): ReadonlyArray<ManagementRoute> => [
  { method: "GET", path, scope: `read:${resource}`, handle: listUrls(list), ...options },
  { method: "POST", path, scope: `create:${resource}`, handle: addUrls(list) },
  { method: "PUT", path, scope: `update:${resource}`, handle: replaceUrls(list), ...options },
  { method: "DELETE", path, scope: `delete:${resource}`, handle: removeUrls(list) },
]

/** The operations of the Management API. */
export const managementRoutes: ReadonlyArray<ManagementRoute> = [
  { method: "GET", path: applications, scope: "read:applications", handle: listApplications },
  { method: "POST", path: applications, scope: "create:applications", handle: createApplication },
  { method: "GET", path: application, scope: "read:applications", handle: getApplication },
  { method: "PATCH", path: application, scope: "update:applications", handle: patchApplication },
  { method: "DELETE", path: application, scope: "delete:applications", handle: deleteApplication },
  { method: "PATCH", path: `${application}/tokens`, scope: "update:application_tokens", handle: patchTokenSettings },
  ...urlRoutes(`${application}/auth_redirect_urls`, "applications_redirect_uris", "redirectUris", {
    hasEmptyError: true,
  }),
  ...urlRoutes(`${application}/auth_logout_urls`, "application_logout_uris", "logoutUris"),
  {
    method: "GET",
    path: `${connectedApps}/auth_url`,
    scope: "read:connected_apps",
    handle: connectedAppAuthUrl,
    hasEmptyError: true,
  },
  { method: "GET", path: `${connectedApps}/token`, scope: "read:connected_apps", handle: connectedAppToken },
  {
    method: "POST",
    path: `${connectedApps}/revoke`,
    scope: "create:connected_apps",
    handle: revokeConnectedApp,
    isMethodChecked: true,
  },
]
