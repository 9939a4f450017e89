import type { Fault } from "./fault.ts"

const commandsFile = "src/redis/commands.ts"
const greeting = "src/redis/greeting.ts"
const cache = "src/core/policies/introspection-cache.ts"
const commands = ["test/fleet/commands.test.ts"]
const localHit = ["test/fleet/local-hit.test.ts"]

/** What a busy process asks of the store of a fleet, and what a local hit does not ask of it. */
export const fleetLoadFaults: ReadonlyArray<Fault> = [
  {
    name: "a late reply leaves the circuit of the fleet open",
    file: commandsFile,
    find: "    if (!command.hasEnded) finish(command, answer)\n",
    replace: "    if (command.hasEnded) return\n    finish(command, answer)\n",
    tests: commands,
  },
  {
    name: "an error reply opens the circuit of the fleet",
    file: commandsFile,
    find: "(errorReplyOf(error) === undefined ? fail(command) : receive(command, undefined))",
    replace: "(errorReplyOf(error) === undefined ? fail(command) : fail(command))",
    tests: commands,
  },
  {
    name: "a broken connection counts as an error reply",
    file: "src/redis/client.ts",
    find: "/^[A-Z][A-Z0-9_]+(?=\\s|$)/.exec",
    replace: "/^[A-Z]/.exec",
    tests: commands,
  },
  {
    name: "a command counts as late while its reply waits in the socket",
    file: commandsFile,
    find: "else setImmediate(() => this.#onLate(this))",
    replace: "else this.#onLate(this)",
    also: [{ file: commandsFile, find: "lateBy < longestTurn", replace: "lateBy < 10_000" }],
    tests: commands,
  },
  {
    name: "a busy process gives its commands no more time",
    file: commandsFile,
    find: "lateBy < longestTurn",
    replace: "lateBy < 10_000",
    tests: commands,
  },
  {
    name: "the greeting of a connection waits for the first call",
    file: "src/redis/script-runner.ts",
    find: "connection.onReady(greeting.begin)",
    replace: "connection.onReady(() => undefined)",
    tests: commands,
  },
  {
    name: "a command waits for the greeting of a connection for as long as it takes",
    file: greeting,
    find: "    deadlines.add(due)\n",
    replace: "",
    tests: commands,
  },
  {
    name: "a command comes before the greeting of a new connection",
    file: greeting,
    find: '      latest = { state: "late", sentAt, ended: notDone }\n',
    replace: "",
    tests: commands,
  },
  {
    name: "each attempt of a client to connect sends a greeting",
    file: greeting,
    find: 'latest?.state === "late" ? latest.sentAt : monotonicNow()',
    replace: "monotonicNow() - openFor",
    tests: commands,
  },
  {
    name: "a local hit sends a command to the fleet",
    file: cache,
    find: '    cache.count?.("hit")\n    return answerOf(',
    replace:
      '    void cache.fleet?.mayRevalidate(key, 1).pipe(Effect.runPromise)\n    cache.count?.("hit")\n    return answerOf(',
    tests: localHit,
  },
  {
    name: "a process of a fleet has no answer at once",
    file: cache,
    find: 'if (typeof token !== "string" || maxAge === undefined ||',
    replace: 'if (cache.fleet !== undefined || typeof token !== "string" || maxAge === undefined ||',
    tests: localHit,
  },
]
