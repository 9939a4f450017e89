/** An adapter for a vendor that follows the standards. Only the vendor's differences are written. */
import { baseUrl, clientAuthOf, define, settings } from "latchkey/oidc"
import { z } from "zod"

/** Makes a provider for Acme. */
export const acme = define({
  id: "acme",
  // The configuration: the members of every vendor, and the tenant's address.
  config: z.strictObject({ ...settings, tenant: baseUrl }),
  // The operations of Acme. Types, `UnsupportedOperation` and the contract derive from this list.
  can: [
    "authorize",
    "exchange",
    "refresh",
    "clientCredentials",
    "introspect",
    "revoke",
    "userInfo",
    "metadata.discover",
    "metadata.keys",
    "session.end",
  ],
  server: ({ tenant, ...credentials }) => ({
    issuer: tenant,
    metadataUrl: `${tenant}/.well-known/openid-configuration`,
    clientAuth: clientAuthOf(credentials),
    // The scope and the prompt that request a refresh token.
    offline: { scope: "offline_access", prompt: "consent" },
    // In Acme's introspection responses only access tokens have a token type.
    token: {
      kind: [
        { name: "token_type", use: "access_token" },
        { name: "token_type", absent: true, use: "refresh_token" },
      ],
    },
    // Acme's own authorization parameter, which `extra` may hold. Any other name is rejected.
    extra: ["acr_values"],
  }),
  instead: { "clients.create": "Acme's dashboard" },
})
