import { type Algorithm, createVerifier } from "fast-jwt"
import type { MakeValidator } from "../peer.ts"

/** fast-jwt with the public key given and the same expectations; it remembers nothing. */
export const make: MakeValidator = async ({ jwk, pem, issuer, audience }) => {
  const algorithms = [jwk.alg as Algorithm]
  const check = createVerifier({
    key: pem,
    algorithms,
    allowedIss: issuer,
    allowedAud: audience,
    checkTyp: "JWT",
    cache: false,
  })
  return { check, isGood: () => true }
}
