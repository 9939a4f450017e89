import type { Fault } from "./fault.ts"

const cached = "src/core/policies/cached-introspection.ts"
const introspectionCache = "src/core/policies/introspection-cache.ts"
const requests = "src/core/policies/introspection-requests.ts"
const forgetting = "src/core/policies/forgetting.ts"
const cacheKey = "src/core/policies/cache-key.ts"
const store = "src/core/policies/introspection-store.ts"
const singleFlight = "src/core/policies/single-flight.ts"
const cache = "test/policies/introspection-cache.test.ts"
const revocations = "test/policies/revocations.test.ts"
const layers = "test/policies/layers.test.ts"
const races = "test/policies/race-conditions.test.ts"
const concurrency = "test/policies/concurrent-calls.test.ts"

/** The introspection cache and timeouts. */
export const policies: ReadonlyArray<Fault> = [
  {
    name: "a cached answer is used after the token's exp",
    file: cached,
    find: " && now - processStart < expiresAt",
    replace: "",
    tests: [cache],
  },
  {
    name: "a cached answer is used after the clock has moved back",
    file: cached,
    find: "age >= 0 && age <= maxAge",
    replace: "age <= maxAge",
    tests: [cache],
  },
  {
    name: "callers share the Date objects of a cached answer",
    file: cached,
    find: "Object.defineProperty(copy, name, getter)",
    replace: "Object.defineProperty(copy, name, { value: new Date(time), enumerable: true })",
    tests: [cache],
  },
  {
    name: "a caller can change a cached answer",
    file: "src/core/policies/deep-freeze.ts",
    find: "    Object.freeze(object)\n",
    replace: "",
    tests: [cache],
  },
  {
    name: "a cached answer is read from the text of another response",
    file: "src/internal/source-text.ts",
    find: "last?.state === state ? last.source : undefined",
    replace: "last?.source",
    tests: ["test/policies/source-text.test.ts"],
  },
  {
    name: "the waiters never finish when an answer cannot be cached",
    file: singleFlight,
    find: "return Exit.die(defect)",
    replace: "throw defect",
    tests: [concurrency],
  },
  {
    name: "a reparsed answer is kept although it exceeds its byte count",
    file: cached,
    find: "if (bytes <= entry.bytes) entry.shared = shared",
    replace: "if (bytes > 0) entry.shared = shared",
    tests: ["test/policies/cache-limits.test.ts"],
  },
  {
    name: "the waiters share the first caller's result object",
    file: "src/core/policies/introspection-request.ts",
    find: "this.#lifetimeOf(state))\n    return hasWaiters ? stateOf(entry) : state",
    replace: "this.#lifetimeOf(state))\n    return state",
    tests: [cache, concurrency],
  },
  {
    name: "all tokens have the same cache key",
    file: cacheKey,
    find: "digest(prefix() + text)",
    replace: "digest(prefix())",
    tests: [cache, "test/policies/cache-key.test.ts"],
  },
  {
    name: "two servers have the same cache key for a token",
    file: cacheKey,
    find: "JSON.stringify([instance, endpoint, credential, purpose])",
    replace: "JSON.stringify([instance, purpose])",
    tests: ["test/policies/cache-key.test.ts"],
  },
  {
    name: "the parts of a cache key are joined without separators",
    file: cacheKey,
    find: "JSON.stringify([instance, endpoint, credential, purpose])",
    replace: "instance + endpoint + credential + purpose",
    tests: ["test/policies/cache-key.test.ts"],
  },
  {
    name: "two credentials have the same cache key",
    file: "src/adapters/oidc/assemble.ts",
    find: "signatures.keyedHash(JSON.stringify(unredact(configs)))",
    replace: "signatures.keyedHash(JSON.stringify(configs))",
    tests: ["test/policies/cache-key.test.ts"],
  },
  {
    name: "an inactive answer is cached as long as an active one",
    file: store,
    find: "Math.min(maxAge, inactiveFor)",
    replace: "maxAge",
    tests: [cache],
  },
  {
    name: "an inactive answer is cached for a vendor that sends it during an outage",
    file: store,
    find: "inactiveWhenBroken ? 0 : toMillis(inactiveMaxAge)",
    replace: "toMillis(inactiveMaxAge)",
    tests: [cache],
  },
  {
    name: "inactive answers evict active ones",
    file: store,
    find: "(isActive ? active : inactive)",
    replace: "(isActive ? active : active)",
    tests: ["test/policies/cache-limits.test.ts", cache],
  },
  {
    name: "an older answer replaces a newer one",
    file: store,
    find: "        if (existing.requestedAt > entry.requestedAt && !isFromFuture(existing, clock.currentTimeMillisUnsafe()))\n          return entry\n",
    replace: "",
    tests: [cache],
  },
  {
    name: "an answer from before a revocation is cached after it",
    file: store,
    find: " || revoked.hasEndedToken(key, revocations)",
    replace: "",
    tests: [revocations],
  },
  {
    name: "revoke forgets nothing",
    file: forgetting,
    find: 'if (operation === "revoke") return',
    replace: 'if (operation === "userInfo") return',
    tests: [cache],
  },
  {
    name: "an operation that ends tokens keeps the active answers",
    file: store,
    find: "      active.delete(key)\n",
    replace: "",
    tests: [revocations],
  },
  {
    name: "a call after a revocation joins a request from before it",
    file: forgetting,
    find: "  flights?.forget(isKnown || !store.isOn ? undefined : keys)\n",
    replace: "",
    tests: [cache],
  },
  {
    name: "a failed revocation does not clear the cache",
    file: "src/core/policies/layer.ts",
    find: "Effect.onExitPrimitive(sent, () => effectOf(fiber))",
    replace: 'Effect.onExitPrimitive(sent, (exit) => (exit._tag === "Success" ? effectOf(fiber) : undefined))',
    tests: [cache],
  },
  {
    name: 'a call with freshness "live" gets a cached answer',
    file: introspectionCache,
    find: 'freshness === "live"\n',
    replace: "key === undefined\n",
    tests: [cache],
  },
  {
    name: "a stale result is not marked as stale",
    file: requests,
    find: "return Effect.succeed(staleOf(state))",
    replace: "return Effect.succeed(state)",
    tests: [cache],
  },
  {
    name: "a stale result is used after a rejection by the vendor",
    file: requests,
    find: "if (staleFor === undefined || !isOutage(error.reason)) return",
    replace: "if (staleFor === undefined) return",
    tests: [cache],
  },
  {
    name: "an abort by the first caller ends the request of the waiters",
    file: singleFlight,
    find: "own.waiters.size > 0 && Exit.hasInterrupts(exit)",
    replace: "own.waiters.size < 0 && Exit.hasInterrupts(exit)",
    tests: [concurrency],
  },
  {
    name: "a request without waiters is not interrupted",
    file: singleFlight,
    find: "return Fiber.interrupt(flight.fiber)",
    replace: "return Effect.void",
    tests: [concurrency],
  },
  {
    name: "concurrent calls for one token send separate requests",
    file: singleFlight,
    find: "const flight = this.#byKey.get(key)\n",
    replace: "const flight = this.#byKey.get(key) && (undefined as Flight<A, E> | undefined)\n",
    tests: [concurrency],
  },
  {
    name: "the timeout of one caller applies to all waiters",
    file: "src/core/policies/timeout.ts",
    find: "limited(inner.call(...others),",
    replace: "limited(inner.call(...args),",
    tests: [concurrency],
  },
  {
    name: "a store evicts the newest entry",
    file: "src/core/policies/bounded-store.ts",
    find: "order ??= entries.keys()",
    replace: "order ??= new Map(Array.from(entries).reverse()).keys()",
    tests: ["test/policies/cache-limits.test.ts"],
  },
  {
    name: "a store does not subtract the bytes of an evicted entry",
    file: "src/core/policies/bounded-store.ts",
    find: "    bytes -= value.bytes\n",
    replace: "",
    tests: ["test/policies/cache-limits.test.ts"],
  },
  {
    name: "a caller that arrives as a request ends waits forever",
    file: singleFlight,
    find: "    if (flight.send === undefined) return resume(restart())\n",
    replace: "",
    tests: [races],
  },
  {
    name: "a policy loses the result that is available without I/O",
    file: "src/core/policies/timeout.ts",
    find: "{ ...inner, call, getIfPresent: withoutTimeout(index, present) }",
    replace: "{ call, ...(inner.fallback !== undefined && { fallback: inner.fallback }) }",
    tests: [layers],
  },
  {
    name: "a policy loses the fallback of the layer below",
    file: "src/core/policies/refresh-single-flight.ts",
    find: "as AnyMethod } : inner",
    replace: "as AnyMethod } : { call: inner.call, ...(inner.getIfPresent && { getIfPresent: inner.getIfPresent }) }",
    tests: [layers],
  },
  {
    name: "a valid service token is not used when the timeout of a call expires",
    file: "src/core/policies/client-credentials-cache.ts",
    find: ", fallback: usableToken(cache) }",
    replace: " }",
    tests: ["test/policies/service-token.test.ts"],
  },
]
