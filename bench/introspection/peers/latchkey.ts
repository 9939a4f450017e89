import { createAuth } from "latchkey"
import { ory } from "latchkey/ory"
import type { Make } from "../peer.ts"

/** latchkey as a service embeds it: the Promise entry, every default policy and every check of the answer on. */
export const make: Make = async (url) => {
  const auth = createAuth(
    ory({ publicUrl: url, adminUrl: url, clientId: "bench", clientSecret: "bench-secret", insecure: [url] }),
  )
  return {
    call: (token) => auth.introspect(token),
    close: () => auth.close(),
  }
}
