import type { Fault } from "./fault.ts"

const record = "src/redis/availability.ts"
const watch = "src/adapters/oidc/watch-fleet.ts"
const provider = "src/adapters/oidc/fleet-of-provider.ts"
const availability = ["test/fleet/availability.test.ts"]
const health = ["test/health/health.test.ts"]
const series = ["test/opentelemetry/series-and-events.test.ts"]
const news = ["test/properties/news.test.ts"]
const closing = ["test/fleet/closing.test.ts"]
const format = ["test/fleet/format.test.ts"]

/** What an operator of a fleet sees, and what rollouts, foreign messages and a closed fleet must not do. */
export const fleetOperationFaults: ReadonlyArray<Fault> = [
  {
    name: "each command without an answer reports the outage of the fleet",
    file: record,
    find: "    from.clear()\n    for (const listener of told) to.add(listener)\n",
    replace: "    for (const listener of told) to.add(listener)\n",
    tests: availability,
  },
  {
    name: "one late command is an outage of the fleet",
    file: record,
    find: "const leastCommands = 3",
    replace: "const leastCommands = 1",
    tests: availability,
  },
  {
    name: "a moment without answers is an outage of the fleet",
    file: record,
    find: "const leastTime = 1000",
    replace: "const leastTime = 0",
    tests: availability,
  },
  {
    name: "a store that answers now and then floods the log",
    file: record,
    find: "const leastPause = 10_000",
    replace: "const leastPause = 0",
    tests: availability,
  },
  {
    name: "a fleet that answers again is not reported",
    file: record,
    find: "      report(informed, uninformed, undefined)\n",
    replace: "",
    tests: availability,
  },
  {
    name: "an outage of the fleet has the cause of an earlier one",
    file: record,
    find: "    answered: () => {\n      explanation = undefined\n",
    replace: "    answered: () => {\n",
    tests: availability,
  },
  {
    name: "a listener of the fleet that throws keeps the others uninformed",
    file: "src/redis/listeners.ts",
    find: "      // An exception in an event of a client would end the process.\n",
    replace: "      return\n",
    tests: availability,
  },
  {
    name: "an outage of the fleet does not name the error of the server",
    file: "src/redis/script-runner.ts",
    find: "      onError(detailOf(error))\n",
    replace: "",
    tests: availability,
  },
  {
    name: "health sends no command to the store of the fleet",
    file: "src/adapters/oidc/assemble.ts",
    find: "makeMonitor(engine, watched?.ask)",
    replace: "makeMonitor(engine)",
    tests: health,
  },
  {
    name: "a process without its fleet is not ready",
    file: "src/core/health.ts",
    find: "const status: HealthStatus = answers.every((_, at) => isUsable(at))",
    replace: "const status: HealthStatus = fleet?.answers !== false && answers.every((_, at) => isUsable(at))",
    tests: health,
  },
  {
    name: "health does not name the failure of a fleet that does not answer",
    file: watch,
    find: "      current = failure\n",
    replace: "",
    tests: health,
  },
  {
    name: "a closed client listens to its fleet",
    file: watch,
    find: "(remove) => Effect.sync(remove)",
    replace: "() => Effect.void",
    tests: health,
  },
  {
    name: "the gauge of the fleet stays at 0",
    file: watch,
    find: "gauge(failure === undefined ? 0 : 1, context)",
    replace: "gauge(0, context)",
    tests: series,
  },
  {
    name: "an outage of the fleet is not logged as a warning",
    file: "src/internal/log.ts",
    find: '  "RevocationUnshared",\n  "FleetUnavailable",\n',
    replace: '  "RevocationUnshared",\n',
    tests: series,
  },
  {
    name: "a message of another form is read",
    file: "src/redis/news-text.ts",
    find: "Array.isArray(ends) && ends.every(isEnd)",
    replace: "Array.isArray(ends)",
    tests: news,
  },
  {
    name: "an end with an unknown member is read without it",
    file: "src/redis/news-text.ts",
    find: "Object.hasOwn(members, name) && members[name]?.(member) === true)",
    replace: "members[name]?.(member) !== false)",
    tests: news,
  },
  {
    name: "a huge message is decrypted",
    file: "src/redis/news.ts",
    find: "message.length > longestMessage ? undefined : ",
    replace: "",
    tests: news,
  },
  {
    name: "a client throws after its fleet was closed",
    file: "src/redis/client.ts",
    find: "    remove()\n    keepErrorListener(client)\n",
    replace: "    remove()\n",
    tests: closing,
  },
  {
    name: "each fleet that was closed leaves a listener at its client",
    file: "src/redis/client.ts",
    find: 'client.listenerCount?.("error") === 0',
    replace: 'client.listenerCount?.("error") !== undefined',
    tests: closing,
  },
  {
    name: "an entry of another format is read",
    file: provider,
    find: "claim: (key, options) => fleet.claim(keyOf(key), options)",
    replace: "claim: (key, options) => fleet.claim(key, options)",
    also: [
      { file: provider, find: "find: (key) => fleet.find(keyOf(key))", replace: "find: (key) => fleet.find(key)" },
      {
        file: provider,
        find: "fleet.put(keyOf(key), value, options)",
        replace: "fleet.put(key, value, options)",
      },
    ],
    tests: format,
  },
  {
    name: "a value of another format is read",
    file: provider,
    find: "get: (key) => fleet.get(keyOf(key))",
    replace: "get: (key) => fleet.get(key)",
    also: [
      {
        file: provider,
        find: "fleet.set(keyOf(key), value, lifetime)",
        replace: "fleet.set(key, value, lifetime)",
      },
    ],
    tests: format,
  },
  {
    name: "a process waits for one of another format, whose result it cannot read",
    file: provider,
    find: "lock: (key, lifetime) => fleet.lock(keyOf(key), lifetime)",
    replace: "lock: (key, lifetime) => fleet.lock(key, lifetime)",
    tests: format,
  },
]
