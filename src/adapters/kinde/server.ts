/** Kinde, as values. */
import type { Server } from "../oidc/server.ts"
import { authorizeExtra } from "./authorize-extra.ts"
import { apiHost, base, type Config } from "./config.ts"
import { errorCodes, errors, errorText } from "./errors.ts"
import { plausible } from "./token-shape.ts"

export const server = (config: Config): Server => ({
  issuer: config.issuer,
  metadataUrl: `${base(config.issuer)}/.well-known/openid-configuration`,
  endpoints: {
    authorizationEndpoint: `${base(config.issuer)}/oauth2/auth`,
    tokenEndpoint: `${base(config.issuer)}/oauth2/token`,
    introspectionEndpoint: `${base(config.issuer)}/oauth2/introspect`,
    revocationEndpoint: `${base(config.issuer)}/oauth2/revoke`,
    userinfoEndpoint: `${base(config.issuer)}/oauth2/${config.profile === "v1" ? "user_profile" : "v2/user_profile"}`,
    jwksUri: `${base(config.issuer)}/.well-known/jwks`,
    endSessionEndpoint: `${base(config.issuer)}/logout`,
    deviceAuthorizationEndpoint: `${base(config.issuer)}/oauth2/device/auth`,
  },
  clientAuth: config.clientAuth ?? (config.clientSecret ? "client_secret_post" : "none"),
  // Never in the form: there it is refused.
  introspectionAuth: config.management ? "own_token" : "client_secret_basic",
  ...(config.management && {
    ownToken: {
      ...config.management,
      tokenEndpoint: `${apiHost(config)}/oauth2/token`,
      clientAuth: "client_secret_post",
      audience: `${apiHost(config)}/api`,
    },
  }),
  offline: { scope: "offline" },
  scopeNames: { offline_access: "offline" },
  emptyScope: "unsaid",
  audienceParameter: "audience",
  extra: authorizeExtra,
  returnToParameter: "redirect",
  refuses: {
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
