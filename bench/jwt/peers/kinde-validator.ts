import { validateToken } from "@kinde/jwt-validator"
import type { MakeValidator } from "../peer.ts"

/** Makes Kinde's validator, which fetches the keys once with `fetch` and checks few claims. */
export const make: MakeValidator = async ({ jwk, issuer }) => {
  globalThis.fetch = async () => Response.json({ keys: [jwk] })
  return {
    check: (token) => validateToken({ token, domain: issuer }),
    isGood: (answer) => (answer as { readonly valid: boolean }).valid,
  }
}
