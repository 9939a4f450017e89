/** Polar: issuance by the code grant, introspection, revocation, UserInfo, and clients by dynamic registration. */
import * as Effect from "effect/Effect"
import { configuredBy, define } from "../oidc/define.ts"
import { registration, registrationCalls, registrationOperations } from "../oidc/operations/dynamic-registration.ts"
import { clientOperations, clients } from "./clients.ts"
import { check, config, type PolarConfig } from "./config.ts"
import { defaults, refuseRecord } from "./record.ts"
import { server } from "./server.ts"

const onlyWithSecret = (standard: string) =>
  Effect.fail({
    _tag: "UnsupportedOperation",
    standard,
    instead: "Polar asks for a client secret here; a public client can only forget a token",
  } as const)

export type { PolarConfig } from "./config.ts"

/**
 * Makes a provider for Polar.
 *
 * @see https://polar.sh/docs/integrate/oauth2/introduction
 */
export const polar = configuredBy<PolarConfig>()(
  define({
    id: "polar",
    config,
    check,
    can: [
      "authorize",
      "exchange",
      "refresh",
      "introspect",
      "revoke",
      "userInfo",
      "metadata.discover",
      "metadata.keys",
      ...clientOperations,
      ...registrationOperations,
    ],
    server,
    operations: (engine) => {
      const calls = registrationCalls(engine, { refuse: refuseRecord, defaults })
      return { ...registration(calls), ...clients(calls) }
    },
    overrides: {
      introspect: ({ standard, engine }) =>
        engine.server.clientAuth === "none" ? () => onlyWithSecret("RFC 7662") : standard.introspect,
      revoke: ({ standard, engine }) =>
        engine.server.clientAuth === "none" ? () => onlyWithSecret("RFC 7009") : standard.revoke,
    },
    instead: {
      clientCredentials: "an organization access token of Polar's, made in its dashboard",
      deviceAuthorization: "authorize, with a browser",
      pollDevice: "authorize, with a browser",
      jwtBearer: "authorize, with a browser",
      "session.end": "revoke the user's token, and forget it",
      "clients.list": "keep the clients that you registered",
      "clients.rotateSecret": "register another client",
      "clients.revokeTokens": "revoke, token by token",
    },
  }),
)
