import { validateToken } from "@kinde/jwt-validator"
import type { MakeValidator } from "../peer.ts"

/** Kinde's own validator: it fetches keys by `fetch`, once; of the claims it looks at few. */
export const make: MakeValidator = async ({ jwk, issuer }) => {
  globalThis.fetch = async () => Response.json({ keys: [jwk] })
  return {
    check: (token) => validateToken({ token, domain: issuer }),
    isGood: (answer) => (answer as { readonly valid: boolean }).valid,
  }
}
