import type { Fault } from "./fault.ts"

const file = "src/adapters/oidc/operations/introspection-response.ts"
const tests = ["test/bad-days/token-state.test.ts"]

/** Deciding whether a token is active. */
export const introspection: ReadonlyArray<Fault> = [
  {
    name: "any truthy value of `active` is accepted",
    file,
    find: 'if (raw.active !== true) return wrongMember(response, "active")',
    replace: "if (!raw.active) return inactive",
    tests,
  },
  {
    name: "an expired token is active when the vendor reports it active",
    file,
    find: 'if (token.expiresAt !== undefined && token.expiresAt.getTime() + skew <= receivedAt.getTime())\n    return { rejected: "expired" }',
    replace: "",
    tests,
  },
  {
    name: "a token is active before its nbf",
    file,
    find: 'if (token.notBefore !== undefined && token.notBefore.getTime() - skew > receivedAt.getTime())\n    return { rejected: "expired" }',
    replace: "",
    tests,
  },
  {
    name: "a token of another issuer is active",
    file,
    find: "  if (token.issuer !== undefined && !isTokenIssuer(server, token.issuer))\n    return unknownIssuer(response, token.issuer, server, secrets())\n",
    replace: "",
    tests,
  },
  {
    name: "a token for another audience is active",
    file,
    find: "const isAccepted = acceptsAudience(token.audience, settings.audience)",
    replace: "const isAccepted = acceptsAudience(token.audience, settings.audience) || token.audience.length >= 0",
    tests,
  },
  {
    name: "a token without an audience fits every audience",
    file,
    find: 'accepted === "any" ||',
    replace: 'accepted === "any" || audience.length === 0 ||',
    tests,
  },
  {
    name: "a refresh token is accepted as an access token",
    file,
    find: '  if (use !== expect) return { rejected: "rejected" }\n',
    replace: "",
    tests,
  },
  {
    name: "a token of unknown kind is accepted as an access token",
    file: "src/adapters/oidc/operations/introspection-response.ts",
    find: "  if (use === undefined) return kindReasons.untold\n",
    replace: "  if (use === undefined) return token\n",
    tests,
  },
  {
    name: "the clock skew is read as seconds",
    file,
    find: "const skew = settings.clockSkew",
    replace: "const skew = settings.clockSkew / 1000",
    tests,
  },
  {
    name: "exp is read as milliseconds",
    file: "src/adapters/oidc/operations/introspection-members.ts",
    find: "new Date(seconds * 1000)",
    replace: "new Date(seconds)",
    tests,
  },
  {
    name: "a member of the wrong type is dropped silently",
    file,
    find: "if (invalidMember !== undefined) return wrongMember(response, invalidMember)",
    replace: "",
    tests,
  },
  {
    name: "a 5xx makes the token inactive",
    file: "src/adapters/oidc/operations/introspection.ts",
    find: "    if (response.status !== 200) {\n",
    replace:
      "    if (response.status >= 500) return Effect.succeed({ active: false } as const)\n    if (response.status !== 200) {\n",
    tests: ["test/bad-days/every-operation.test.ts"],
  },
  {
    name: 'a call with freshness "local" sends a request',
    file: "src/adapters/oidc/operations/introspection.ts",
    find: 'freshness === "local"',
    replace: 'freshness === "never"',
    tests: ["test/contract/oidc.test.ts"],
  },
]
