/** Runs the steps behind a proxy that the environment names, and one call that needs a tunnel, which the proxy refuses. */
import { createAuth } from "latchkey"
import { type Step, steps } from "./program.ts"

const [server = "", refused = ""] = process.argv.slice(2)

const tunnelled = async (): Promise<Step> => {
  const auth = createAuth({
    provider: "oidc",
    issuer: "https://vendor.invalid",
    clientId: "app",
    clientSecret: "secret",
    audience: "any",
    retry: false,
  })
  const found = await auth.introspect("token").then(
    () => "an answer",
    (error: { readonly reason?: { readonly _tag: string } }) => error.reason?._tag ?? `no AuthError: ${String(error)}`,
  )
  await auth.close()
  return { name: "fault: refused tunnel", passed: found === "Unavailable", found }
}

console.log(JSON.stringify([...(await steps(server, refused)), await tunnelled()]))
process.exit(0)
