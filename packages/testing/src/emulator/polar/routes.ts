import type { Exchange, Reply } from "../http-server.ts"
import { authorize } from "./authorize.ts"
import type { Caller } from "./caller.ts"
import { listClients } from "./client-list.ts"
import { submitConsent } from "./consent.ts"
import { discovery, jwks } from "./discovery.ts"
import { introspect } from "./introspect.ts"
import type { ServerFeatures } from "./readings.ts"
import { deleteClient, readClient, registerClient, replaceClient } from "./registration.ts"
import { revokeToken } from "./revoke.ts"
import type { Polar } from "./state.ts"
import { tokenEndpoint } from "./token-endpoint.ts"
import { userInfo } from "./userinfo.ts"

export interface Route {
  readonly method: string
  readonly path: string
  readonly handle: (exchange: Exchange, polar: Polar, caller: Caller) => Reply
  /** Rejects HTTP, except on loopback. */
  readonly secure?: true
  /** Whether the route exists in a state of the server. By default it exists in both. */
  readonly isAvailable?: (features: ServerFeatures) => boolean
}

const client = "/v1/oauth2/register/{id}"

/** The routes of the API host that OAuth clients use. */
export const routes: ReadonlyArray<Route> = [
  { method: "GET", path: "/.well-known/openid-configuration", handle: discovery },
  {
    method: "GET",
    path: "/.well-known/oauth-authorization-server",
    handle: discovery,
    isAvailable: (features) => features.authorizationServerDocument,
  },
  { method: "GET", path: "/.well-known/jwks.json", handle: jwks },
  { method: "GET", path: "/v1/oauth2/authorize", handle: authorize, secure: true },
  { method: "POST", path: "/v1/oauth2/consent", handle: submitConsent, secure: true },
  { method: "POST", path: "/v1/oauth2/token", handle: tokenEndpoint, secure: true },
  { method: "POST", path: "/v1/oauth2/revoke", handle: revokeToken, secure: true },
  { method: "POST", path: "/v1/oauth2/introspect", handle: introspect, secure: true },
  { method: "GET", path: "/v1/oauth2/userinfo", handle: userInfo },
  { method: "POST", path: "/v1/oauth2/userinfo", handle: userInfo },
  { method: "POST", path: "/v1/oauth2/register", handle: registerClient, secure: true },
  { method: "GET", path: client, handle: readClient, secure: true },
  { method: "PUT", path: client, handle: replaceClient, secure: true },
  { method: "DELETE", path: client, handle: deleteClient, secure: true },
  { method: "GET", path: "/v1/oauth2/", handle: listClients },
]
