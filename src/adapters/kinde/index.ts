/** Kinde: issuance, introspection, revocation, UserInfo, connected apps, and clients by its Management API. */
import * as Effect from "effect/Effect"
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
    return { ...clients(management), ...connectedApps(management, engine.settings.insecure) }
  },
  override: (standard, engine, config) => ({
    deviceAuthorization: alternativeDevicePath(engine, standard.deviceAuthorization, base(config.issuer)),
    // A token that Kinde does not know is as good as revoked (RFC 7009 section 2.2).
    revoke: (token, options) =>
      Effect.catch(standard.revoke(token, options), (reason) =>
        reason._tag === "NotFound" ? Effect.void : Effect.fail(reason),
      ),
    ...(config.profile === "v1" && { userInfo: legacyUserInfo(engine) }),
  }),
  instead: {
    jwtBearer: "clientCredentials",
    "clients.rotateSecret": "Kinde rotates secrets in its dashboard only",
    "clients.setLifespans": "Kinde sets lifetimes per application and not per grant, in its dashboard",
    "clients.revokeTokens": "revoke, token by token",
  },
})
