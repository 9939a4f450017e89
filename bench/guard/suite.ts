import type { Goal } from "../goals.ts"
import { type Case, type Plan, type Suite, unlimited } from "../suite.ts"
import { prepared } from "./run.ts"

const frameworks = ["express", "fastify", "hono", "node"] as const
type Framework = (typeof frameworks)[number]

/** By hand in every framework, and the packages of one. */
const jwtPeers: Readonly<Record<Framework, ReadonlyArray<string>>> = {
  express: ["express-oauth2-jwt-bearer", "mcp-sdk", "jose", "fast-jwt"],
  fastify: ["fastify-jwt-jwks", "jose", "fast-jwt"],
  hono: ["hono-jwk", "jose", "fast-jwt"],
  node: ["jose", "fast-jwt"],
}

const opaquePeers: Readonly<Record<Framework, ReadonlyArray<string>>> = {
  express: ["passport-openid-client"],
  fastify: [],
  hono: [],
  node: [],
}

/** The limits against the least possible guard. */
const knownJwt: Readonly<Record<Framework, number>> = { express: 1.3, fastify: 1.3, hono: 1.4, node: 1.3 }
const cachedOpaque: Readonly<Record<Framework, number>> = { express: 1.5, fastify: 1.2, hono: 1.3, node: 1.4 }
const neverSeen = 1.1
/** The guard itself, over a call of `introspect`, in microseconds. */
const guardMicros = 3

/** The limits of what latchkey adds: against the least possible guard, and below every peer. */
const addedGoals = (least: string, limit: number, peers: ReadonlyArray<string>): ReadonlyArray<Goal> =>
  [{ against: least, limit }, ...peers.map((against) => ({ against, limit: 1 }))].map((each) => ({
    peer: "latchkey",
    measure: "added",
    bound: "at most",
    interval: true,
    ...each,
  }))

const overIntrospect: Goal = {
  peer: "latchkey",
  measure: "overIntrospect",
  bound: "at most",
  limit: guardMicros,
  absolute: true,
  interval: true,
}

const loads = {
  // The goals of known tokens are about processor time alone.
  known: {
    tokens: 100,
    ...{ warmUp: 6000, counted: 10_000, timed: 3000 },
    quick: { warmUp: 3000, counted: 3000, timed: 3000 },
  },
  fresh: {
    tokens: 7000,
    ...{ warmUp: 1000, counted: 3000, timed: 3000 },
    quick: { warmUp: 500, counted: 1200, timed: 1200 },
  },
}

const known = (framework: Framework, kind: "jwt" | "opaque"): Case => {
  const peers = (kind === "jwt" ? jwtPeers : opaquePeers)[framework]
  const limit = (kind === "jwt" ? knownJwt : cachedOpaque)[framework]
  return {
    reference: "least",
    peers: ["least", "none", "introspect", "latchkey", ...peers],
    goals: [...addedGoals("least", limit, peers), overIntrospect],
    prepare: (isQuick) => prepared({ framework, kind, algorithm: "RS256", ...loads.known, isQuick }),
  }
}

const fresh = (framework: Framework, algorithm: "RS256" | "ES256", peers: ReadonlyArray<string>): Case => ({
  reference: "node-crypto",
  peers: ["node-crypto", "none", "latchkey", ...peers],
  goals:
    algorithm === "RS256"
      ? addedGoals("node-crypto", neverSeen, peers)
      : peers.flatMap((against): ReadonlyArray<Goal> => {
          const shared = { peer: "latchkey", against, interval: true, limit: 1 } as const
          return [
            { ...shared, measure: "added", bound: "at most" },
            { ...shared, measure: "requestsPerSecond", bound: "at least" },
            { ...shared, measure: "p99", bound: "at most" },
          ]
        }),
  prepare: (isQuick) => prepared({ framework, kind: "jwt", algorithm, ...loads.fresh, isQuick }),
})

const withoutCache = (framework: Framework) => jwtPeers[framework].filter((peer) => peer !== "fast-jwt")

/** A case has few runs, so that all of them end within five minutes. */
const quick: Plan = { runs: 3, budgetMillis: 17_000 }

/**
 * Measures the processor time that a guard adds to a request of a real server, over the same server without a guard, at 64
 * keep-alive connections.
 */
export const guard: Suite = {
  measures: {
    cpuPerRequest: { title: "CPU per request", unit: "us", digits: 1, shows: ["value"] },
    added: { title: "CPU added", unit: "us", digits: 1, shows: ["ratio", "value"] },
    overIntrospect: { title: "over introspect", unit: "us", digits: 1, shows: [] },
    requestsPerSecond: { title: "requests/s", unit: "", digits: 0, shows: ["value"] },
    p99: { title: "p99", unit: "ms", digits: 1, shows: ["value"] },
  },
  cases: Object.fromEntries([
    ...frameworks.map((each) => [`${each}, known JWT`, known(each, "jwt")] as const),
    ...frameworks.map((each) => [`${each}, cached opaque token`, known(each, "opaque")] as const),
    ...frameworks.map((each) => [`${each}, RS256 never seen`, fresh(each, "RS256", withoutCache(each))] as const),
    ["node, ES256 never seen", fresh("node", "ES256", ["jose"])] as const,
  ]),
  full: unlimited(11),
  quick,
}
