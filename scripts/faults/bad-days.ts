import type { Fault } from "./fault.ts"

const whatHappens = ["test/policies/what-happens.test.ts"]
const breakers = ["test/policies/breaker.test.ts"]
const rotating = ["test/policies/rotation.test.ts"]
const ownToken = ["test/kinde/management-token.test.ts"]
const discovered = ["test/policies/discovery-outage.test.ts"]
const waits = ["test/unit/refusal-shapes.test.ts"]

/** What serves when the vendor, or the caller's time, is at an end; and clocks that jump. */
export const badDays: ReadonlyArray<Fault> = [
  {
    name: "a call whose time is over gets no old answer",
    file: "src/core/policies/timeout.ts",
    find: "resort?.(untimed, late) ?? Effect.fail(late)",
    replace: "resort && untimed ? Effect.fail(late) : Effect.fail(late)",
    tests: whatHappens,
  },
  {
    name: "a request that tries an origin and hangs is waited for",
    file: "src/adapters/transport/circuit-breaker.ts",
    find: "(out >= 0 && out < pause)",
    replace: "circuit.probedAt !== undefined",
    tests: breakers,
  },
  {
    name: "the breaker is told of in the process's registry, whoever asks",
    file: "src/adapters/transport/circuit-breaker.ts",
    find: "circuit.gauge(1, fiber.context)",
    replace: "circuit.gauge(1)",
    tests: breakers,
  },
  {
    name: "any success puts a secret in use",
    file: "src/adapters/oidc/secret-rotation.ts",
    find: "if (!proves(operation)) return call",
    replace: "if (!proves(operation)) return works(mine, call)",
    tests: rotating,
  },
  {
    name: "a refusal that comes late is not tried with the token that was fetched since",
    file: "src/adapters/oidc/engine/service-token.ts",
    find: "kept.last()?.accessToken !== own ||",
    replace: "",
    tests: ownToken,
  },
  {
    name: "an own token is thrown away when no other can be had",
    file: "src/internal/refresh-ahead.ts",
    find: "!(isFresh(last) || serves(last))",
    replace: "!(isFresh(last) || (serves(last) && Date.now() < 0))",
    tests: [...ownToken, ...discovered],
  },
  {
    name: "what was discovered serves for ever",
    file: "src/adapters/oidc/engine/make-engine.ts",
    find: "serves: ({ at }) => ageSince(at) < staleFor",
    replace: "serves: ({ at }) => ageSince(at) < staleFor * 100",
    tests: discovered,
  },
  {
    name: "a document of another issuer's is passed over",
    file: "src/internal/refresh-ahead.ts",
    find: "isRetryable(each.error))",
    replace: "(isRetryable(each.error) || last !== undefined))",
    tests: discovered,
  },
  {
    name: "keys outlive a clock that was set back",
    file: "src/core/jwt/keys.ts",
    find: "(now < then ? Number.POSITIVE_INFINITY : now - then)",
    replace: "(now < Number.NEGATIVE_INFINITY ? 0 : now - then)",
    tests: ["test/jwt/keys-ready.test.ts"],
  },
  {
    name: "a failure to get the keys is believed for half a minute",
    file: "src/core/jwt/keys.ts",
    find: "failure === undefined ? coolDown : Math.min(coolDown, afterFailure * 2 ** (failures - 1))",
    replace: "failures >= 0 && afterFailure > 0 ? coolDown : 0",
    tests: ["test/jwt/keys-outage.test.ts"],
  },
  {
    name: "an answer from a time that has not come keeps others out",
    file: "src/core/policies/cached-introspection.ts",
    find: "at > now - began",
    replace: "at > now + began",
    tests: ["test/policies/fact-cache.test.ts"],
  },
  {
    name: "one answer that is too heavy drives out all others",
    file: "src/core/policies/bounded-store.ts",
    find: "      if (value.bytes > limits.bytes) return\n",
    replace: "",
    tests: ["test/policies/flood.test.ts"],
  },
  {
    name: "a wait that cannot be read hides one that can",
    file: "src/adapters/oidc/http/retry-after.ts",
    find: ".find((each) => each !== undefined)",
    replace: "[0]",
    tests: waits,
  },
  {
    name: "a failing server's quota counts as its wish",
    file: "src/adapters/oidc/http/retry-after.ts",
    find: "status === 429 ? [",
    replace: "status >= 429 ? [",
    tests: waits,
  },
  {
    name: "a time to come back at is taken for a wait",
    file: "src/adapters/oidc/http/retry-after.ts",
    find: "number < epoch.seconds ?",
    replace: "number < epoch.seconds * epoch.millis ?",
    tests: waits,
  },
  {
    name: "keys that cannot be had are asked for every second",
    file: "src/core/jwt/keys.ts",
    find: "afterFailure * 2 ** (failures - 1)",
    replace: "afterFailure * 2 ** (failures * 0)",
    tests: ["test/jwt/keys-outage.test.ts"],
  },
  {
    name: "a call waits for another token while the one that is there is good",
    file: "src/internal/refresh-ahead.ts",
    find: "Effect.as(begun, last)",
    replace: "Effect.flatMap(begun, Deferred.await)",
    tests: [...ownToken, ...discovered],
  },
  {
    name: "a token that is refused for want of a scope is fetched anew each time",
    file: "src/adapters/oidc/engine/service-token.ts",
    find: " && Date.now() - futileAt >= unproven",
    replace: " && Date.now() - futileAt >= 0",
    tests: ownToken,
  },
  {
    name: "an old answer serves a call that wants a live one, when its time is over",
    file: "src/core/policies/introspection-cache.ts",
    find: 'staleFor === undefined || typeof freshness === "string" ||',
    replace: "staleFor === undefined ||",
    tests: whatHappens,
  },
]
