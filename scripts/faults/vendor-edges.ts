import type { Fault } from "./fault.ts"

const oryEdges = ["test/unit/ory-client-edges.test.ts"]
const subjectTypes = ["test/unit/subject-type.test.ts"]
const exchanges = ["test/policies/exchange-single-flight.test.ts"]
const commitLag = ["test/polar/commit-lag.test.ts"]
const missingIdToken = ["test/unit/missing-id-token.test.ts"]

/** What real servers of the vendors do at the edges. */
export const vendorEdges: ReadonlyArray<Fault> = [
  {
    name: "the keys of a client are cleared with an empty object, which v2.3.0 of Ory ignores",
    file: "src/adapters/ory/client-patch.ts",
    find: "return { keys: [] }",
    replace: "return {}",
    tests: ["test/unit/ory-client-patch.test.ts"],
  },
  {
    name: "clearing the keys of a client at Ory also clears their address",
    file: "src/adapters/ory/client-patch.ts",
    find: "if (changes.jwks && current.jwks_uri)",
    replace: "if (members.jwks && current.jwks_uri)",
    tests: ["test/unit/ory-client-patch.test.ts"],
  },
  {
    name: "a patch at Ory whose effect is the default is reported as a failure",
    file: "src/adapters/ory/client-check.ts",
    find: 'canonical(sent) === "" && serverDefaults[name]',
    replace: 'name === "" && serverDefaults[name]',
    tests: oryEdges,
  },
  {
    name: "a default in place of the value that was sent to Ory is accepted",
    file: "src/adapters/ory/client-check.ts",
    find: 'canonical(sent) === "" && serverDefaults[name]',
    replace: "serverDefaults[name]",
    tests: oryEdges,
  },
  {
    name: "a client of Ory is created under an id that no URL reaches",
    file: "src/adapters/ory/clients.ts",
    find: "failIf(checkRecord(record) ?? checkId(record))",
    replace: "failIf(checkRecord(record) ?? (record.clientId === '' ? checkId(record) : undefined))",
    tests: oryEdges,
  },
  {
    name: "a client assertion for Ory names only the address by which the server is reached",
    file: "src/adapters/ory/server.ts",
    find: "withoutTrailingSlash(config.issuer ?? publicUrlOf(config))",
    replace: "withoutTrailingSlash(publicUrlOf(config))",
    tests: ["test/unit/ory-assertion.test.ts"],
  },
  {
    name: "an ID token hint that a vendor ignores is sent",
    file: "src/adapters/oidc/operations/end-session.ts",
    find: "ignoresIdTokenHint ? undefined : idTokenHint",
    replace: "ignoresIdTokenHint ? idTokenHint : idTokenHint",
    tests: ["test/kinde/users.test.ts", "test/equivalence/equivalence.test.ts"],
  },
  {
    name: "the introspection of a service account is reported as a user",
    file: "src/internal/token-members.ts",
    find: 'return sub === clientId ? "client" : subjects && "user"',
    replace: 'return sub === clientId ? "client" : "user"',
    tests: subjectTypes,
  },
  {
    name: "a missing ID token has no cause",
    file: "src/adapters/oidc/operations/authorization-code.ts",
    find: "missingIdToken(response, engine.server) }",
    replace: "(response ? undefined : missingIdToken(response, engine.server)) }",
    tests: missingIdToken,
  },
  {
    name: "a scope that was not granted is reported as granted",
    file: "src/adapters/oidc/operations/authorization-code.ts",
    find: 'splitScopes(body.scope).includes("openid")',
    replace: 'body.scope.includes("openid")',
    tests: missingIdToken,
  },
  {
    name: "`client_uri` of a client at Polar cannot be cleared",
    file: "src/adapters/polar/record.ts",
    find: "name === clearable && record",
    replace: "name === extra.join() && record",
    tests: ["test/polar/cleared-uris.test.ts"],
  },
  {
    name: "the request for a service token inherits the unsupported arguments of the vendor",
    file: "src/adapters/oidc/engine/service-token.ts",
    find: "unsupportedArguments: _arguments, ",
    replace: "",
    tests: ["test/unit/service-client.test.ts"],
  },
  {
    name: "concurrent exchanges of one code are separate requests",
    file: "src/core/policies/exchange-single-flight.ts",
    find: 'operation === "exchange" ?',
    replace: 'operation === "refresh" ?',
    tests: exchanges,
  },
  {
    name: "a callback with another state is answered from the exchange of the right one",
    file: "src/core/policies/exchange-single-flight.ts",
    find: "[url.origin, url.pathname, sorted(Array.from(url.searchParams))]",
    replace: 'url.searchParams.get("code")',
    tests: exchanges,
  },
  {
    name: "exchanges with different transactions share tokens",
    file: "src/core/policies/exchange-single-flight.ts",
    find: "sorted(Object.entries(Object(transaction) as object))",
    replace: "transaction.state",
    tests: exchanges,
  },
  {
    name: "UserInfo for a token that Polar has not committed yet is not repeated",
    file: "src/adapters/polar/new-tokens.ts",
    find: 'reason._tag === "InvalidToken" && reason.check === "rejected"',
    replace: 'reason._tag === "InvalidToken" && reason.check === "format"',
    tests: commitLag,
  },
  {
    name: "UserInfo for another subject is repeated",
    file: "src/adapters/polar/new-tokens.ts",
    find: 'reason._tag === "InvalidToken" && reason.check === "rejected"',
    replace: 'reason._tag === "InvalidToken"',
    tests: commitLag,
  },
  {
    name: "UserInfo for a stranger's rejected token is repeated on Polar",
    file: "src/adapters/polar/new-tokens.ts",
    find: "isNew(accessToken, now)\n",
    replace: "isNew(accessToken, now) || true\n",
    tests: commitLag,
  },
  {
    name: "a token of Polar counts as new for ever",
    file: "src/adapters/polar/new-tokens.ts",
    find: "now < (ends.get(",
    replace: "0 < (ends.get(",
    tests: commitLag,
  },
  {
    name: "a refreshed token of Polar does not count as new",
    file: "src/adapters/polar/new-tokens.ts",
    find: "refresh: (...args) => remembering(refresh(...args))",
    replace: "refresh",
    tests: commitLag,
  },
]
