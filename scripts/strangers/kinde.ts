/** A stranger's program for the entry `latchkey/kinde`. */
import { createAuth } from "latchkey"
import { type KindeConfig, kinde } from "latchkey/kinde"

const config: KindeConfig = {
  clientId: "orders",
  clientSecret: "secret",
  issuer: "https://acme.kinde.com",
  audience: "any",
}
export const adapter = kinde
await using auth = createAuth(kinde(config))
console.log(auth.id, auth.can.has("connectedApps.token"), await auth.introspect("not a token"))
