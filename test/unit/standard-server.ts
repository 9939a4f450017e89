import * as Effect from "effect/Effect"
import { oidc } from "latchkey/oidc"
import { type Step, scripted } from "./scripted-transport.ts"

export const issuer = "https://id.example"

/** A server that follows the standards; nothing of it need be discovered. */
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

type Written = Parameters<typeof oidc>[0]

/** A provider of that server behind a scripted door. */
export const open = (script: ReadonlyArray<Step> = [], changes: Partial<Written> = {}) => {
  const door = scripted(...script)
  const auth = Effect.runSync(Effect.scoped(oidc({ ...configuration, ...changes }, { transport: door })))
  return { auth, door }
}
