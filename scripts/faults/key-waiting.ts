// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source text
import type { Fault } from "./fault.ts"

const requests = ["test/jwt/key-set-requests.test.ts"]
const choice = ["test/jwt/key-choice.test.ts"]

/** Faults in what happens to a token whose key is not known yet. */
export const keyWaiting: ReadonlyArray<Fault> = [
  {
    name: "a token with an unknown kid is inactive without a new request for the key set",
    file: "src/internal/refresh-ahead.ts",
    find: "if (ended > after && flight === undefined) {",
    replace: "if (ended >= 0 && flight === undefined) {",
    tests: requests,
  },
  {
    name: "the key set is requested for every token with an unknown kid",
    file: "src/internal/refresh-ahead.ts",
    find: "if (remaining > 0) return",
    replace: "if (remaining > 1e9) return",
    tests: requests,
  },
  {
    name: "any number of tokens with unknown kids may wait",
    file: "src/core/jwt/keys.ts",
    find: "if (waiting >= maxWaiting)",
    replace: "if (waiting < 0)",
    tests: requests,
  },
  {
    name: "an empty key set replaces a usable one",
    file: "src/core/jwt/keys.ts",
    find: "keys.keys.length > 0",
    replace: "keys.keys.length >= 0",
    tests: choice,
  },
  {
    name: "a key that is published twice is ambiguous",
    file: "src/core/jwt/imported-keys.ts",
    find: "  const jwks = distinct(published)\n",
    replace: "  const jwks = published\n",
    also: [
      {
        file: "src/core/jwt/imported-keys.ts",
        find: "const distinct = ",
        replace: "export const distinct = ",
      },
    ],
    tests: choice,
  },
  {
    name: "two different keys with one kid make a token inactive",
    file: "src/core/jwt/imported-keys.ts",
    find: "return Effect.succeed({ ambiguous: `${candidates.length} different keys have the kid of one token` })",
    replace: "return Effect.succeed(undefined)",
    tests: choice,
  },
  {
    name: "only the first key that fits is tried for a token without kid",
    file: "src/core/jwt/imported-keys.ts",
    find: "const maxCandidates = 8",
    replace: "const maxCandidates = 1",
    tests: choice,
  },
  {
    name: "the vendor is not asked about a JWT while the keys are unavailable",
    file: "src/core/jwt/validate-jwt.ts",
    find: '  if (mode === "sign" || mode === "local") return Effect.fail(unavailable)\n',
    replace: '  if (mode !== "prefer") return Effect.fail(unavailable)\n',
    tests: ["test/jwt/live-introspection.test.ts"],
  },
  {
    name: "a JWT is inactive if the keys are unavailable and the response has no audience",
    file: "src/adapters/oidc/operations/introspection.ts",
    find: "if (ifSigned !== undefined && fiber.getRef(KeysAreUnavailable)) return Effect.fail(undecided)",
    replace: "if (ifSigned !== undefined && fiber.getRef(KeysAreUnavailable)) return Effect.succeed(inactive)",
    tests: ["test/jwt/live-introspection.test.ts"],
  },
]
