/** Microsoft Entra ID: login, machine tokens, and access tokens of listed tenants, validated by their signature. */
import { configuredBy, define } from "../oidc/index.ts"
import { loginOperations, preset } from "../oidc/preset.ts"
import { config, type EntraConfig, graphOf, instead, issuersOfTenants } from "./config.ts"

export type { EntraConfig } from "./config.ts"

/** The definition of `entra`, to be changed and given to `define`. */
export const definition = preset({
  id: "entra",
  config,
  can: loginOperations,
  instead,
  server: (configured) => {
    const { issuer, issuers } = issuersOfTenants(configured)
    return {
      issuer,
      clientAuth: "client_secret_post",
      audienceParameter: { scope: "{audience}/.default" },
      offline: { scope: "offline_access" },
      ...graphOf(configured),
      token: {
        answers: "signature",
        issuers,
        jwt: { algorithms: ["RS256"], types: ["jwt"] },
        client: ["azp", "appid"],
        scopes: ["scp", "roles"],
        machine: [
          { name: "idtyp", is: "app" },
          { name: "scp", absent: true },
        ],
        subjects: "users",
      },
    }
  },
})

/** Makes a provider for Entra ID. @see https://learn.microsoft.com/entra/identity-platform/access-tokens */
export const entra = configuredBy<EntraConfig>()(define(definition))
