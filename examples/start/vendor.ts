/** Emulates an Ory Hydra on loopback, to try latchkey without an account. It protects nothing. */
import { writeFileSync } from "node:fs"
import { startOry } from "@latchkey/testing"

const client = { client_id: "orders", client_secret: "secret" }
const { publicUrl, adminUrl, issue } = await startOry({ seed: { clients: [client] } })

writeFileSync(
  ".env",
  `LATCHKEY_PROVIDER=ory
LATCHKEY_PUBLIC_URL=${publicUrl}
LATCHKEY_ADMIN_URL=${adminUrl}
LATCHKEY_INSECURE_ORIGINS=${publicUrl},${adminUrl}
LATCHKEY_CLIENT_ID=${client.client_id}
LATCHKEY_CLIENT_SECRET=${client.client_secret}
`,
)
writeFileSync("good.txt", await issue({ subject: "ada", scopes: ["orders:read"] }))
writeFileSync("weak.txt", await issue({ subject: "ada", scopes: [] }))
console.log("The vendor runs. Its variables are in .env, and two tokens in good.txt and weak.txt.")
