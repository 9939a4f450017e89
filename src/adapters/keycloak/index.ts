/** Keycloak: every token operation of a realm, by its introspection endpoint after the check of the signature. */
import type { z } from "zod"
import { clientAuthOf, configuredBy, define, type Server } from "../oidc/index.ts"
import { loginOperations } from "../oidc/preset.ts"
import { config, endpointsAt, type KeycloakConfig } from "./config.ts"

export { config, type KeycloakConfig } from "./config.ts"

const accessTypes = ["Bearer", "DPoP"]

export const server = ({ issuer, ...credentials }: z.output<typeof config>): Server => ({
  issuer,
  metadataUrl: `${issuer}/.well-known/openid-configuration`,
  endpoints: endpointsAt(`${issuer}/protocol/openid-connect`),
  clientAuth: clientAuthOf(credentials),
  offline: { scope: "offline_access" },
  token: {
    answers: "introspection_or_signature",
    // An ID token has the issuer, the keys and the header of an access token, and introspects as active.
    kind: [
      { name: "typ", is: accessTypes, use: "access_token" },
      { name: "typ", is: ["Refresh", "Offline"], use: "refresh_token" },
      { in: "token", use: "other" },
    ],
    jwt: { types: ["jwt", "at+jwt"], access: [{ name: "typ", is: accessTypes }] },
    client: ["azp"],
    // A lightweight token has no `aud`: only introspection restores it.
    audienceUnsaid: true,
    // A user may be called `service-account-...`. Keycloak writes `client_id` into the JWT of a service account only.
    machine: [{ in: "claims", name: "client_id" }],
  },
  unsupportedArguments: {
    "exchangeToken.actorToken": "none: Keycloak has no delegation",
    "exchangeToken.resource": "audience, with the ids of clients",
  },
  errors: [
    // Otherwise the error would be that of wrong credentials.
    { code: "invalid_client", contains: "Audience not found", operations: ["exchangeToken"], reason: "InvalidRequest" },
    // Otherwise the error would be that of a wrong secret.
    { code: "unauthorized_client", contains: "service account", reason: "InvalidRequest" },
    { code: "not_allowed", reason: "AccessDenied" },
    // The database has failed. Otherwise the error would be that of the token or of the configuration.
    { contains: "Failed to introspect token", operations: ["introspect"], reason: "Unavailable" },
    { contains: "Unexpected error when authenticating client", reason: "Unavailable" },
    { status: 403, contains: "Client not allowed", operations: ["introspect"], reason: "InvalidClient" },
    { contains: "Unmatching clients", operations: ["revoke"], reason: "AccessDenied" },
  ],
  // Keycloak reports a token as inactive if it cannot load the session.
  traits: { inactiveWhenBroken: true },
})

const adminApi = "Keycloak's Admin REST API or its console: this adapter does not manage clients"

/** Makes a provider for a realm of Keycloak. @see https://www.keycloak.org/securing-apps/oidc-layers */
export const keycloak = configuredBy<KeycloakConfig>()(
  define({
    id: "keycloak",
    config,
    can: [...loginOperations, "deviceAuthorization", "pollDevice", "exchangeToken", "revoke"],
    server,
    instead: {
      "clients.*": adminApi,
      "registration.*": adminApi,
      jwtBearer: "exchangeToken, with a token of this realm",
    },
  }),
)
