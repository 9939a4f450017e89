/** A process that refreshes with a token and prints the result. Arguments: the port of the store, the URL of the vendor, the token. */
import { createAuth } from "latchkey"
import { openFleet } from "./clients.ts"

const [port = "", issuer = "", token = ""] = process.argv.slice(2)
const fleet = await openFleet(Number(port), "redis", { deadline: "1 second" })
const auth = createAuth(
  {
    provider: "oidc",
    issuer,
    clientId: "service",
    clientSecret: "a secret of ours",
    insecureOrigins: [issuer],
    timeout: "2 seconds",
    endpoints: { tokenEndpoint: `${issuer}/token` },
  },
  { fleet },
)
process.stdout.write(`${JSON.stringify(await auth.refresh(token))}\n`)
await auth.close()
await fleet.close()
