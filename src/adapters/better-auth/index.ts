/** Better Auth's OAuth provider: login, machine tokens, introspection after the check of the signature, registration. */
import type { z } from "zod"
import { configuredBy, define } from "../oidc/define.ts"
import { clientAuthOf } from "../oidc/kit.ts"
import { registerOnly } from "../oidc/operations/dynamic-registration.ts"
import { loginOperations } from "../oidc/preset.ts"
import type { Server } from "../oidc/server.ts"
import { type BetterAuthConfig, config } from "./config.ts"

export { type BetterAuthConfig, config } from "./config.ts"

const jwt = { algorithms: ["EdDSA", "ES256", "ES512", "PS256", "RS256"], types: ["at+jwt"] }
const inProcess = "Better Auth's own API in its process, such as auth.api.adminCreateOAuthClient"

/** How Better Auth deviates from the standards. */
export const server = ({ issuer, ...credentials }: z.output<typeof config>): Server => ({
  issuer,
  metadataUrl: `${issuer}/.well-known/openid-configuration`,
  clientAuth: clientAuthOf(credentials),
  audienceParameter: "resource",
  offline: { scope: "offline_access", prompt: "consent" },
  revokes: "opaque",
  // An introspection response does not distinguish a refresh token from an access token, so the hint decides.
  token: { answers: "introspection_or_signature", kind: "hint", jwt, subjects: "users" },
  errors: [
    // A wrong PKCE verifier, a token without the scope "openid", and a token that is unknown or revoked already.
    { contains: "code verification failed", operations: ["exchange"], reason: "InvalidGrant" },
    { code: "invalid_scope", operations: ["userInfo"], reason: "AccessDenied" },
    { contains: "token not found", operations: ["revoke"], reason: "Done" },
  ],
})

/** Makes a provider for Better Auth. @see https://www.better-auth.com/docs/plugins/oauth-provider */
export const betterAuth = configuredBy<BetterAuthConfig>()(
  define({
    id: "better-auth",
    config,
    can: [...loginOperations, "revoke", "registration.register"],
    server,
    operations: (engine, { initialAccessToken }) => registerOnly(engine, initialAccessToken),
    instead: { "clients.*": inProcess, "registration.*": inProcess },
  }),
)
