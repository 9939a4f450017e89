/** The server of each vendor whose definition is data, for a configuration with placeholders. */
import type { Server } from "latchkey/oidc"
import * as auth0 from "../src/adapters/auth0/index.ts"
import * as betterAuth from "../src/adapters/better-auth/index.ts"
import * as cognito from "../src/adapters/cognito/index.ts"
import * as entra from "../src/adapters/entra/index.ts"
import * as keycloak from "../src/adapters/keycloak/index.ts"
import { config as kindeConfig } from "../src/adapters/kinde/config.ts"
import { server as kindeServer } from "../src/adapters/kinde/server.ts"
import * as logto from "../src/adapters/logto/index.ts"
import * as okta from "../src/adapters/okta/index.ts"
import { config as oryConfig } from "../src/adapters/ory/config.ts"
import { server as oryServer } from "../src/adapters/ory/server.ts"
import { config as polarConfig } from "../src/adapters/polar/config.ts"
import { server as polarServer } from "../src/adapters/polar/server.ts"
import * as zitadel from "../src/adapters/zitadel/index.ts"

interface Definition<Config> {
  readonly config: { readonly parse: (input: unknown) => Config }
  readonly server: (config: Config) => Server
}

const client = { clientId: "client", clientSecret: "a secret of the table" }
const host = "https://id.example"
const tenant = "11111111-2222-4333-8444-555555555555"

/** What a table shows instead of a configured value. The longer texts come first. */
const placeholders: ReadonlyArray<readonly [string, string]> = [
  [`${host}/oauth2/default`, "{issuer}"],
  [`${host}/realms/shop`, "{issuer}"],
  ["https://cognito-idp.example/pool", "{issuer}"],
  ["https://issuer-cognito-idp.example/pool", "{issuer in the newer form}"],
  ["https://domain.example", "{domain}"],
  [tenant, "{tenant}"],
  ["https://auth0.example/", "{issuer}"],
  [host, "{issuer}"],
]

/** Returns a text with a placeholder for each configured value. */
export const withPlaceholders = (text: string): string =>
  placeholders.reduce((shown, [value, placeholder]) => shown.replaceAll(value, placeholder), text)

const made = <Config>({ config, server }: Definition<Config>, members: object): Server =>
  server(config.parse({ ...client, ...members }))

/** The server of each vendor. The values of `oidc` are configured: it has no column. */
export const servers: Readonly<Record<string, Server>> = {
  auth0: made(auth0.definition, { issuer: "https://auth0.example/" }),
  "better-auth": made(betterAuth, { issuer: host }),
  cognito: made(cognito.definition, {
    issuer: "https://cognito-idp.example/pool",
    domain: "https://domain.example",
  }),
  entra: made(entra.definition, { tenants: [tenant] }),
  keycloak: made(keycloak, { issuer: `${host}/realms/shop` }),
  kinde: made({ config: kindeConfig, server: kindeServer }, { issuer: host }),
  logto: made(logto.definition, { endpoint: host }),
  okta: made(okta.definition, { issuer: `${host}/oauth2/default` }),
  ory: made({ config: oryConfig, server: oryServer }, { publicUrl: host, adminUrl: "https://admin.example" }),
  polar: made({ config: polarConfig, server: polarServer }, {}),
  zitadel: made(zitadel.definition, { issuer: host }),
}
