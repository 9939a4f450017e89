/** Zitadel: login, machine tokens, introspection after the check of the signature. */
import { z } from "zod"
import { type CommonConfig, configuredBy, define, settings } from "../oidc/index.ts"
import { loginOperations, plainIssuer, preset } from "../oidc/preset.ts"

/** The configuration of the `zitadel` adapter. */
export interface ZitadelConfig extends CommonConfig {
  /** The domain of the instance, as the issuer: `https://acme.zitadel.cloud`, without a slash at the end. */
  readonly issuer: string
}

/** The definition of `zitadel`, to be changed and given to `define`. */
export const definition = preset({
  id: "zitadel",
  config: z.strictObject({ ...settings, issuer: plainIssuer }),
  can: [...loginOperations, "deviceAuthorization", "pollDevice", "revoke"],
  instead: { "clients.*": "Zitadel's console or its management API" },
  // Zitadel compares the audience of a token with the client that asks.
  check: () => [],
  server: ({ issuer }) => ({
    issuer,
    audienceParameter: { scope: "urn:zitadel:iam:org:project:id:{audience}:aud" },
    offline: { scope: "offline_access" },
    token: {
      answers: "introspection_or_signature",
      kind: "access_only",
      // The client id of a JWT is not documented. An ID token has no `jti`.
      jwt: { algorithms: ["RS256"], types: ["jwt"], access: [{ name: "jti" }] },
      client: ["client_id", "azp"],
      clientUnsaid: true,
    },
    // A failure of its database is reported as an inactive token.
    traits: { inactiveWhenBroken: true },
  }),
})

/** Makes a provider for Zitadel. @see https://zitadel.com/docs/apis/openidoauth/endpoints */
export const zitadel = configuredBy<ZitadelConfig>()(define(definition))
