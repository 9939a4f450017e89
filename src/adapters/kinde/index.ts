/** Kinde: issuance, introspection, revocation, UserInfo, connected apps, and clients by its Management API. */
import { define } from "../oidc/define.ts"
import { clientOperations, clients } from "./clients.ts"
import { apiHost, base, check, config } from "./config.ts"
import { connectedApps, connectedOperations } from "./connected-apps.ts"
import { alternativeDevicePath } from "./device-path.ts"
import { makeManagement } from "./management.ts"
import { server } from "./server.ts"
import { legacyUserInfo } from "./user-profile.ts"

/**
 * Makes a provider for Kinde.
 *
 * @see https://docs.kinde.com/kinde-apis/
 */
export const kinde = define({
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
