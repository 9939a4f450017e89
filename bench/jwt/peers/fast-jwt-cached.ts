import { type Algorithm, createVerifier } from "fast-jwt"
import type { MakeValidator } from "../peer.ts"

/** fast-jwt with the public key given and the same expectations; it remembers what it has seen. */
export const make: MakeValidator = async ({ jwk, pem, issuer, audience }) => {
  const algorithms = [jwk.alg as Algorithm]
  const check = createVerifier({
    key: pem,
    algorithms,
    allowedIss: issuer,
    allowedAud: audience,
    checkTyp: "JWT",
    cache: true,
  })
  return { check, isGood: () => true }
}
