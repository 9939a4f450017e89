import type { Fault } from "./fault.ts"

const file = "src/adapters/oidc/http/error-response.ts"
const tests = ["test/unit/refusal.test.ts", "test/unit/refusal-shapes.test.ts"]

/** What a vendor's refusal means. */
export const refusals: ReadonlyArray<Fault> = [
  {
    name: "a 401 of introspection is held against the caller's token",
    file,
    find: '  "userInfo",\n  "registration.read",',
    replace: '  "userInfo",\n  "introspect",\n  "registration.read",',
    tests,
  },
  {
    name: "a 429 does not say how long to wait",
    file,
    find: "return { _tag: tag, ...after(answer) }",
    replace: "return { _tag: tag }",
    tests,
  },
  {
    name: "Retry-After is taken for milliseconds",
    file: "src/adapters/oidc/http/retry-after.ts",
    find: "Duration.seconds(Math.max",
    replace: "Duration.millis(Math.max",
    tests,
  },
  {
    name: "a 429 is an invalid request like any other",
    file,
    find: 'if (status === 429) return build("RateLimited")',
    replace: "",
    tests,
  },
  {
    name: "a 409 is no conflict",
    file,
    find: 'if (status === 409 && body !== undefined) return build("Conflict")',
    replace: "",
    tests,
  },
  {
    name: "every 404 is a missing resource, a proxy's page too",
    file,
    find: "if (inWords && resource.test(operation))",
    replace: "if (resource.test(operation))",
    tests,
  },
  {
    name: "an endpoint that this release lacks is a broken answer",
    file,
    find: "return server.versionDependent?.includes(operation)",
    replace: "return server.versionDependent === undefined && operation === undefined",
    tests,
  },
  {
    name: "invalid_grant is blamed on the client's credentials",
    file,
    find: 'invalid_grant: "InvalidGrant"',
    replace: 'invalid_grant: "InvalidClient"',
    tests,
  },
  {
    name: "slow_down is plain pending",
    file,
    find: 'slowDown: code === "slow_down"',
    replace: "slowDown: false",
    tests,
  },
  {
    name: "a 5xx with a code is judged by its code",
    file,
    find: 'if (status >= 500) return build("Unavailable")',
    replace: 'if (status >= 500 && code === undefined) return build("Unavailable")',
    tests,
  },
]
