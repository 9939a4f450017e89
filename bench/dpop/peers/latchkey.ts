import * as Effect from "effect/Effect"
import { type Decision, makeGuard, memoryReplayStore } from "latchkey/guard"
import { inMemoryOry, jsonResponse } from "../../in-memory-ory.ts"
import type { MakeReceiver } from "../peer.ts"

/** Makes a guard with every check, which fetches the vendor's keys by URL and remembers spent proofs. */
export const make: MakeReceiver = async ({ jwk, issuer, audience }) => {
  const keys = jsonResponse({ keys: [jwk] })
  const auth = inMemoryOry(() => Effect.succeed(keys), issuer, audience)
  const dpop = { replay: memoryReplayStore(), maxAge: "1 hour" } as const
  const check = makeGuard(auth, { publicUrl: "https://orders.example", dpop })({ freshness: "local" })
  return {
    check: (request) => {
      const [token, proof] = request.split(" ")
      const header = (name: string) =>
        name === "authorization" ? `DPoP ${token}` : name === "dpop" ? proof : undefined
      return check({ method: "GET", target: "/orders", header })
    },
    isGood: (decision) => (decision as Decision).ok,
  }
}
