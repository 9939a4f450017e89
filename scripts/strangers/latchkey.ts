/** A stranger's program for the entry `latchkey`. */
import { type AnyAuth, AuthError, type Config, createAuth, fromEnv, supports } from "latchkey"

const config: Config = {
  provider: "ory",
  publicUrl: "https://id.example",
  adminUrl: "https://admin.example",
  clientId: "orders",
  clientSecret: "secret",
}

/** An exported value whose type the compiler must be able to name. */
export const configured = fromEnv({ LATCHKEY_PROVIDER: "kinde" })

export const names = async (auth: AnyAuth, signal: AbortSignal): Promise<ReadonlyArray<string>> => {
  const found: Array<string> = []
  for await (const client of auth.clients.list({ pageSize: 2 }, { signal, timeout: "2 seconds" }))
    found.push(client.name ?? client.clientId)
  return found
}

await using auth = createAuth(config)
console.log(auth.id, supports(auth, "connectedApps.token"), await auth.introspect("not a token"))
try {
  createAuth(fromEnv({ LATCHKEY_PROVIDER: "kinde" }))
} catch (error) {
  if (!(error instanceof AuthError) || error.reason._tag !== "InvalidConfig") throw error
  console.log(error.reason.issues.map(({ path }) => path).join(" "))
}
