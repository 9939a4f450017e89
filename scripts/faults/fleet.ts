import type { Fault } from "./fault.ts"

const scripts = "src/redis/scripts.ts"
const commands = "src/redis/commands.ts"
const sealing = "src/redis/sealing.ts"
const tier = "src/core/policies/fleet-tier.ts"
const engine = ["test/fleet/engine.test.ts"]
const tampering = ["test/fleet/tampering.test.ts"]
const outages = ["test/fleet/outages.test.ts"]
const introspection = ["test/fleet/introspection.test.ts"]
const answers = ["test/fleet/answers.test.ts"]
const refused = ["test/fleet/refused-commands.test.ts"]
const configuration = ["test/fleet/configuration.test.ts"]
const replay = ["test/fleet/replay-store.test.ts"]

/** What the processes of a fleet share. */
export const fleetFaults: ReadonlyArray<Fault> = [
  {
    name: "a hit of the fleet ignores ends",
    file: scripts,
    find: "and now - startedAt <= maxAge and not hasEnded(parties, itsRevision) then",
    replace: "and now - startedAt <= maxAge then",
    tests: engine,
  },
  {
    name: "a hit of the fleet ignores the age that the caller accepts",
    file: scripts,
    find: "and now >= startedAt and now - startedAt <= maxAge and",
    replace: "and now >= startedAt and",
    tests: engine,
  },
  {
    name: "the fleet stores what has ended during its request, and an entry without a check of its ends is read",
    file: scripts,
    find: "    if ended and tonumber(string.match(ended, '^(%d+):')) > revision then return true end",
    replace: "    if ended and tonumber(string.match(ended, '^(%d+):')) > revision + 1 then return true end",
    tests: engine,
  },
  {
    name: "an older answer replaces a newer one in the fleet",
    file: scripts,
    find: "if itsMark == mark and itsStart > startedAt then return 0 end",
    replace: "",
    tests: engine,
  },
  {
    name: "every process gets the lock of a key",
    file: scripts,
    find: "if redis.call('EXISTS', KEYS[1 + count + place]) == 1 then lock = 0 end",
    replace: "",
    tests: engine,
  },
  {
    name: "the sealed value does not cover its key and its header",
    file: sealing,
    find: ["      decipher.setAAD(Buffer.from(`", "{id}\\n", "{associated}`))"].join("$"),
    replace: ["      decipher.setAAD(Buffer.from(`", "{id}`))"].join("$"),
    also: [
      {
        file: sealing,
        find: ["      cipher.setAAD(Buffer.from(`", "{writing.id}\\n", "{associated}`))"].join("$"),
        replace: ["      cipher.setAAD(Buffer.from(`", "{writing.id}`))"].join("$"),
      },
    ],
    tests: tampering,
  },
  {
    name: "an end reaches only the entries of the secret that writes",
    file: "src/redis/ends.ts",
    find: 'flatMap((text) => sealing.names("party", text))',
    replace: 'flatMap((text) => sealing.names("party", text).slice(0, 1))',
    tests: tampering,
  },
  {
    name: "a message that the fleet cannot read is passed over",
    file: "src/redis/news.ts",
    find: 'if (ends === undefined) tell("unknown")',
    replace: "if (ends === undefined) return",
    tests: tampering,
  },
  {
    name: "a command of the fleet has no deadline",
    file: commands,
    find: "        deadlines.add(command)\n",
    replace: "",
    tests: outages,
  },
  {
    name: "a server that hangs gets more commands as others fail",
    file: commands,
    find: "underWay < Math.max(1, limits.underWay - failures)",
    replace: "underWay < limits.underWay + failures * 10",
    tests: outages,
  },
  {
    name: "the circuit of the fleet never opens",
    file: commands,
    find: "    openUntil = monotonicNow() + limits.openFor\n",
    replace: "",
    tests: outages,
  },
  {
    name: "an end that was not confirmed is not tried again",
    file: "src/redis/ends.ts",
    find: "      if (!isConfirmed) note(ends)\n      return isConfirmed\n    },",
    replace: "      return isConfirmed\n    },",
    tests: refused,
  },
  {
    name: "a server that started again with old data keeps its entries",
    file: scripts,
    find: "or (run ~= '' and found[3] ~= run) then",
    replace: "then",
    tests: outages,
  },
  {
    name: "an entry of an earlier start mark is read",
    file: scripts,
    find: "    if itsMark == mark and now >= startedAt",
    replace: "    if now >= startedAt",
    tests: outages,
  },
  {
    name: "a lost subscription does not drop the local answers",
    file: "src/redis/news.ts",
    find: '        if (!isBroken) tell("unknown")\n',
    replace: "",
    tests: outages,
  },
  {
    name: "each attempt to connect drops the local answers",
    file: "src/redis/news.ts",
    find: '        if (!isBroken) tell("unknown")\n',
    replace: '        tell("unknown")\n',
    tests: outages,
  },
  {
    name: "a lock that cannot be written makes the whole claim fail",
    file: scripts,
    find: "local set = redis.pcall('SET', KEYS[1 + count + place], owner, 'PX', lockFor)",
    replace: "local set = redis.call('SET', KEYS[1 + count + place], owner, 'PX', lockFor)",
    tests: refused,
  },
  {
    name: "an unshared revocation is not reported",
    file: "src/core/policies/fleet-ends.ts",
    find: "        if (!isConfirmed) provider.events?.emit(",
    replace: "        if (isConfirmed === undefined) provider.events?.emit(",
    tests: outages,
  },
  {
    name: "a process does not wait for the request of another one",
    file: tier,
    find: 'claim?.lock !== "taken" ||',
    replace: "",
    tests: introspection,
  },
  {
    name: "a process waits for the request of another one for as long as it takes",
    file: tier,
    find: "const longestWait = 100",
    replace: "const longestWait = 5000",
    tests: introspection,
  },
  {
    name: "a revocation is not told to the fleet",
    file: "src/core/policies/forgetting.ts",
    find: 'return endEverywhere(cache, "revoke", endsOfRevocation(all, grants), fiber)',
    replace: 'return endEverywhere(cache, "revoke", [], fiber)',
    tests: introspection,
  },
  {
    name: "a revocation of an unknown token empties the caches of the fleet",
    file: "src/core/policies/fleet-ends.ts",
    find: "    store.outdateAll()\n    return\n",
    replace: "    store.forgetAll()\n    return\n",
    tests: refused,
  },
  {
    name: "each process asks again about a token that may have ended",
    file: tier,
    find: '!== "taken"),',
    replace: '!== "nothing"),',
    tests: introspection,
  },
  {
    name: "an older answer of another process replaces a newer one",
    file: tier,
    find: "return state !== undefined && isNewest(share.found?.requestedAt ?? 0)",
    replace: "return state !== undefined",
    tests: answers,
  },
  {
    name: "a stale answer is used although it has ended in the fleet",
    file: "src/core/policies/introspection-requests.ts",
    find: 'found === "unavailable" ? own() : found === "none" ? Effect.fail(error) : serve(found),',
    replace: 'found === "unavailable" || found === "none" ? own() : serve(found),',
    tests: answers,
  },
  {
    name: "configurations that differ share answers",
    file: tier,
    find: 'scope ??= JSON.stringify([instance, endpoint, await fingerprint(), "introspect"])',
    replace: 'scope ??= JSON.stringify([instance, endpoint, "introspect"])',
    tests: answers,
  },
  {
    name: "a client with an offline queue is accepted",
    file: "src/redis/client.ts",
    find: "return options?.disableOfflineQueue === true",
    replace: "return options?.disableOfflineQueue !== false",
    tests: configuration,
  },
  {
    name: "a short secret of a fleet is accepted",
    file: "src/redis/options.ts",
    find: "return bytes >= leastBytes",
    replace: "return bytes >= 1",
    tests: configuration,
  },
  {
    name: "the secret of a fleet without a client is ignored",
    file: "src/fleet-config.ts",
    find: "issues: given.map((path) => ({ path, message }))",
    replace: "issues: given.slice(0, 0).map((path) => ({ path, message }))",
    tests: configuration,
  },
  {
    name: "a proof from before the store was emptied passes",
    file: scripts,
    find: "if usableSince and usableSince <= tonumber(redis.call('HGET', KEYS[1], 't')) then return 3 end",
    replace: "",
    tests: replay,
  },
  {
    name: "one key may fill the replay store of a fleet",
    file: scripts,
    find: "if redis.call('INCR', KEYS[2]) > tonumber(ARGV[3]) then return 2 end",
    replace: "redis.call('INCR', KEYS[2])",
    tests: replay,
  },
  {
    name: "the end of a session leaves the tokens of its subject that name no session",
    file: "src/redis/parties.ts",
    find: 'return [JSON.stringify(["session", server, session]), ...withoutSession]',
    replace: 'return [JSON.stringify(["session", server, session]), ...withoutSession.slice(1)]',
    tests: ["test/fleet/sessions.test.ts"],
  },
]
