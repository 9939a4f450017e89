/** Kinde, as values. */
import { clientAuthOf } from "../oidc/kit.ts"
import type { Server } from "../oidc/server.ts"
import { authorizeExtra } from "./authorize-extra.ts"
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
  // Never in the form: there it is refused.
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
  audienceParameter: "audience",
  extra: authorizeExtra,
  returnToParameter: "redirect",
  unsupportedArguments: {
    "refresh.scopes": "Kinde keeps the scopes that were granted; ask for fewer at authorize",
    "introspect.expect": "Kinde's introspection does not say which kind a token is",
    "session.end.state": "put it into returnTo",
    "session.end.idTokenHint": "Kinde ends the browser's session, whoever it is",
  },
  // Opaque tokens are refresh tokens here; what kind a JWT is, its claims say.
  tokenUse: (_, token) => (token.startsWith("eyJ") ? "access_token" : "refresh_token"),
  jwt: {
    algorithms: ["RS256"],
    types: ["jwt", "at+jwt"],
    required: ["azp"],
    forbidden: ["at_hash", "nonce", "auth_time"],
    clientId: "azp",
    // A machine's token lists what was granted in one and what was asked for by name in the other.
    scopes: ["scope", "scp"],
  },
  plausible,
  errors,
  errorCodes,
  errorText,
})
