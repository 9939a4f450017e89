/** The requests that the vendors document, by vendor: data for the tests of the definitions. */
import type { Name } from "./definitions.ts"
import { refusals } from "./refusals.ts"
import type { Requests } from "./requests-of.ts"

const api = "https://api.example"

const standardOf = (name: Name) => ({
  client: "basic",
  revokeJwt: "sent",
  revokeOpaque: "sent",
  logoutState: "sent",
  userInfo: "u",
  trusted: true,
  known: [],
  refusals: (refusals[name] ?? []).map((refusal) => `${refusal.name}: ${refusal.end}`),
})

const parameters = "id_token_hint client_id post_logout_redirect_uri"
const offline = "scope=openid offline_access"

export const documentedRequests: Readonly<Record<Name, Requests>> = {
  auth0: {
    ...standardOf("auth0"),
    authorize: offline,
    client: "post",
    service: `audience=${api}`,
    revokeJwt: "UnsupportedOperation",
    logout: `https://acme.eu.auth0.com/oidc/logout ${parameters}`,
    known: ["oidc/logout"],
  },
  "better-auth": {
    ...standardOf("better-auth"),
    authorize: `${offline}&prompt=consent`,
    service: `resource=${api}`,
    revokeJwt: "UnsupportedOperation",
    logout: `https://app.example/logout ${parameters}`,
  },
  cognito: {
    ...standardOf("cognito"),
    authorize: "scope=openid",
    service: "UnsupportedOperation",
    revokeJwt: "UnsupportedOperation",
    logout: "https://acme.auth.eu-west-1.amazoncognito.com/logout client_id logout_uri",
    logoutState: "UnsupportedOperation",
    known: ["https://acme.auth.eu-west-1.amazoncognito.com/logout"],
  },
  entra: {
    ...standardOf("entra"),
    authorize: offline,
    client: "post",
    service: `scope=${api}/.default`,
    logout: `https://login.microsoftonline.com/logout ${parameters}`,
  },
  keycloak: {
    ...standardOf("keycloak"),
    authorize: offline,
    service: "UnsupportedOperation",
    trusted: false,
    logout: `https://id.example/realms/shop/protocol/openid-connect/logout ${parameters}`,
    known: ["auth", "logout", "token", "token/introspect", "revoke", "userinfo", "auth/device", "certs"].map(
      (end) => `/protocol/openid-connect/${end}`,
    ),
  },
  logto: {
    ...standardOf("logto"),
    authorize: `${offline}&prompt=consent`,
    service: `resource=${api}`,
    revokeJwt: "UnsupportedOperation",
    logout: `https://acme.logto.app/logout ${parameters}`,
  },
  okta: {
    ...standardOf("okta"),
    authorize: offline,
    service: "UnsupportedOperation",
    logout: `https://acme.okta.com/logout ${parameters}`,
  },
  zitadel: {
    ...standardOf("zitadel"),
    authorize: offline,
    service: `scope=urn:zitadel:iam:org:project:id:${api}:aud`,
    logout: `https://acme.zitadel.cloud/logout ${parameters}`,
    trusted: false,
  },
}
