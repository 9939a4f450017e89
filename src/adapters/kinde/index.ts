/** Kinde: issuance, introspection, revocation, UserInfo, connected apps, and clients by its Management API. */
import { z } from "zod"
import { define } from "../oidc/define.ts"
import { endpoint, secret, settings } from "../oidc/settings.ts"
import { authorizeExtra } from "./authorize-extra.ts"
import { clients } from "./clients.ts"
import { connectedApps } from "./connected-apps.ts"
import { alternativeDevicePath } from "./device-path.ts"
import { errorCodes, errors } from "./errors.ts"
import { makeManagement } from "./management.ts"
import { plausible } from "./token-shape.ts"
import { legacyUserInfo } from "./user-profile.ts"

const config = z.strictObject({
  ...settings,
  /** The host that users log in on, custom domain or not. */
  issuer: endpoint,
  /** The tenant's own host, when the issuer is a custom domain: the Management API is there and nowhere else. */
  apiHost: endpoint.optional(),
  /** A machine-to-machine application that may use the Management API. */
  management: z.strictObject({ clientId: z.string().min(1), clientSecret: secret }).optional(),
  /** Which user profile `userInfo` asks for. Default `"v2"`. */
  profile: z.enum(["v2", "v1"]).default("v2"),
})

type Config = z.output<typeof config>

const base = (url: string): string => url.replace(/\/+$/, "")
const apiHost = ({ apiHost, issuer }: Config): string => base(apiHost ?? issuer)

/**
 * Makes a provider for Kinde.
 *
 * @see https://docs.kinde.com/kinde-apis/
 */
export const kinde = define({
  id: "kinde",
  config,
  check: ({ audience }) =>
    audience === undefined
      ? [
          {
            path: "audience",
            message:
              'required: the audiences that a token may have, or "any"; access tokens are JWTs for anybody who checks',
          },
        ]
      : [],
  can: [
    "authorize",
    "exchange",
    "refresh",
    "clientCredentials",
    "deviceAuthorization",
    "pollDevice",
    "introspect",
    "revoke",
    "userInfo",
    "clients.create",
    "clients.get",
    "clients.list",
    "clients.replace",
    "clients.patch",
    "clients.remove",
    "metadata.discover",
    "metadata.keys",
    "session.end",
    "connectedApps.authUrl",
    "connectedApps.token",
    "connectedApps.revoke",
  ],
  server: (config) => ({
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
    clientAuth:
      config.clientAuth ??
      (config.privateKey ? "private_key_jwt" : config.clientSecret ? "client_secret_post" : "none"),
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
  }),
  operations: (engine, config) => {
    const management = makeManagement(engine, apiHost(config))
    return { ...clients(management), ...connectedApps(management) }
  },
  override: (standard, engine, config) => ({
    deviceAuthorization: alternativeDevicePath(engine, standard.deviceAuthorization, base(config.issuer)),
    ...(config.profile === "v1" && { userInfo: legacyUserInfo(engine) }),
  }),
  instead: {
    jwtBearer: "clientCredentials",
    "clients.rotateSecret": "Kinde rotates secrets in its dashboard only",
    "clients.setLifespans": "Kinde sets lifetimes per application and not per grant, in its dashboard",
    "clients.revokeTokens": "revoke, token by token",
  },
})
