import type { Fault } from "./fault.ts"

const merge = "src/core/jwt/merge-claims.ts"
const file = "src/core/jwt/validate-jwt.ts"
const tests = ["test/jwt/live-introspection.test.ts"]
const local = ["test/jwt/local-only.test.ts"]

/** Local validation and live introspection of one JWT. */
export const liveIntrospection: ReadonlyArray<Fault> = [
  {
    name: "the introspection response takes precedence over the signed token",
    file: merge,
    find: "    ...live,\n    ...signed,\n",
    replace: "    ...signed,\n    ...live,\n",
    tests,
  },
  {
    name: "the claims of the introspection response take precedence over those of the token",
    file: merge,
    find: "{ ...live.claims, ...signed.claims }",
    replace: "{ ...signed.claims, ...live.claims }",
    tests: ["test/jwt/claim-precedence.test.ts"],
  },
  {
    name: "a token whose client or subject differs from the introspection response is active",
    file: merge,
    find: "live[name] === undefined || signed[name] === live[name]",
    replace: "live[name] === undefined || true",
    tests,
  },
  {
    name: "a token whose audience differs from the introspection response is active",
    file: merge,
    find: "live.audience.length === 0 || hasSameMembers(signed.audience, live.audience),",
    replace: "live.audience.length === 0 || true,",
    tests,
  },
  {
    name: "a token whose expiry differs from the introspection response is active",
    file: merge,
    find: "<= tolerance * 1000",
    replace: "<= tolerance * 1e12",
    tests,
  },
  {
    name: "a token with a valid signature is active although the vendor reports it inactive",
    file,
    find: "state.active ? mergeClaims(signed, state) : state\n",
    replace: "state.active ? mergeClaims(signed, state) : signed\n",
    tests,
  },
  {
    name: "a token with an invalid signature is sent to the introspection endpoint",
    file,
    find: '  if ("failed" in result) return reject(context, result.failed)\n',
    replace: '  if ("failed" in result) return ask()\n',
    tests,
  },
  {
    name: "a token is sent to the introspection endpoint although local validation suffices",
    file,
    find: '  if (mode === "sign" || mode === "local" || (mode',
    replace: '  if (mode === "sign" || (mode',
    tests: local,
  },
  {
    name: "an unknown option is ignored on the synchronous path",
    file: "src/core/jwt/freshness.ts",
    find: '  for (const name in options as object) if (name !== "freshness") return false\n',
    replace: "",
    tests: local,
  },
  {
    name: "a token is validated locally on the synchronous path without a configured audience",
    file,
    find: " || jwt.audience === undefined || !isShort(token) || !isJwt(token)) return undefined",
    replace: " || !isShort(token) || !isJwt(token)) return undefined",
    tests: ["test/jwt/synchronous-path.test.ts"],
  },
]
