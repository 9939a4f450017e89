import type { Fault } from "./fault.ts"

const file = "src/core/jwt/jwt.ts"
const validation = "src/core/jwt/local-validation.ts"
const times = ["test/jwt/times.test.ts"]
const verdicts = ["test/jwt/node-verdicts.test.ts"]
const validationCache = ["test/jwt/validation-cache.test.ts"]
const localResult = ["test/jwt/local-result.test.ts"]

/** Local validation of a JWT. */
export const jwtFaults: ReadonlyArray<Fault> = [
  {
    name: "the audience of a JWT is not compared",
    file: "src/core/jwt/claims.ts",
    find: '  if (accepted === undefined || accepted === "any") return true\n',
    replace: '  if (accepted !== "nothing") return true\n',
    tests: verdicts,
  },
  {
    name: "the issuer of a JWT is not compared",
    file: "src/core/jwt/claims.ts",
    find: " || !profile.issuers.includes(iss)",
    replace: "",
    tests: verdicts,
  },
  {
    name: "the expiry of a JWT is not checked",
    file: "src/core/jwt/claims.ts",
    find: "Number(claims.exp) * 1000 + clockSkew * 1000 > now &&",
    replace: "",
    tests: times,
  },
  {
    name: "a JWT is accepted before its nbf",
    file: "src/core/jwt/claims.ts",
    find: "(claims.nbf === undefined || Number(claims.nbf) * 1000 - clockSkew * 1000 <= now) &&",
    replace: "",
    tests: times,
  },
  {
    name: "a JWT with an iat in the future is accepted",
    file: "src/core/jwt/claims.ts",
    find: "(claims.iat === undefined || Number(claims.iat) * 1000 - clockSkew * 1000 <= now)",
    replace: "true",
    tests: times,
  },
  {
    name: "a JWT with an algorithm outside the profile is accepted",
    file,
    find: 'typeof alg !== "string" || !profile.algorithms.includes(alg)',
    replace: 'typeof alg !== "string"',
    tests: ["test/jwt/algorithms.test.ts"],
  },
  {
    name: "a JWT with a crit header is accepted",
    file,
    find: '["crit", "jwk"',
    replace: '["jwk"',
    tests: verdicts,
  },
  {
    name: "a JWT of another type is accepted as an access token",
    file,
    find: '  if (profile.hasFormat && !profile.types.includes(type)) return "format"\n',
    replace: "",
    tests: verdicts,
    also: [
      { file: "src/core/jwt/claims.ts", find: "types.includes(type) },", replace: "types.includes(type) || true }," },
    ],
  },
  {
    name: "a JWT with a forbidden claim is accepted",
    file: "src/core/jwt/claims.ts",
    find: "forbidden.every((name) => isMissing(claims[name]))",
    replace: "forbidden.length >= 0",
    tests: verdicts,
  },
  {
    name: "a JWT that does not fulfill a condition of its profile is accepted",
    file: "src/core/jwt/claims.ts",
    find: "access.every((when) => holds(when, subjectOf(claims, header)) && hasType(when, claims, scopes))",
    replace: "access.every((when) => hasType(when, claims, scopes) || true)",
    tests: ["test/jwt/required-claims.test.ts"],
  },
  {
    name: "a signature in non-canonical base64url is accepted on Node",
    file: "src/adapters/signature/node.ts",
    find: 'return bytes.toString("base64url") === base64url ? bytes : undefined',
    replace: "return bytes",
    tests: verdicts,
  },
  {
    name: "a signature in non-canonical base64url is accepted by Web Crypto",
    file: "src/adapters/signature/webcrypto.ts",
    find: "return canonical === base64url ?",
    replace: "return true ?",
    tests: ["test/jwt/webcrypto-verdicts.test.ts"],
  },
  {
    name: "the header of one JWT is used for the next",
    file,
    find: "const header = text === last?.text ?",
    replace: "const header = last !== undefined ?",
    tests: ["test/jwt/key-choice.test.ts"],
  },
  {
    name: "a caller can change the claims of a cached result",
    file: validation,
    find: "      deepFreeze(identification)\n",
    replace: "",
    tests: localResult,
  },
  {
    name: "a caller can change the audience of a cached result",
    file: validation,
    find: "      deepFreeze(identification)\n",
    replace: "      deepFreeze(identification.claims)\n",
    tests: ["test/jwt/derived-arrays.test.ts"],
  },
  {
    name: "a caller can change the scopes of a cached result",
    file: validation,
    find: "      deepFreeze(identification)\n",
    replace: "      deepFreeze({ ...identification, scopes: [] })\n",
    tests: ["test/jwt/derived-arrays.test.ts"],
  },
  {
    name: "a cached token is accepted although its key is gone",
    file: validation,
    find: "keys.getIfPresent(token.header, now) === token.key",
    replace: 'token.header.algorithm !== ""',
    tests: validationCache,
  },
  {
    name: "a cached token never expires",
    file: validation,
    find: "return isValidAt(known.identification.claims, profile, now)\n",
    replace: "return known.bytes > 0\n",
    tests: validationCache,
  },
  {
    name: "the cache of validated tokens has no limit",
    file: "src/core/policies/bounded-store.ts",
    find: "(bytes > limits.bytes && entries.size > 0)",
    replace: "false",
    tests: validationCache,
  },
  {
    name: "the cache of validated tokens holds the tokens in plain text",
    file: validation,
    find: "const name = signatures.digest(token)",
    replace: "const name = token",
    tests: validationCache,
  },
  {
    name: "a due key set is not refreshed on the synchronous path",
    file: validation,
    find: "    if (known?.keys.isDue(now) === true) return undefined\n",
    replace: "",
    tests: ["test/jwt/key-choice.test.ts"],
  },
  {
    name: "a verification in the thread pool accepts every signature",
    file: "src/adapters/signature/node.ts",
    find: "(error === null ? resolve(isValid) : reject(error))",
    replace: "(error === null ? resolve(isValid !== undefined) : reject(error))",
    tests: ["test/jwt/thread-pool.test.ts"],
  },
  {
    name: "slow verifications never leave the event loop",
    file: "src/adapters/signature/node.ts",
    find: "if (blocking >= maxBlocking) return false",
    replace: "if (blocking < 0) return false",
    tests: ["test/jwt/thread-pool.test.ts"],
  },
  {
    name: "after sixteen slow verifications, all later ones go to the thread pool",
    file: "src/adapters/signature/node.ts",
    find: "if (blocking === 0) setImmediate(nextTurn)",
    replace: "if (blocking < 0) setImmediate(nextTurn)",
    tests: ["test/jwt/thread-pool.test.ts"],
  },
  {
    name: "equal tokens that come together are each verified in the thread pool",
    file: "src/core/jwt/local-validation.ts",
    find: "running.set(name, verification)",
    replace: "running.delete(name)",
    tests: ["test/jwt/thread-pool.test.ts"],
  },
  {
    name: "the verdict about one token is kept for the next call with it",
    file: "src/core/jwt/local-validation.ts",
    find: "isValid.then(judge).finally(() => running.delete(name))",
    replace: "isValid.then(judge)",
    tests: ["test/jwt/thread-pool.test.ts"],
  },
]
