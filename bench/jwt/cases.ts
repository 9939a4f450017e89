import type { Goal } from "../goals.ts"

/** One question of the suite: which tokens, who answers, and what counts as 1.00. */
export interface Case {
  readonly algorithm: "RS256" | "ES256" | "EdDSA"
  /** Whether the tokens have been validated before by the same validator. */
  readonly seen: boolean
  readonly reference: string
  readonly peers: ReadonlyArray<string>
  /** What latchkey's time per token may be, as a ratio to the reference. */
  readonly limit: Goal["limit"]
}

const fresh = ["node-crypto", "node-crypto-bare", "latchkey", "fast-jwt", "jose"]

export const cases: Readonly<Record<string, Case>> = {
  RS256: {
    algorithm: "RS256",
    seen: false,
    reference: "node-crypto-bare",
    peers: [...fresh, "kinde-validator"],
    limit: 1.3,
  },
  ES256: { algorithm: "ES256", seen: false, reference: "node-crypto-bare", peers: fresh, limit: 1.1 },
  EdDSA: { algorithm: "EdDSA", seen: false, reference: "node-crypto-bare", peers: fresh, limit: 1.1 },
  "RS256 seen before": {
    algorithm: "RS256",
    seen: true,
    reference: "fast-jwt-cached",
    peers: ["fast-jwt-cached", "latchkey"],
    limit: 0.75,
  },
}
