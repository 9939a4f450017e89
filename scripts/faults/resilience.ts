import type { Fault } from "./fault.ts"

const token = "src/adapters/oidc/engine/service-token.ts"
const refreshAhead = "src/internal/refresh-ahead.ts"
const keys = "src/core/jwt/keys.ts"
const wait = "src/adapters/oidc/http/retry-after.ts"
const whatHappens = ["test/policies/what-happens.test.ts"]
const rotation = ["test/policies/secret-rotation.test.ts"]
const serviceToken = ["test/kinde/management-token.test.ts"]
const discovery = ["test/policies/discovery-outage.test.ts"]
const retryAfter = ["test/unit/error-response-shapes.test.ts"]

/** Stale results, timeouts, and clocks that move back. */
export const resilience: ReadonlyArray<Fault> = [
  {
    name: "a call that times out gets no stale result",
    file: "src/core/policies/timeout.ts",
    find: "inner.fallback?.(args, error) ?? Effect.fail(error)",
    replace: "Effect.fail(error)",
    tests: whatHappens,
  },
  {
    name: "any successful operation selects a secret",
    file: "src/adapters/oidc/secret-rotation.ts",
    find: "if (!authenticates(operation)) return sent",
    replace: "if (!authenticates(operation)) return use(secret, sent)",
    tests: rotation,
  },
  {
    name: "a call that is rejected late is not repeated with the service token fetched meanwhile",
    file: token,
    find: "token.current()?.accessToken !== accessToken ||",
    replace: "",
    tests: serviceToken,
  },
  {
    name: "a valid service token is dropped when its refresh fails",
    file: "src/internal/kept-value.ts",
    find: "if (!this.#survives(this.lastError)) this.current = undefined",
    replace: "this.current = undefined",
    tests: [...serviceToken, ...discovery],
  },
  {
    name: "a metadata document is used forever",
    file: "src/adapters/oidc/engine/discovered-metadata.ts",
    find: "ageOf(fetchedAt, now) < usableFor",
    replace: "ageOf(fetchedAt, now) < usableFor * 100",
    tests: discovery,
  },
  {
    name: "a new metadata document with another issuer is ignored",
    file: "src/internal/kept-value.ts",
    find: "if (!this.#survives(this.lastError)) this.current = undefined",
    replace: "if (this.lastError === undefined) this.current = undefined",
    tests: discovery,
  },
  {
    name: "keys are used although the clock has moved back",
    file: "src/internal/time.ts",
    find: "(now < then ? Number.POSITIVE_INFINITY : now - then)",
    replace: "now - then",
    tests: ["test/jwt/key-set-requests.test.ts"],
  },
  {
    name: "a failed request for the key set blocks the next one for the whole pause",
    file: keys,
    find: "Math.min(coolDown * 2 **",
    replace: "Math.max(longestPause, coolDown * 2 **",
    tests: ["test/jwt/keys-outage.test.ts"],
  },
  {
    name: "a cached answer from the future blocks newer answers",
    file: "src/core/policies/cached-introspection.ts",
    find: "requestedAt > now - processStart",
    replace: "requestedAt > now + processStart",
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
    file: wait,
    find: ".find((each) => each !== undefined)",
    replace: "[0]",
    tests: retryAfter,
  },
  {
    name: "a rate limit header counts as a wait for statuses other than 429",
    file: wait,
    find: "status === 429 ? [",
    replace: "status >= 429 ? [",
    tests: retryAfter,
  },
  {
    name: "a Unix time in a wait header is read as a duration",
    file: wait,
    find: "number < epoch.seconds ?",
    replace: "number < epoch.seconds * epoch.millis ?",
    tests: retryAfter,
  },
  {
    name: "the pause after failed requests for the key set does not grow",
    file: keys,
    find: "2 ** Math.max(0, failures - 1)",
    replace: "2 ** Math.max(0, 0 * failures)",
    tests: ["test/jwt/keys-outage.test.ts"],
  },
  {
    name: "a call waits for a refresh while the current value is valid",
    file: refreshAhead,
    find: "Effect.as(start, value)",
    replace: "fetched",
    tests: [...serviceToken, ...discovery],
  },
  {
    name: "a service token that is rejected for a missing scope is fetched again for each call",
    file: token,
    find: "ageOf(replacementRejectedAt, now) >= unprovenFor",
    replace: "ageOf(replacementRejectedAt, now) >= 0",
    tests: serviceToken,
  },
  {
    name: 'a call with freshness "live" gets a stale result when it times out',
    file: "src/core/policies/introspection-cache.ts",
    find: 'const isUncached = freshness === "live" ||',
    replace: "const isUncached =",
    tests: whatHappens,
  },
]
