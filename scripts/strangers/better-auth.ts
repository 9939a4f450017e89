/** A stranger's program for the entry `latchkey/better-auth`. */
import { createAuth } from "latchkey"
import { type BetterAuthConfig, betterAuth } from "latchkey/better-auth"

const config: BetterAuthConfig = { issuer: "https://app.example/api/auth", clientId: "orders", clientSecret: "secret" }
export const adapter = betterAuth
await using auth = createAuth(betterAuth(config))
console.log(auth.id, auth.can.has("registration.register"), await auth.introspect("not a token"))
