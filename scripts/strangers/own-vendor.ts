/** A stranger's program with a vendor of its own: the five steps of CONTRIBUTING, from an empty folder. */
import { Effect } from "effect"
import { AuthError, createAuth, fromEnv } from "latchkey"
import { Auth } from "latchkey/effect"
import { baseUrl, clientAuthOf, define, settings } from "latchkey/oidc"
import { z } from "zod"

export const acme = define({
  id: "acme",
  config: z.strictObject({ ...settings, tenant: baseUrl }),
  can: ["authorize", "exchange", "introspect", "revoke", "metadata.discover", "metadata.keys"],
  server: ({ tenant, ...credentials }) => ({
    issuer: tenant,
    metadataUrl: `${tenant}/.well-known/openid-configuration`,
    clientAuth: clientAuthOf(credentials),
    token: { answers: "introspection_or_signature", kind: "access_only", audienceParameter: "resource" },
  }),
  instead: { "clients.create": "Acme's dashboard" },
})

const adapters = [acme]
const env = {
  LATCHKEY_PROVIDER: "acme",
  LATCHKEY_TENANT: "https://acme.example",
  LATCHKEY_CLIENT_ID: "orders",
  LATCHKEY_CLIENT_SECRET: "secret",
}

/** Exported values whose types the compiler must be able to name. */
export const configured = createAuth(
  { provider: "acme", tenant: env.LATCHKEY_TENANT, clientId: "orders", clientSecret: "secret" },
  { adapters },
)
export const layer = Auth.layerConfig({ adapters, prefix: "STRANGER_" })

const withoutTenant = { provider: "acme", clientId: "orders", clientSecret: "secret" } as const
// @ts-expect-error the tenant is missing
export const incomplete = () => createAuth(withoutTenant, { adapters })
// @ts-expect-error an unknown vendor
export const unknown = () => createAuth({ provider: "umbrella", clientId: "orders" }, { adapters })

await using auth = createAuth(fromEnv(env, { adapters }))
console.log(configured.id, auth.id, await auth.introspect("not a token"))
const refused = await auth.clients.create({ name: "a" }).catch((error: unknown) => error)
console.log(refused instanceof AuthError && refused.reason._tag)
const error = await Effect.runPromise(Effect.flip(Effect.provide(Auth, layer)))
console.log(error.message)
await configured.close()
