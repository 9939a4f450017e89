/** Kinde's server as data. */
import { clientAuthOf } from "../oidc/kit.ts"
import type { Server } from "../oidc/server.ts"
import { authorizeExtra } from "./authorize-extra.ts"
import { severalWrites } from "./clients.ts"
import { apiHostOf, hostOf, type KindeSettings } from "./config.ts"
import { errorCodes, errors, errorText } from "./errors.ts"
import { plausible } from "./token-shape.ts"

export const server = (config: KindeSettings): Server => ({
  issuer: config.issuer,
  metadataUrl: `${hostOf(config)}/.well-known/openid-configuration`,
  endpoints: {
    authorizationEndpoint: `${hostOf(config)}/oauth2/auth`,
    tokenEndpoint: `${hostOf(config)}/oauth2/token`,
    introspectionEndpoint: `${hostOf(config)}/oauth2/introspect`,
    revocationEndpoint: `${hostOf(config)}/oauth2/revoke`,
    userinfoEndpoint: `${hostOf(config)}/oauth2/${config.profile === "v1" ? "user_profile" : "v2/user_profile"}`,
    jwksUri: `${hostOf(config)}/.well-known/jwks`,
    endSessionEndpoint: `${hostOf(config)}/logout`,
    deviceAuthorizationEndpoint: `${hostOf(config)}/oauth2/device/auth`,
  },
  clientAuth: clientAuthOf(config, "client_secret_post"),
  // Kinde rejects `client_secret_post` here.
  introspectionAuth: config.management ? "service_token" : "client_secret_basic",
  ...(config.management && {
    serviceToken: {
      ...config.management,
      tokenEndpoint: `${apiHostOf(config)}/oauth2/token`,
      clientAuth: "client_secret_post",
      audience: `${apiHostOf(config)}/api`,
    },
  }),
  offline: { scope: "offline" },
  scopeNames: { offline_access: "offline" },
  emptyScope: "requested",
  traits: { severalWrites },
  audienceParameter: "audience",
  extra: authorizeExtra,
  endSession: { returnTo: "redirect", clientId: null },
  // Kinde ends the browser's session, whichever user it belongs to.
  ignoresIdTokenHint: true,
  unsupportedArguments: {
    "refresh.scopes": "request fewer scopes in authorize: Kinde keeps the granted scopes",
    "introspect.expect": "leave it out: Kinde's introspection does not disclose the kind of a token",
    "session.end.state": "put the state into returnTo",
  },
  token: {
    answers: "introspection_or_signature",
    // Refresh tokens are opaque, and access tokens are JWTs. The claims of a JWT are validated before.
    kind: [
      { in: "token", starts: "eyJ", use: "access_token" },
      { in: "token", use: "refresh_token" },
    ],
    jwt: {
      algorithms: ["RS256"],
      types: ["jwt", "at+jwt"],
      access: [{ in: "claims", name: "azp" }],
      forbidden: ["at_hash", "nonce", "auth_time"],
    },
    client: ["azp", "client_id"],
    // In a machine-to-machine token, one claim lists the granted scopes, and the other the scopes requested by name.
    scopes: ["scope", "scp"],
    // The token of a machine has no subject.
    subjects: "users",
  },
  plausible,
  errors,
  errorCodes,
  errorText,
})
