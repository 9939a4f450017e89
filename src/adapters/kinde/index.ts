/** Kinde: issuance, introspection, revocation, UserInfo, connected apps, and clients with the Management API. */
import { configuredBy, define } from "../oidc/define.ts"
import { clientOperations, clients } from "./clients.ts"
import { apiHostOf, check, config, hostOf, type KindeConfig } from "./config.ts"
import { connectedApps, connectedOperations } from "./connected-apps.ts"
import { alternativeDevicePath } from "./device-path.ts"
import { makeManagement } from "./management.ts"
import { server } from "./server.ts"
import { legacyUserInfo } from "./user-profile.ts"

export type { Adapter, AdapterOptions } from "../oidc/definition.ts"
export type { KindeConfig, KindeManagement } from "./config.ts"

/**
 * Makes a provider for Kinde.
 *
 * @see https://docs.kinde.com/kinde-apis/
 */
export const kinde = configuredBy<KindeConfig>()(
  define({
    id: "kinde",
    config,
    check,
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
      "metadata.discover",
      "metadata.keys",
      "session.end",
      ...clientOperations,
      ...connectedOperations,
    ],
    server,
    operations: (engine, config) => {
      const management = makeManagement(engine, apiHostOf(config))
      return { ...clients(management), ...connectedApps(management, engine.settings.insecureOrigins) }
    },
    overrides: {
      deviceAuthorization: ({ standard, engine, config }) =>
        alternativeDevicePath(engine, standard.deviceAuthorization, hostOf(config)),
      userInfo: ({ standard, engine, config }) =>
        config.profile === "v1" ? legacyUserInfo(engine) : standard.userInfo,
    },
    instead: {
      "consent.*": "Kinde's own pages: their design is set in its dashboard",
      jwtBearer: "clientCredentials",
      exchangeToken: "clientCredentials, for a token of the service itself",
      "clients.rotateSecret": "Kinde's dashboard: no request rotates a secret",
      "clients.setLifespans": "Kinde's dashboard: lifetimes are per application, not per grant",
      "clients.revokeTokens": "revoke, one token at a time",
    },
  }),
)
