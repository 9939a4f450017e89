import type { Fault } from "./fault.ts"

const kind = "src/adapters/oidc/operations/introspected-kind.ts"
const tests = ["test/token/unmarked-id-tokens.test.ts"]

/** ID tokens without a mark, and answers of the vendor where a call prefers the signature. */
export const unmarkedFaults: ReadonlyArray<Fault> = [
  {
    name: "an ID token without a mark passes as an access token",
    file: kind,
    find: '=== undefined ? "unshown" : "access_token"',
    replace: '=== undefined ? "access_token" : "access_token"',
    tests,
  },
  {
    name: "an encrypted ID token passes as an access token",
    file: kind,
    find: 'if (claims === undefined) return "unshown"',
    replace: 'if (claims === undefined) return "access_token"',
    tests,
  },
  {
    name: "the claims of a JWT do not say that it is an ID token",
    file: kind,
    find: "if (told !== undefined) return told",
    replace: 'if (told === "access_token") return told',
    tests,
  },
  {
    name: "an ID token without a mark is inactive, and its error names no setting",
    file: "src/adapters/oidc/operations/introspection-response.ts",
    find: '  if (use === "unshown") return kindReasons.unshown\n',
    replace: "",
    tests,
  },
  {
    name: "prefer-local asks the vendor each time where no audience is configured",
    file: "src/core/jwt/freshness.ts",
    find: "jwt?.audience !== undefined && isJwt(token)",
    replace: "jwt !== undefined && isJwt(token)",
    tests: ["test/token/answers.test.ts"],
  },
]
