/** A vendor of your own, which follows the standards: all that is to be written, the differences alone. */
import { baseUrl, define, settings } from "latchkey/oidc"
import { z } from "zod"

/** Makes a provider for Acme. */
export const acme = define({
  id: "acme",
  // What is configured: the members that every vendor has, and the tenant's address.
  config: z.strictObject({ ...settings, tenant: baseUrl }),
  // What Acme can do. Types, refusals, contract and tables come from this list.
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
  server: ({ tenant, clientAuth, clientSecret }) => ({
    issuer: tenant,
    metadataUrl: `${tenant}/.well-known/openid-configuration`,
    clientAuth: clientAuth ?? (clientSecret ? "client_secret_basic" : "none"),
    // How Acme is asked for a refresh token.
    offline: { scope: "offline_access", prompt: "consent" },
    // Its introspection gives a token type to access tokens only.
    tokenUse: (answer) => (answer.token_type === undefined ? "refresh_token" : "access_token"),
    // One parameter of Acme's own, which `extra` may hold; any other is refused.
    extra: ["acr_values"],
  }),
  instead: { "clients.create": "Acme's dashboard" },
})
