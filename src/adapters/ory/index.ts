/** Ory: a self-hosted Hydra (a public and an admin address) or Ory Network (one address and an API key). */
import * as Effect from "effect/Effect"
import { configuredBy, define } from "../oidc/define.ts"
import { registration, registrationCalls, registrationOperations } from "../oidc/operations/dynamic-registration.ts"
import { standardOperations } from "../oidc/operations/standard-operations.ts"
import { makeAdmin } from "./admin.ts"
import { clientOperations, clients } from "./clients.ts"
import { adminUrlOf, check, config, type OryConfig } from "./config.ts"
import { challengeOperations, consent } from "./consent.ts"
import { checkRegistration } from "./registration.ts"
import { server } from "./server.ts"
import { sessionOperations, sessions } from "./sessions.ts"
import { trust, trustOperations } from "./trust.ts"

export type { Adapter, AdapterOptions } from "../oidc/definition.ts"
export type { OryConfig, OryNetworkConfig, OrySelfHostedConfig } from "./config.ts"

/** Hydra has no token exchange (RFC 8693). */
const ownStandardOperations = standardOperations.filter((operation) => operation !== "exchangeToken")

/**
 * Makes a provider for Ory.
 *
 * @see https://www.ory.com/docs/reference/api
 */
export const ory = configuredBy<OryConfig>()(
  define({
    id: "ory",
    config,
    check,
    can: [
      ...ownStandardOperations,
      ...clientOperations,
      ...registrationOperations,
      ...challengeOperations,
      ...sessionOperations,
      ...trustOperations,
    ],
    server,
    operations: (engine, config) => {
      const admin = makeAdmin(engine, adminUrlOf(config), config.apiKey)
      return {
        ...clients(admin),
        ...registration(registrationCalls(engine, { reject: checkRegistration })),
        ...consent(admin),
        ...sessions(admin),
        ...trust(admin),
      }
    },
    instead: { exchangeToken: "jwtBearer, with an issuer that you trust" },
    overrides: {
      "session.end":
        ({ standard }) =>
        (request) =>
          request?.idTokenHint === undefined && (request?.returnTo ?? request?.state) !== undefined
            ? Effect.fail({
                _tag: "InvalidRequest",
                field: "idTokenHint",
                detail: "required with returnTo or state: without it Ory sends the browser to its error page",
              })
            : standard["session.end"](request),
    },
  }),
)
