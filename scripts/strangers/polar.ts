/** A stranger's program for the entry `latchkey/polar`. */
import { createAuth } from "latchkey"
import { type PolarConfig, polar } from "latchkey/polar"

const config: PolarConfig = { clientId: "orders", clientSecret: "secret", environment: "sandbox" }
export const adapter = polar
await using auth = createAuth(polar(config))
console.log(auth.id, auth.can.has("registration.read"), await auth.introspect("not a token"))
