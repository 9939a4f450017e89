/** The definitions that are data: the presets, Better Auth and Keycloak, each with the tokens of its vendor. */
import type { Server } from "latchkey/oidc"
import * as auth0 from "../../src/adapters/auth0/index.ts"
import * as betterAuth from "../../src/adapters/better-auth/index.ts"
import * as cognito from "../../src/adapters/cognito/index.ts"
import * as entra from "../../src/adapters/entra/index.ts"
import * as keycloak from "../../src/adapters/keycloak/index.ts"
import * as logto from "../../src/adapters/logto/index.ts"
import * as okta from "../../src/adapters/okta/index.ts"
import * as zitadel from "../../src/adapters/zitadel/index.ts"
import { policiesOff } from "../policies-off.ts"
import { documented } from "./documented-tokens.ts"

const definitions = {
  auth0: auth0.definition,
  "better-auth": betterAuth,
  cognito: cognito.definition,
  entra: entra.definition,
  keycloak,
  logto: logto.definition,
  okta: okta.definition,
  zitadel: zitadel.definition,
} as const

export type Name = keyof typeof definitions
export const names = Object.keys(definitions) as ReadonlyArray<Name>

/** What the tests read of a definition, whatever its configuration. */
export interface Opened {
  readonly config: typeof auth0.definition.config
  readonly input: object
  /** The server of the configuration `input`. */
  readonly server: Server
}

export const opened = (name: Name): Opened => {
  const definition: object = definitions[name]
  const { config, server } = definition as {
    readonly config: Opened["config"]
    readonly server: (config: unknown) => Server
  }
  const input = { ...policiesOff, clientId: "service", clientSecret: "a secret of ours", ...documented[name].config }
  return { config, input, server: server(config.parse(input)) }
}
