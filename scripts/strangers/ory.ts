/** A stranger's program for the entry `latchkey/ory`. */
import { createAuth } from "latchkey"
import { type OryConfig, ory } from "latchkey/ory"

const config: OryConfig = {
  clientId: "orders",
  clientSecret: "secret",
  projectUrl: "https://slug.projects.oryapis.com",
  apiKey: "key",
}
export const adapter = ory
await using auth = createAuth(ory(config))
console.log(auth.id, auth.can.has("trust.list"), await auth.introspect("not a token"))
