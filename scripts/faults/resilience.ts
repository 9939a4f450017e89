import type { Fault } from "./fault.ts"

const whatHappens = ["test/policies/what-happens.test.ts"]
const breakers = ["test/policies/circuit-breaker.test.ts"]
const rotation = ["test/policies/secret-rotation.test.ts"]
const serviceToken = ["test/kinde/management-token.test.ts"]
const discovery = ["test/policies/discovery-outage.test.ts"]
const retryAfter = ["test/unit/error-response-shapes.test.ts"]

/** Stale results, timeouts, circuit breakers, and clocks that move back. */
export const resilience: ReadonlyArray<Fault> = [
  {
    name: "a call that times out gets no stale result",
    file: "src/core/policies/timeout.ts",
    find: "resort?.(untimed, late) ?? Effect.fail(late)",
    replace: "resort && untimed ? Effect.fail(late) : Effect.fail(late)",
    tests: whatHappens,
  },
  {
    name: "the circuit breaker waits for a probe that hangs",
    file: "src/adapters/transport/circuit-breaker.ts",
    find: "(out >= 0 && out < pause)",
    replace: "circuit.probedAt !== undefined",
    tests: breakers,
  },
  {
    name: "the circuit breaker's gauge ignores the caller's metric registry",
    file: "src/adapters/transport/circuit-breaker.ts",
    find: "circuit.gauge(1, fiber.context)",
    replace: "circuit.gauge(1)",
    tests: breakers,
  },
  {
    name: "any successful operation selects a secret",
    file: "src/adapters/oidc/secret-rotation.ts",
    find: "if (!proves(operation)) return call",
    replace: "if (!proves(operation)) return works(mine, call)",
    tests: rotation,
  },
  {
    name: "a call that is rejected late is not repeated with the service token fetched meanwhile",
    file: "src/adapters/oidc/engine/service-token.ts",
    find: "kept.last()?.accessToken !== own ||",
    replace: "",
    tests: serviceToken,
  },
  {
    name: "a valid service token is dropped when its refresh fails",
    file: "src/internal/refresh-ahead.ts",
    find: "!(isFresh(last) || serves(last))",
    replace: "!(isFresh(last) || (serves(last) && Date.now() < 0))",
    tests: [...serviceToken, ...discovery],
  },
  {
    name: "a metadata document is used forever",
    file: "src/adapters/oidc/engine/make-engine.ts",
    find: "serves: ({ at }) => ageSince(at) < staleFor",
    replace: "serves: ({ at }) => ageSince(at) < staleFor * 100",
    tests: discovery,
  },
  {
    name: "a new metadata document with another issuer is ignored",
    file: "src/internal/refresh-ahead.ts",
    find: "isRetryable(each.error))",
    replace: "(isRetryable(each.error) || last !== undefined))",
    tests: discovery,
  },
  {
    name: "keys are used although the clock has moved back",
    file: "src/core/jwt/keys.ts",
    find: "(now < then ? Number.POSITIVE_INFINITY : now - then)",
    replace: "(now < Number.NEGATIVE_INFINITY ? 0 : now - then)",
    tests: ["test/jwt/key-set-requests.test.ts"],
  },
  {
    name: "a failed request for the key set blocks the next one for the whole pause",
    file: "src/core/jwt/keys.ts",
    find: "failure === undefined ? coolDown : Math.min(coolDown, afterFailure * 2 ** (failures - 1))",
    replace: "failures >= 0 && afterFailure > 0 ? coolDown : 0",
    tests: ["test/jwt/keys-outage.test.ts"],
  },
  {
    name: "a cached answer from the future blocks newer answers",
    file: "src/core/policies/cached-introspection.ts",
    find: "at > now - began",
    replace: "at > now + began",
    tests: ["test/policies/introspection-cache.test.ts"],
  },
  {
    name: "an entry over the byte limit evicts all others",
    file: "src/core/policies/bounded-store.ts",
    find: "      if (value.bytes > limits.bytes) return\n",
    replace: "",
    tests: ["test/policies/cache-limits.test.ts"],
  },
  {
    name: "an invalid wait header hides a valid one",
    file: "src/adapters/oidc/http/retry-after.ts",
    find: ".find((each) => each !== undefined)",
    replace: "[0]",
    tests: retryAfter,
  },
  {
    name: "a rate limit header counts as a wait for statuses other than 429",
    file: "src/adapters/oidc/http/retry-after.ts",
    find: "status === 429 ? [",
    replace: "status >= 429 ? [",
    tests: retryAfter,
  },
  {
    name: "a Unix time in a wait header is read as a duration",
    file: "src/adapters/oidc/http/retry-after.ts",
    find: "number < epoch.seconds ?",
    replace: "number < epoch.seconds * epoch.millis ?",
    tests: retryAfter,
  },
  {
    name: "the pause after failed requests for the key set does not grow",
    file: "src/core/jwt/keys.ts",
    find: "afterFailure * 2 ** (failures - 1)",
    replace: "afterFailure * 2 ** (failures * 0)",
    tests: ["test/jwt/keys-outage.test.ts"],
  },
  {
    name: "a call waits for a refresh while the current value is valid",
    file: "src/internal/refresh-ahead.ts",
    find: "Effect.as(begun, last)",
    replace: "Effect.flatMap(begun, Deferred.await)",
    tests: [...serviceToken, ...discovery],
  },
  {
    name: "a service token that is rejected for a missing scope is fetched again for each call",
    file: "src/adapters/oidc/engine/service-token.ts",
    find: " && Date.now() - futileAt >= unproven",
    replace: " && Date.now() - futileAt >= 0",
    tests: serviceToken,
  },
  {
    name: 'a call with freshness "live" gets a stale result when it times out',
    file: "src/core/policies/introspection-cache.ts",
    find: 'staleFor === undefined || typeof freshness === "string" ||',
    replace: "staleFor === undefined ||",
    tests: whatHappens,
  },
]
