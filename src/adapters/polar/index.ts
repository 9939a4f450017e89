/** Polar: the authorization code grant, introspection, revocation, UserInfo, and clients by dynamic registration. */
import * as Effect from "effect/Effect"
import { configuredBy, define } from "../oidc/define.ts"
import type { Engine } from "../oidc/engine/engine.ts"
import { registration, registrationCalls, registrationOperations } from "../oidc/operations/dynamic-registration.ts"
import { standard } from "../oidc/operations/standard.ts"
import { clientOperations, clients } from "./clients.ts"
import { check, config, type PolarConfig } from "./config.ts"
import { withNewTokens } from "./new-tokens.ts"
import { checkRecord, defaults } from "./record.ts"
import { server } from "./server.ts"

const isPublic = ({ server }: Engine): boolean => server.clientAuth === "none"

/** The failure of a request that Polar accepts only with a client secret. */
const requiresSecret = (standard: string) =>
  Effect.fail({
    _tag: "UnsupportedOperation",
    standard,
    instead: "a confidential client: Polar requires a client secret here",
  } as const)

export type { Adapter, AdapterOptions } from "../oidc/definition.ts"
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
      const calls = registrationCalls(engine, { reject: checkRecord, defaults })
      return { ...registration(calls), ...clients(calls), ...withNewTokens(standard(engine)) }
    },
    overrides: {
      introspect: ({ standard, engine }) => (isPublic(engine) ? () => requiresSecret("RFC 7662") : standard.introspect),
      revoke: ({ standard, engine }) => (isPublic(engine) ? () => requiresSecret("RFC 7009") : standard.revoke),
    },
    instead: {
      "connectedApps.*": "Polar keeps no accounts at third parties: authorize, at the third party itself",
      clientCredentials: "an organization access token from Polar's dashboard",
      deviceAuthorization: "authorize, with a browser",
      pollDevice: "authorize, with a browser",
      jwtBearer: "authorize, with a browser",
      exchangeToken: "authorize, with a browser, for each client",
      "session.end": "revoke the user's token and delete it",
      "clients.list": "keep the clients that you registered",
      "clients.rotateSecret": "register another client",
      "clients.revokeTokens": "revoke, one token at a time",
    },
  }),
)
