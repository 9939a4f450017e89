import type { Fault } from "./fault.ts"

const device = "src/adapters/oidc/operations/device-authorization.ts"
const call = "src/adapters/oidc/http/openid-client-call.ts"
const jwa = "src/internal/jwa.ts"
const keySet = "src/adapters/oidc/http/key-set.ts"
const pollDevice = ["test/unit/poll-device.test.ts"]
const publishedKeys = ["test/unit/published-keys.test.ts"]
const unusableKeys = ["test/jwt/unusable-keys.test.ts"]
const requiredClaims = ["test/jwt/required-claims.test.ts"]

/** Faults in what one failed poll, one malformed key, one wrong claim or one failed renewal must not spoil. */
export const partialFailures: ReadonlyArray<Fault> = [
  {
    name: "an outage during the polling for a device ends the login",
    file: device,
    find: "if (!isRetryable(reason)) return undefined",
    replace: "return undefined",
    tests: pollDevice,
  },
  {
    name: "Retry-After is ignored by the polling for a device",
    file: device,
    find: "Math.max(interval, after) * 1000",
    replace: "interval * 1000",
    tests: pollDevice,
  },
  {
    name: "the polling for a device does not slow down after a timeout",
    file: device,
    find: "paused * 2",
    replace: "paused",
    tests: pollDevice,
  },
  {
    name: "UserInfo discovers the keys before it has a signed response",
    file: call,
    find: "    const observed: Observed = {}\n",
    replace: "    yield* discover(engine, call, resolved)\n    const observed: Observed = {}\n",
    tests: publishedKeys,
  },
  {
    name: "UserInfo is requested again when the keys of a signed response are known",
    file: call,
    find: "if (isMain && observed.response !== undefined) return fetchResponse(withoutAbsentMembers(observed.response))",
    replace: "",
    tests: publishedKeys,
  },
  {
    name: "408 and 425 are no outages",
    file: "src/internal/outage-status.ts",
    find: "status >= 500 || status === 408 || status === 425",
    replace: "status >= 500",
    tests: ["test/unit/outage-statuses.test.ts", "test/policies/circuit-breaker.test.ts"],
  },
  {
    name: "an RSA key with a public exponent of 1 verifies",
    file: jwa,
    find: '(kty !== "RSA" || isExponent(e))',
    replace: '(kty !== "RSA" || e !== "")',
    tests: unusableKeys,
  },
  {
    name: "a key whose key_ops lacks verify is used",
    file: jwa,
    find: 'key_ops.includes("verify")',
    replace: "key_ops.length > 0",
    tests: unusableKeys,
  },
  {
    name: "a signed UserInfo response is verified with a refused key",
    file: keySet,
    find: "mayVerify(key) && ",
    replace: "",
    tests: unusableKeys,
  },
  {
    name: "a malformed member spoils the whole key set",
    file: keySet,
    find: "return data === undefined ? [] : publicKeyOf(data)",
    replace: "return publicKeyOf(data ?? publicKey.parse(member))",
    tests: unusableKeys,
  },
  {
    name: "a required claim may have any type",
    file: "src/core/jwt/claims.ts",
    find: 'return typeof claims[name] === "string"\n',
    replace: "return true\n",
    tests: requiredClaims,
  },
  {
    name: "a cached token is dropped when its renewal fails with an error about the client",
    file: "src/core/policies/client-credentials-cache.ts",
    find: "survives: () => true,",
    replace: "survives: (error) => error?.isRetryable === true,",
    tests: ["test/policies/service-token.test.ts"],
  },
  {
    name: "the service token is dropped when its renewal fails with an error about the client",
    file: "src/adapters/oidc/engine/service-token.ts",
    find: "survives: () => true,",
    replace: 'survives: (reason) => reason?._tag === "Unavailable",',
    tests: ["test/kinde/management-token.test.ts"],
  },
]
