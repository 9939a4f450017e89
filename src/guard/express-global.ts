/**
 * Declares `Request.auth` of Express for a whole program: `import "latchkey/guard/express-global"`.
 *
 * Not for a program with another package that declares it, such as `express-oauth2-jwt-bearer` or the MCP SDK: there the
 * compiler reports the two declarations.
 */
import type { Principal } from "./principal.ts"

declare global {
  namespace Express {
    interface Request {
      /** The principal, after the guard of the route; absent before it, and without credentials where they are optional. */
      auth?: Principal | undefined
    }
  }
}
