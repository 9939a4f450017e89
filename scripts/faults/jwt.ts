import type { Fault } from "./fault.ts"

const file = "src/core/jwt/jwt.ts"
const validation = "src/core/jwt/local-validation.ts"
const times = ["test/jwt/times.test.ts"]
const verdicts = ["test/jwt/node-verdicts.test.ts"]
const remembered = ["test/jwt/remembered.test.ts"]
const unchanged = ["test/jwt/what-comes-back.test.ts"]

/** Validating a JWT without asking the vendor about it. */
export const jwtFaults: ReadonlyArray<Fault> = [
  {
    name: "the audience of a JWT is not compared",
    file,
    find: 'if (wanted === undefined || wanted === "any") return wanted === "any"',
    replace: "if (wanted !== undefined) return true",
    tests: verdicts,
  },
  {
    name: "the issuer of a JWT is not compared",
    file,
    find: 'if (iss !== profile.issuer) return "issuer"',
    replace: "",
    tests: verdicts,
  },
  {
    name: "the expiry of a JWT is not checked",
    file,
    find: "Number(claims.exp) * 1000 + clockSkew * 1000 > now &&",
    replace: "",
    tests: times,
  },
  {
    name: "a JWT that has not begun holds",
    file,
    find: "(claims.nbf === undefined || Number(claims.nbf) * 1000 - clockSkew * 1000 <= now) &&",
    replace: "",
    tests: times,
  },
  {
    name: "a JWT of the future holds",
    file,
    find: "(claims.iat === undefined || Number(claims.iat) * 1000 - clockSkew * 1000 <= now)",
    replace: "clockSkew >= 0",
    tests: times,
  },
  {
    name: "a JWT may be signed by any algorithm, whatever the profile lists",
    file,
    find: 'typeof alg !== "string" || !profile.algorithms.includes(alg)',
    replace: 'typeof alg !== "string"',
    tests: ["test/jwt/algorithms.test.ts"],
  },
  {
    name: "a JWT may ask for an extension that must be understood",
    file,
    find: '["crit", "jwk"',
    replace: '["jwk"',
    tests: verdicts,
  },
  {
    name: "a JWT of another type passes for an access token",
    file,
    find: 'if (!profile.types.includes((typ ?? "").toLowerCase().replace(mediaType, ""))) return "format"',
    replace: "",
    tests: verdicts,
  },
  {
    name: "a claim that no access token has is overlooked",
    file,
    find: 'for (const name of profile.forbidden) if (!isNone(claims[name])) return "format"',
    replace: "",
    tests: verdicts,
  },
  {
    name: "a claim that every access token has may be missing",
    file,
    find: 'for (const name of profile.required) if (isNone(claims[name])) return "format"',
    replace: "",
    tests: verdicts,
  },
  {
    name: "a signature may be spelled in several ways",
    file: "src/adapters/signature/node.ts",
    find: 'return bytes.toString("base64url") === base64url ? bytes : undefined',
    replace: "return bytes",
    tests: verdicts,
  },
  {
    name: "a signature may be spelled in several ways for Web Crypto",
    file: "src/adapters/signature/webcrypto.ts",
    find: "return canonical === base64url ?",
    replace: "return true ?",
    tests: ["test/jwt/webcrypto-verdicts.test.ts"],
  },
  {
    name: "the header of one JWT counts for the next",
    file,
    find: "const header = text === latest?.text ?",
    replace: "const header = latest !== undefined ?",
    tests: ["test/jwt/key-choice.test.ts"],
  },
  {
    name: "the claims that one caller was given can be changed for the next",
    file: validation,
    find: "    settle(said)\n",
    replace: "",
    tests: unchanged,
  },
  {
    name: "the audience that one caller was given can be changed for the next",
    file: validation,
    find: "    settle(said)\n",
    replace: "    settle(said.claims)\n",
    tests: ["test/jwt/one-audience.test.ts"],
  },
  {
    name: "the scopes that one caller was given can be changed for the next",
    file: validation,
    find: "    settle(said)\n",
    replace: "    settle({ ...said, scopes: [] })\n",
    tests: ["test/jwt/one-audience.test.ts"],
  },
  {
    name: "a token that was checked once is good although its key is gone",
    file: validation,
    find: "keys.peek(known.header, now) === known.key",
    replace: 'known.header.algorithm !== ""',
    tests: remembered,
  },
  {
    name: "a token that was checked once never expires",
    file: validation,
    find: "return holdsAt(known.said.claims, profile, now) ?",
    replace: "return known.bytes > 0 ?",
    tests: remembered,
  },
  {
    name: "what is remembered of tokens has no bound",
    file: "src/core/policies/bounded-store.ts",
    find: "(bytes > limits.bytes && entries.size > 0)",
    replace: "false",
    tests: remembered,
  },
  {
    name: "a token that was checked is kept as it is",
    file: validation,
    find: "const name = signatures.digest(token)",
    replace: "const name = token",
    tests: remembered,
  },
  {
    name: "keys that are due are not asked for while tokens are answered at once",
    file: validation,
    find: "|| keys.isDue(now)) return undefined",
    replace: ") return undefined",
    tests: ["test/jwt/key-choice.test.ts"],
  },
]
