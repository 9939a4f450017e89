import type { Fault } from "./fault.ts"

const file = "src/core/jwt/validate-jwt.ts"
const tests = ["test/jwt/enrichment.test.ts"]
const local = ["test/jwt/local-only.test.ts"]

/** What the signature says and what the vendor says, in one answer. */
export const enrichment: ReadonlyArray<Fault> = [
  {
    name: "the vendor's word goes before the signature's",
    file,
    find: "    ...live,\n    ...signed,\n",
    replace: "    ...signed,\n    ...live,\n",
    tests,
  },
  {
    name: "the vendor's claims go before those of the token",
    file,
    find: "{ ...live.claims, ...signed.claims }",
    replace: "{ ...signed.claims, ...live.claims }",
    tests: ["test/jwt/whose-claims.test.ts"],
  },
  {
    name: "a token of two clients or two subjects is active",
    file,
    find: 'if (differ("clientId") || differ("subject")) return inactive',
    replace: "",
    tests,
  },
  {
    name: "a token with two audiences that are not the same is active",
    file,
    find: "!sameMembers(signed.audience, live.audience))",
    replace: "sameMembers(signed.audience, []))",
    tests,
  },
  {
    name: "a token with two ends is active",
    file,
    find: "> tolerance * 1000",
    replace: "> tolerance * 1e12",
    tests,
  },
  {
    name: "a token that the vendor calls inactive is active while its signature holds",
    file,
    find: "state.active ? merge(signed, state) : state,",
    replace: "state.active ? merge(signed, state) : signed,",
    tests,
  },
  {
    name: "the vendor is asked about a token whose signature does not hold",
    file,
    find: 'if ("failed" in validated) return Effect.as(rejection(provider.id, validated.failed), inactive)',
    replace: 'if ("failed" in validated) return asked ?? live(token, call)',
    tests,
  },
  {
    name: "the vendor is asked about a token although it need not be",
    file,
    find: "return local\n        ? Effect.succeed(signed)",
    replace: "return local && asked !== undefined\n        ? Effect.succeed(signed)",
    tests: local,
  },
  {
    name: "an option that nobody knows is ignored where the answer is there at once",
    file,
    find: '  for (const name in call as object) if (name !== "freshness") return false\n',
    replace: "",
    tests: local,
  },
  {
    name: "without a configured audience every token is inactive where the answer is there at once",
    file,
    find: "if (jwt.audience === undefined || !isJwt(token)) return undefined",
    replace: "if (!isJwt(token)) return undefined",
    tests: ["test/jwt/at-once.test.ts"],
  },
]
