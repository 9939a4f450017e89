import type { Fault } from "./fault.ts"

const serviceToken = "test/policies/service-token.test.ts"
const refreshAhead = "test/unit/refresh-ahead.test.ts"
const environment = "test/unit/environment.test.ts"

/** Faults in what is kept and refreshed, in the places of policies, and in reading the environment. */
export const refreshAheadFaults: ReadonlyArray<Fault> = [
  {
    name: "a member of Policies has no place in the composition",
    file: "src/ports/policies.ts",
    find: "  readonly trace?: false | undefined\n",
    replace: "  readonly trace?: false | undefined\n  readonly hedging?: false | undefined\n",
    also: [
      {
        file: "src/adapters/oidc/configuration/policy-settings.ts",
        find: "  trace: off.optional(),\n",
        replace: "  trace: off.optional(),\n  hedging: off.optional(),\n",
      },
    ],
    tests: "types",
  },
  {
    name: "the interface of a configuration has a member that its schema lacks",
    file: "src/adapters/ory/config.ts",
    find: "interface OryIssuer {\n",
    replace: "interface OryIssuer {\n  readonly region?: string | undefined\n",
    tests: "types",
  },
  {
    name: "a service token is requested with the arguments of an earlier call",
    file: "src/core/policies/client-credentials-cache.ts",
    find: "  source.call = call\n",
    replace: "",
    tests: [serviceToken],
  },
  {
    name: "a failing request for a service token evicts cached tokens",
    file: "src/core/policies/client-credentials-cache.ts",
    find: "  cache.pending.set(key, entry)\n",
    replace: "  cache.entries.set(key, entry)\n",
    tests: [serviceToken],
  },
  {
    name: "a service token of a call with retry: false does not count against the limit",
    file: "src/core/policies/client-credentials-cache.ts",
    find: "      store(cache, key, entry, bytes)\n      return tokens",
    replace: "      store(cache, key, entry, 0)\n      return tokens",
    tests: [serviceToken],
  },
  {
    name: "a fetch that hangs blocks later callers after its callers gave up",
    file: "src/internal/kept-value.ts",
    find: "    kept.flight = undefined\n    return Effect.asVoid",
    replace: "    return Effect.asVoid",
    tests: [refreshAhead],
  },
  {
    name: "a refresh ends with the caller that started it",
    file: "src/internal/refresh-ahead.ts",
    find: "Effect.asVoid(Effect.uninterruptible(begin(true)))",
    replace: "Effect.asVoid(Effect.uninterruptible(begin(false)))",
    also: [
      {
        file: "src/internal/kept-value.ts",
        find: "    this.flight = flight\n",
        replace: "    this.flight = isRefresh ? flight : undefined\n",
      },
    ],
    tests: [refreshAhead],
  },
  {
    name: "the pause after a failed fetch does not grow",
    file: "src/internal/refresh-ahead.ts",
    find: "ageOf(kept.startedAt, now) >= pause(kept.failures)",
    replace: "ageOf(kept.startedAt, now) >= pause(0)",
    tests: [refreshAhead],
  },
  {
    name: "a list in a variable is read as one text",
    file: "src/adapters/oidc/configuration/environment.ts",
    find: 'if (notations.has("list")) return',
    replace: "if (text === undefined) return",
    tests: [environment],
  },
  {
    name: "a secret that looks like JSON is parsed",
    file: "src/adapters/oidc/configuration/environment.ts",
    find: 'if (!notations.has("text")) return',
    replace: 'if (!notations.has("text") || text.startsWith("{")) return',
    tests: [environment],
  },
]
