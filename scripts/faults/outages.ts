import type { Fault } from "./fault.ts"

const retry = "src/core/policies/retry.ts"
const credentials = "src/core/policies/client-credentials-cache.ts"
const rotation = "src/adapters/oidc/secret-rotation.ts"
const trace = "src/core/policies/trace.ts"
const retries = ["test/policies/retry.test.ts"]
const tokenCache = ["test/policies/service-token.test.ts"]
const rotations = ["test/policies/secret-rotation.test.ts"]
const traces = ["test/policies/trace.test.ts"]

/** Retries, cached service tokens, secret rotation and traces. */
export const outages: ReadonlyArray<Fault> = [
  {
    name: "a refresh is retried",
    file: "src/core/policies/call-class.ts",
    find: '  clientCredentials: "idempotent",\n',
    replace: '  clientCredentials: "idempotent",\n  refresh: "idempotent",\n',
    tests: retries,
  },
  {
    name: "a call with retry: false is retried",
    file: retry,
    find: " || (args[index] as CallOptions | undefined)?.retry === false) return first",
    replace: ") return first",
    tests: retries,
  },
  {
    name: "a retry ignores the wait that the vendor requested",
    file: retry,
    find: "const pause = (retryAfter === undefined ? 0 : Math.max(retryAfter, step)) + ",
    replace: "const pause = ",
    tests: retries,
  },
  {
    name: "a retry waits longer than maxDelay",
    file: retry,
    find: " || (retryAfter ?? 0) > longest",
    replace: "",
    tests: retries,
  },
  {
    name: "the retry delay has no jitter",
    file: retry,
    find: "+ random * step",
    replace: "+ step",
    tests: retries,
  },
  {
    name: "retries have no budget",
    file: retry,
    find: " || left < 1",
    replace: "",
    tests: retries,
  },
  {
    name: "a service token is not refreshed before it expires",
    file: credentials,
    find: "now < end - margin(end - fetchedAt)",
    replace: "now < end",
    tests: tokenCache,
  },
  {
    name: "a service token is used after it expires when its refresh fails",
    file: credentials,
    find: " && now < (expiresAt?.getTime() ?? 0)",
    replace: " && expiresAt !== undefined",
    tests: tokenCache,
  },
  {
    name: "a token for one scope is returned for another",
    file: credentials,
    find: "JSON.stringify([sorted(request?.scopes), sorted(request?.audience)])",
    replace: "JSON.stringify([sorted(request?.audience)])",
    tests: tokenCache,
  },
  {
    name: "the rejection of an old token drops the newer one",
    file: "src/core/policies/service-tokens.ts",
    find: "if (token.current()?.accessToken === accessToken) {",
    replace: "if (accessToken !== undefined) {",
    tests: tokenCache,
  },
  {
    name: "a revoked service token is returned from the cache",
    file: credentials,
    find: '    if (operation === "revoke")\n      return { ...inner, call: (...args) => finallyRun(call(...args), () => dropEverywhere(cache, args[0])) }\n',
    replace: "",
    tests: tokenCache,
  },
  {
    name: "concurrent refreshes of one token are separate requests",
    file: "src/core/policies/shared-tokens.ts",
    find: "flights.do(key, () => frozen)",
    replace: "(key ? frozen : flights.do(key, () => frozen))",
    tests: tokenCache,
  },
  {
    name: "the old secret is tried first",
    file: rotation,
    find: "let inUse = 0",
    replace: "let inUse = 1",
    tests: rotations,
  },
  {
    name: "the secret that works is not remembered",
    file: rotation,
    find: "        inUse = secret\n",
    replace: "",
    tests: rotations,
  },
  {
    name: "any failure tries the other secret",
    file: rotation,
    find: 'error.reason._tag !== "InvalidClient"\n',
    replace: 'error.reason._tag === "NotFound"\n',
    tests: rotations,
  },
  {
    name: "a span's name contains the token",
    file: trace,
    find: "spanPrefix + operation, span)",
    replace: "spanPrefix + operation + String(args[0]), span)",
    tests: traces,
  },
  {
    name: "a span lacks the reason of a failed call",
    file: trace,
    find: "reason`, reason._tag)",
    replace: 'reason`, "")',
    tests: traces,
  },
  {
    name: "a span is created without a tracer",
    file: trace,
    find: "tracer !== undefined && tracer !== Tracer.nativeTracer",
    replace: "true",
    tests: traces,
  },
  {
    name: "a request through openid-client has no parent span",
    file: "src/adapters/oidc/http/openid-client-call.ts",
    find: "Effect.runPromiseExitWith(context)(",
    replace: "Effect.runPromiseExit(",
    tests: traces,
  },
]
