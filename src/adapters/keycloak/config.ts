/** The configuration of a realm, and its endpoints. */
import { z } from "zod"
import { baseUrl, type CommonConfig, type Endpoints, settings } from "../oidc/index.ts"

/** The configuration of the `keycloak` adapter. */
export interface KeycloakConfig extends CommonConfig {
  /** The URL of the realm, as in `iss`: `https://id.example/realms/shop`, without a slash at the end. */
  readonly issuer: string
}

const realm = "expected the URL of a realm without a slash at the end, https://<host>/realms/<realm>"

export const config = z.strictObject({ ...settings, issuer: baseUrl.regex(/\/realms\/[^/]+$/, realm) })

/** The endpoints of a realm. They are known, so that nothing is discovered before the first introspection. */
export const endpointsAt = (path: string): Endpoints => ({
  authorizationEndpoint: `${path}/auth`,
  tokenEndpoint: `${path}/token`,
  introspectionEndpoint: `${path}/token/introspect`,
  revocationEndpoint: `${path}/revoke`,
  userinfoEndpoint: `${path}/userinfo`,
  jwksUri: `${path}/certs`,
  endSessionEndpoint: `${path}/logout`,
  deviceAuthorizationEndpoint: `${path}/auth/device`,
})
