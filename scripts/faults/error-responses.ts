import type { Fault } from "./fault.ts"

const file = "src/adapters/oidc/http/error-response.ts"
const tests = ["test/unit/error-response-codes.test.ts", "test/unit/error-response-shapes.test.ts"]

/** The reason for a vendor's error response. */
export const errorResponses: ReadonlyArray<Fault> = [
  {
    name: "a 401 from the introspection endpoint is reported as InvalidToken",
    file,
    find: '  "userInfo",\n  "registration.read",',
    replace: '  "userInfo",\n  "introspect",\n  "registration.read",',
    tests,
  },
  {
    name: "a 429 has no wait",
    file,
    find: 'return { _tag: tag, ...(words !== "" && { detail: words }), ...retryAfter(response) }',
    replace: 'return { _tag: tag, ...(words !== "" && { detail: words }) }',
    tests,
  },
  {
    name: "Retry-After is read as milliseconds",
    file: "src/adapters/oidc/http/retry-after.ts",
    find: "Duration.seconds(Math.max",
    replace: "Duration.millis(Math.max",
    tests,
  },
  {
    name: "a 429 is reported as InvalidRequest",
    file,
    find: 'if (status === 429) return build("RateLimited")',
    replace: "",
    tests,
  },
  {
    name: "a 409 is not reported as Conflict",
    file,
    find: 'if (status === 409 && body !== undefined) return build("Conflict")',
    replace: "",
    tests,
  },
  {
    name: "a proxy's 404 page is reported as NotFound",
    file,
    find: "if (hasError && recordOperations.test(operation))",
    replace: "if (recordOperations.test(operation))",
    tests,
  },
  {
    name: "an endpoint that the server's release lacks is reported as UnexpectedResponse",
    file,
    find: "return server.versionDependent?.includes(operation)",
    replace: "return server.versionDependent === undefined && operation === undefined",
    tests,
  },
  {
    name: "invalid_grant is reported as InvalidClient",
    file: "src/adapters/oidc/http/error-codes.ts",
    find: 'invalid_grant: "InvalidGrant"',
    replace: 'invalid_grant: "InvalidClient"',
    tests,
  },
  {
    name: "slow_down is reported as authorization_pending",
    file,
    find: 'slowDown: code === "slow_down"',
    replace: "slowDown: false",
    tests,
  },
  {
    name: "a 5xx with an error code is not reported as Unavailable",
    file,
    find: 'if (isOutageStatus(status)) return build("Unavailable")',
    replace: 'if (isOutageStatus(status) && code === undefined) return build("Unavailable")',
    tests,
  },
]
