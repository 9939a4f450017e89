/** A stranger's program for the entry `latchkey/oidc`: the generic adapter, and an adapter of its own. */
import { createAuth } from "latchkey"
import { clientAuthOf, define, type OidcConfig, oidc, settings } from "latchkey/oidc"
import { z } from "zod"

const config: OidcConfig = { issuer: "https://id.example", clientId: "orders", clientSecret: "secret" }

export const acme = define({
  id: "acme",
  config: z.strictObject({ ...settings, tenant: z.url() }),
  can: ["introspect", "revoke"],
  server: ({ tenant, ...credentials }) => ({
    issuer: tenant,
    metadataUrl: `${tenant}/.well-known/openid-configuration`,
    clientAuth: clientAuthOf(credentials),
  }),
})

await using auth = createAuth(oidc(config))
await using own = createAuth(acme({ tenant: "https://acme.example", clientId: "orders", clientSecret: "secret" }))
console.log(auth.id, own.id, await own.introspect("not a token"))
