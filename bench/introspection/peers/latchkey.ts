import { createAuth } from "latchkey"
import { ory } from "latchkey/ory"
import type { Make } from "../peer.ts"

/** Makes a latchkey provider as a service uses it: the Promise API with every default policy and every check. */
export const make: Make = async (url) => {
  const auth = createAuth(
    ory({ publicUrl: url, adminUrl: url, clientId: "bench", clientSecret: "bench-secret", insecureOrigins: [url] }),
  )
  return {
    call: (token) => auth.introspect(token),
    close: () => auth.close(),
  }
}
