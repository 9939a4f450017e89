/** Runs the steps in a Cloudflare Worker, and answers 8 concurrent requests from one client at module level. */
import { createAuth } from "latchkey"
import { open, steps } from "./program.ts"

// Replaced when the worker is bundled: a client at module level needs its addresses then.
declare const SERVER: string
declare const REFUSED: string

const auth = open(SERVER, "good", REFUSED)

// A vendor whose access tokens are JWTs.
const local = createAuth({
  provider: "ory",
  publicUrl: SERVER,
  adminUrl: `${SERVER}/good`,
  clientId: "app",
  clientSecret: "secret",
  audience: "any",
  insecureOrigins: [SERVER],
})

const calls: Readonly<Record<string, (token: string) => Promise<unknown>>> = {
  "/introspect": (token) => auth.introspect(token),
  "/credentials": () => auth.clientCredentials(),
  "/local": (token) => local.introspect(token, { freshness: "local" }),
}

export default {
  fetch: async (request: Request): Promise<Response> => {
    const { pathname, searchParams } = new URL(request.url)
    if (pathname === "/steps") return Response.json(await steps(SERVER, REFUSED))
    try {
      return Response.json(await calls[pathname]?.(searchParams.get("token") ?? ""))
    } catch (error) {
      return new Response(String(error), { status: 500 })
    }
  },
}
