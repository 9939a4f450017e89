import type { Fault } from "./fault.ts"

const provider = "src/adapters/oidc/fleet-of-provider.ts"
const ends = ["test/fleet/ends.test.ts"]
const oneProcess = ["test/fleet/one-process.test.ts"]

/** What clients of one process, and of one service, are to each other in a fleet. */
export const fleetOfProcessFaults: ReadonlyArray<Fault> = [
  {
    name: "a client does not learn of the ends of another client of its process",
    file: provider,
    find: "if (!own.has(listener)) for (const each of ends) listener(each)",
    replace: "if (own.has(listener) && ends.length < 0) listener(ends[0] as never)",
    tests: oneProcess,
  },
  {
    name: "a client hears what it has ended itself",
    file: provider,
    find: "if (!own.has(listener)) for",
    replace: "for",
    tests: oneProcess,
  },
  {
    name: "a closed client stays in the memory of its fleet",
    file: provider,
    find: "for (const listener of own.keys()) forget(listener)",
    replace: "for (const listener of own.keys()) own.get(listener)",
    tests: oneProcess,
  },
  {
    name: "two adapters with equal configurations share answers",
    file: "src/adapters/oidc/assemble.ts",
    find: "JSON.stringify([id, unredact(configs)])",
    replace: "JSON.stringify([unredact(configs)])",
    tests: oneProcess,
  },
  {
    name: "an unconfirmed end is given up for many later ones",
    file: "src/redis/ends.ts",
    find: "    unconfirmed.clear()\n    for (const server of servers) unconfirmed.set(server, { server })",
    replace: "    for (const [key] of Array.from(unconfirmed).slice(0, servers.size)) unconfirmed.delete(key)",
    tests: ends,
  },
  {
    name: "entries are read although an end has failed meanwhile",
    file: "src/redis/ends.ts",
    find: "return unconfirmed.size === 0\n  }",
    replace: "return isConfirmed\n  }",
    tests: ends,
  },
]
