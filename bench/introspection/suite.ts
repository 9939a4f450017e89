import type { Goal } from "../goals.ts"
import { type Suite, unhurried } from "../suite.ts"
import type { Sizes } from "./measurement.ts"
import { runOnce, startOnce, startStub } from "./run-peer.ts"

const full: Sizes = { warmUp: 2000, load: 2000, sequential: 1000, concurrency: 64 }
const quick: Sizes = { warmUp: 200, load: 500, sequential: 300, concurrency: 64 }

/** Its cold start is the cost of a process that does nothing, to read the others against. */
const floor = "nothing"
/** Each is to be left this far behind. */
const clients = ["openid-client", "hydra-client", "polar-sdk", "kinde-sdk"]
const timesTheirs = 7

const goals: ReadonlyArray<Omit<Goal, "peer">> = [
  { measure: "callsPerSecond", bound: "at least", limit: 1.0 },
  { measure: "p50", bound: "at most", limit: 1.15 },
  { measure: "p99", bound: "at most", limit: 1.1 },
  { measure: "cpuPerCall", bound: "at most", limit: 1.0 },
  { measure: "coldStart", bound: "at most", limit: 1.8 },
  ...clients.map((against) => ({
    measure: "callsPerSecond",
    bound: "at least" as const,
    limit: timesTheirs,
    against,
  })),
]

/**
 * Tokens that nobody has asked about before, over loopback. The latencies are those of one call after another: under
 * load each call waits for those before it, and its latency would say again what calls/s says.
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
      peers: ["undici-request", "undici-dispatch", "latchkey", ...clients, floor],
      goals: goals.map((goal) => ({ peer: "latchkey", ...goal })),
      prepare: async (isQuick) => {
        const sizes = isQuick ? quick : full
        const { url, stop } = await startStub()
        return {
          about: `concurrency ${sizes.concurrency}`,
          run: (peer) => (peer === floor ? startOnce(peer, url) : runOnce(peer, url, sizes)),
          stop,
        }
      },
    },
  },
  full: unhurried(7),
  quick: { runs: 5, budgetMillis: 38_000 },
}
