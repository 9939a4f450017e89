/** Route handlers of `Request` and `Response`, as Next.js has them in `app/orders/[id]/route.ts`. */
import type { AnyAuth } from "latchkey"
import { type Principal, webGuard } from "latchkey/guard"

/** The second argument of a route handler of Next.js, with what the guard adds. */
interface Context {
  readonly params: Promise<{ readonly id: string }>
  readonly auth: Principal
}

/**
 * In Next.js: `export const { GET, DELETE } = orderRoute(auth)`.
 *
 * @param auth `createAuth(fromEnv(process.env))`
 */
export const orderRoute = (auth: AnyAuth) => {
  const protect = webGuard(auth)
  return {
    GET: protect({ scopes: ["orders:read"] }, async (_request, { auth, params }: Context) =>
      Response.json({ order: (await params).id, of: auth.subject }),
    ),
    // A login of the last five minutes is needed to delete.
    DELETE: protect({ scopes: ["orders:write"], maxAuthAge: "5 minutes" }, async (_request, { params }: Context) =>
      Response.json({ deleted: (await params).id }),
    ),
  }
}
