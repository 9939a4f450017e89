/**
 * Declares `Request.auth` of Express for a whole program: `import "latchkey/guard/express-global"`.
 *
 * Do not import it if another package declares `Request.auth`, such as `express-oauth2-jwt-bearer` or the MCP SDK: the
 * compiler then reports two declarations.
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
