import * as Effect from "effect/Effect"
import { oidc } from "latchkey/oidc"
import { type Step, scripted } from "./scripted-transport.ts"

export const issuer = "https://id.example"

/** The configuration of a standard server, with all its endpoints, so that nothing is discovered. */
export const configuration = {
  issuer,
  clientId: "app",
  clientSecret: "a secret of ours",
  redirectUri: "https://app.example/back",
  endpoints: {
    authorizationEndpoint: `${issuer}/auth`,
    tokenEndpoint: `${issuer}/token`,
    introspectionEndpoint: `${issuer}/introspect`,
    revocationEndpoint: `${issuer}/revoke`,
    userinfoEndpoint: `${issuer}/me`,
    jwksUri: `${issuer}/jwks`,
    endSessionEndpoint: `${issuer}/logout`,
    deviceAuthorizationEndpoint: `${issuer}/device`,
  },
}

type OidcConfig = Parameters<typeof oidc>[0]

/** Opens a provider for this server over a scripted transport. */
export const open = (script: ReadonlyArray<Step> = [], changes: Partial<OidcConfig> = {}) => {
  const transport = scripted(...script)
  const auth = Effect.runSync(Effect.scoped(oidc({ ...configuration, ...changes }, { transport })))
  return { auth, transport }
}
