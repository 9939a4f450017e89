import type { Exchange, Reply } from "../http-server.ts"
import { authorize } from "./authorize.ts"
import type { Caller } from "./caller.ts"
import { listClients } from "./client-list.ts"
import { answerConsent } from "./consent.ts"
import { discovery, jwks } from "./discovery.ts"
import { introspect } from "./introspect.ts"
import type { DriftFacts } from "./readings.ts"
import { deleteClient, readClient, registerClient, replaceClient } from "./registration.ts"
import { revokeToken } from "./revoke.ts"
import type { Polar } from "./state.ts"
import { tokenEndpoint } from "./token-endpoint.ts"
import { userInfo } from "./userinfo.ts"

export interface Route {
  readonly method: string
  readonly path: string
  readonly handle: (exchange: Exchange, polar: Polar, caller: Caller) => Reply
  /** Refuses plain http, save on this machine. */
  readonly secure?: true
  /** Only where the drift has brought it. */
  readonly since?: (facts: DriftFacts) => boolean
}

const client = "/v1/oauth2/register/{id}"

/** Every operation of the API host that an OAuth client meets. */
export const routes: ReadonlyArray<Route> = [
  { method: "GET", path: "/.well-known/openid-configuration", handle: discovery },
  {
    method: "GET",
    path: "/.well-known/oauth-authorization-server",
    handle: discovery,
    since: (facts) => facts.authorizationServerDocument,
  },
  { method: "GET", path: "/.well-known/jwks.json", handle: jwks },
  { method: "GET", path: "/v1/oauth2/authorize", handle: authorize, secure: true },
  { method: "POST", path: "/v1/oauth2/consent", handle: answerConsent, secure: true },
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
