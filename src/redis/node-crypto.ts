/** `node:crypto`, loaded at run time, so that bundlers for platforms without it find no import. */
import { AuthError } from "../ports/errors.ts"

/** Returns `node:crypto`. Throws an `AuthError` (`InvalidConfig`) on a platform without it. */
export const nodeCrypto = (): typeof import("node:crypto") => {
  const found = globalThis.process?.getBuiltinModule?.("node:crypto")
  if (found?.hkdfSync !== undefined) return found
  throw new AuthError({
    provider: "latchkey",
    operation: "fleet",
    reason: {
      _tag: "InvalidConfig",
      issues: [{ path: "", message: "a fleet needs node:crypto, which Node, Bun and Deno have" }],
    },
  })
}
