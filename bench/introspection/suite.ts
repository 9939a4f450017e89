import type { Goal } from "../goals.ts"
import { type Suite, unlimited } from "../suite.ts"
import type { Sizes } from "./measurement.ts"
import { runOnce, startOnce, startStub } from "./run-peer.ts"

const full: Sizes = { warmUp: 2000, load: 2000, sequential: 1000, concurrency: 64 }
const quick: Sizes = { warmUp: 200, load: 500, sequential: 300, concurrency: 64 }

/** The peer without requests; its cold start is the baseline for the others. */
const baseline = "nothing"
const clients = ["openid-client", "hydra-client", "polar-sdk", "kinde-sdk"]
/** latchkey must be this many times as fast as each of the clients. */
const speedup = 7

const goals: ReadonlyArray<Omit<Goal, "peer">> = [
  { measure: "callsPerSecond", bound: "at least", limit: 1.0 },
  { measure: "p50", bound: "at most", limit: 1.15 },
  { measure: "p99", bound: "at most", limit: 1.1 },
  { measure: "cpuPerCall", bound: "at most", limit: 1.0 },
  { measure: "coldStart", bound: "at most", limit: 1.8 },
  ...clients.map((against) => ({
    measure: "callsPerSecond",
    bound: "at least" as const,
    limit: speedup,
    against,
  })),
]

/**
 * Measures introspections of new tokens over loopback. Latencies are measured with sequential calls, because under load
 * a call waits for the calls before it, and its latency repeats what calls/s shows.
 */
export const introspection: Suite = {
  measures: {
    callsPerSecond: { title: "calls/s", unit: "", digits: 0, shows: ["ratio"] },
    p50: { title: "p50", unit: "us", digits: 0, shows: ["ratio"] },
    p99: { title: "p99", unit: "us", digits: 0, shows: ["ratio"] },
    cpuPerCall: { title: "CPU per call", unit: "us", digits: 1, shows: ["ratio"] },
    coldStart: { title: "cold start", unit: "ms", digits: 0, shows: ["value", "ratio"] },
    stubCores: { title: "stub cores", unit: "", digits: 2, shows: ["value"] },
  },
  cases: {
    introspection: {
      reference: "undici-request",
      peers: ["undici-request", "undici-dispatch", "latchkey", ...clients, baseline],
      goals: goals.map((goal) => ({ peer: "latchkey", ...goal })),
      prepare: async (isQuick) => {
        const sizes = isQuick ? quick : full
        const { url, stop } = await startStub()
        return {
          about: `concurrency ${sizes.concurrency}`,
          run: (peer) => (peer === baseline ? startOnce(peer, url) : runOnce(peer, url, sizes)),
          stop,
        }
      },
    },
  },
  full: unlimited(7),
  quick: { runs: 5, budgetMillis: 38_000 },
}
