import type { Fault } from "./fault.ts"

const file = "src/adapters/better-auth/index.ts"
const tests = ["test/better-auth/definition.test.ts"]

/** Each value of Better Auth's definition, taken out or changed. The tests need no Better Auth. */
export const betterAuthFaults: ReadonlyArray<Fault> = [
  ...["EdDSA", "ES256", "ES512", "PS256", "RS256"].map(
    (algorithm): Fault => ({
      name: `JWTs of Better Auth that are signed with ${algorithm} are rejected`,
      file,
      find: '["EdDSA", "ES256", "ES512", "PS256", "RS256"]',
      replace: JSON.stringify(["EdDSA", "ES256", "ES512", "PS256", "RS256"].filter((each) => each !== algorithm)),
      tests,
    }),
  ),
  {
    name: "JWTs of Better Auth may be signed with any algorithm",
    file,
    find: 'algorithms: ["EdDSA", "ES256", "ES512", "PS256", "RS256"], ',
    replace: "",
    tests,
  },
  {
    name: "a JWT of Better Auth with any type is an access token",
    file,
    find: ', types: ["at+jwt"] }',
    replace: " }",
    tests,
  },
  {
    name: "Better Auth is asked about a JWT before its signature is checked",
    file,
    find: 'answers: "introspection_or_signature"',
    replace: 'answers: "introspection"',
    tests,
  },
  {
    name: "the signature alone decides about tokens of Better Auth",
    file,
    find: 'answers: "introspection_or_signature"',
    replace: 'answers: "signature"',
    tests,
  },
  {
    name: "the kind of Better Auth's tokens is not read from the hint",
    file,
    find: 'kind: "hint", ',
    replace: "",
    tests,
  },
  {
    name: "every token of Better Auth is an access token, refresh tokens too",
    file,
    find: 'kind: "hint"',
    replace: 'kind: "access_only"',
    tests,
  },
  {
    name: "a subject at Better Auth is not known to be a person",
    file,
    find: ', subjects: "users"',
    replace: "",
    tests,
  },
  {
    name: "Better Auth is asked for an API with a parameter that it ignores",
    file,
    find: 'audienceParameter: "resource"',
    replace: 'audienceParameter: "audience"',
    tests,
  },
  {
    name: "a login at Better Auth does not ask for a refresh token",
    file,
    find: 'offline: { scope: "offline_access", prompt: "consent" }',
    replace: 'offline: { prompt: "consent" }',
    tests,
  },
  {
    name: "a login at Better Auth asks for a refresh token without consent",
    file,
    find: 'offline: { scope: "offline_access", prompt: "consent" }',
    replace: 'offline: { scope: "offline_access" }',
    tests,
  },
  {
    name: "a JWT is sent to Better Auth's revocation endpoint, which revokes none",
    file,
    find: '  revokes: "opaque",\n',
    replace: "",
    tests,
  },
  {
    name: "a wrong PKCE verifier at Better Auth is a wrong client secret",
    file,
    find: '    { contains: "code verification failed", operations: ["exchange"], reason: "InvalidGrant" },\n',
    replace: "",
    tests,
  },
  {
    name: "userInfo with a machine's token of Better Auth is a wrong request",
    file,
    find: '    { code: "invalid_scope", operations: ["userInfo"], reason: "AccessDenied" },\n',
    replace: "",
    tests,
  },
  {
    name: "revoking a token of Better Auth twice fails",
    file,
    find: '    { contains: "token not found", operations: ["revoke"], reason: "Done" },\n',
    replace: "",
    tests,
  },
  {
    name: "an issuer of Better Auth may end with a slash, which no token has",
    file: "src/adapters/better-auth/config.ts",
    find: "issuer: plainIssuer",
    replace: "issuer: z.url()",
    tests,
  },
  {
    name: "the pause in x-retry-after is not read",
    file: "src/adapters/oidc/http/retry-after.ts",
    find: '"x-retry-after", ',
    replace: "",
    tests,
  },
]
