import type { Fault } from "./fault.ts"

const report = "test/health/health.test.ts"
const documents = "test/health/documents.test.ts"
const core = "src/core/health.ts"
const monitor = "src/adapters/oidc/monitor.ts"

/** Faults in `health`. */
export const healthFaults: ReadonlyArray<Fault> = [
  {
    name: "health asks the vendor for each caller",
    file: monitor,
    find: "const sharedFor = 5000",
    replace: "const sharedFor = 0",
    tests: [report],
  },
  {
    name: "health with probe: true returns shared answers",
    file: core,
    find: "options?.probe === true ? monitor.probe : monitor.recent",
    replace: "monitor.recent",
    tests: [report],
  },
  {
    name: "a request of health that hangs is waited for",
    file: monitor,
    find: "withTimeout(transport.send(request, operation), longestProbe, () =>",
    replace: "withTimeout(transport.send(request, operation), longestProbe * 1000, () =>",
    tests: [report],
  },
  {
    name: "the requests of health count for the circuit",
    file: monitor,
    find: "Effect.provideService(sent, Explaining, () => undefined)",
    replace: "sent",
    also: [{ file: monitor, find: 'import { Explaining } from "../../internal/explaining.ts"\n', replace: "" }],
    tests: [report],
  },
  {
    name: "health rejects when the transport throws",
    file: monitor,
    find: 'Effect.catchDefect(judged, () => Effect.succeed(answer("the transport failed with an exception")))',
    replace: "judged",
    tests: [report],
  },
  {
    name: "an outage in a response is an answer to health",
    file: monitor,
    find: "answer(outageIn(response, operation, server))",
    replace: "answer(outageIn({ ...response, status: 200 }, operation, server))",
    tests: [report],
  },
  {
    name: "health is up while a circuit is open",
    file: core,
    find: ' && origins[at]?.circuit.state !== "open"',
    replace: "",
    tests: [report],
  },
  {
    name: "health is down although keys in memory still verify JWTs",
    file: core,
    find: "isJudgedLive || isJudgedLocally",
    replace: "isJudgedLive",
    also: [
      {
        file: core,
        find: "  const isJudgedLocally = jwt !== undefined && keys.some(({ usable }) => usable)\n",
        replace: "",
      },
      { file: core, find: "  { id, jwt }: Identity,", replace: "  { id }: Identity," },
    ],
    tests: [documents],
  },
  {
    name: "health is down while an origin fails at which no token is judged",
    file: core,
    find: "!judges || isUsable(at)",
    replace: "(judges || !judges) && isUsable(at)",
    tests: [report],
  },
  {
    name: "health ignores an unknown option",
    file: core,
    find: 'name !== "probe")',
    replace: 'name === "")',
    tests: [report],
  },
  {
    name: "health reports too old keys as usable",
    file: "src/core/jwt/keys.ts",
    find: "isUsable: set.getIfUsable(now) !== undefined, reason",
    replace: "isUsable: fetchedAt !== undefined, reason",
    tests: [documents],
  },
  {
    name: "health reports a circuit without the time at which it opened",
    file: "src/adapters/transport/circuit.ts",
    find: "    this.#changedAt = now\n",
    replace: "",
    tests: [report],
  },
]
