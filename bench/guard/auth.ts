import { createAuth } from "latchkey"
import { oidc } from "latchkey/oidc"
import type { Setting } from "./job.ts"

/** Makes the client of latchkey: JWTs by their signature, opaque tokens by introspection with the cache. */
export const authOf = ({ vendor, kind, trust }: Setting) =>
  createAuth(
    oidc({
      issuer: kind === "jwt" ? trust.issuer : vendor,
      clientId: "orders",
      clientSecret: "secret",
      insecureOrigins: [vendor],
      endpoints: { jwksUri: `${vendor}/keys`, introspectionEndpoint: `${vendor}/introspect` },
      ...(kind === "jwt" && { audience: [trust.audience], token: { answers: "signature" } }),
    }),
  )
