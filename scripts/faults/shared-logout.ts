import type { Fault } from "./fault.ts"

const shared = "src/core/jwt/shared-ends.ts"
const logout = "src/internal/shared-logout.ts"
const endedJwt = ["test/fleet/ended-jwt.test.ts"]
const twoIssuers = ["test/logout/two-issuers.test.ts"]

/** A logout in a fleet, and a logout by one of two issuers, for JWTs that are judged by their signature. */
export const sharedLogoutFaults: ReadonlyArray<Fault> = [
  {
    name: "a JWT outlives in one process the logout that another one has received",
    file: shared,
    find: "    if (ended !== undefined) record.end(ended)\n",
    replace: "",
    tests: endedJwt,
  },
  {
    name: "a logout is not shared where the signature alone answers",
    file: shared,
    find: 'jwt?.answers === "signature"',
    replace: 'jwt?.answers === "introspection"',
    tests: endedJwt,
  },
  {
    name: "the end of a session at another server ends a JWT",
    file: shared,
    find: 'end === "unknown" || end.server !== server ? undefined',
    replace: 'end === "unknown" ? undefined',
    tests: endedJwt,
  },
  {
    name: "an end that is no logout ends a JWT in other processes",
    file: logout,
    find: "  logout && {\n    ...logout,",
    replace: "  ({ at: Date.now(), ...logout }) && {\n    ...logout,",
    tests: endedJwt,
  },
  {
    name: "the time of a logout is lost in the fleet",
    file: logout,
    find: "  logout: { at,",
    replace: "  logout: { at: at + 60_000,",
    tests: endedJwt,
  },
  {
    name: "a logout that the fleet has not confirmed succeeds",
    file: logout,
    find: "if (isConfirmed) return",
    replace: "if (isConfirmed || provider) return",
    tests: endedJwt,
  },
  {
    name: "one issuer ends the tokens of another one",
    file: "src/core/jwt/ended-sessions.ts",
    find: "const authority = authorityOf(ended.issuer)",
    replace: "const authority = undefined",
    also: [
      {
        file: "src/core/jwt/ended-sessions.ts",
        find: "records.get(authorityOf(claims.iss))",
        replace: "records.get(undefined)",
      },
    ],
    tests: twoIssuers,
  },
  {
    name: "the handler of logouts does not say who reports the end",
    file: "src/logout/logout.ts",
    find: "    issuer,\n    ...(subject",
    replace: "    ...(issuer === undefined && { issuer }),\n    ...(subject",
    tests: twoIssuers,
  },
  {
    name: "two names of one issuer are two authorities",
    file: "src/adapters/oidc/assemble.ts",
    find: "jwksUri === undefined || jwksUri === server.endpoints?.jwksUri ? []",
    replace: "jwksUri === undefined ? []",
    tests: twoIssuers,
  },
]
