import type { Fault } from "./fault.ts"

const record = "src/adapters/polar/record.ts"
const server = "src/adapters/polar/server.ts"
const registering = ["test/polar/registration.test.ts"]
const whose = ["test/polar/whose-token.test.ts"]

/** What is particular to Polar. */
export const polarFaults: ReadonlyArray<Fault> = [
  {
    name: "a client of Polar's may be registered without scopes, which means all of them",
    file: record,
    find: "record.scopes === undefined || record.scopes.length === 0",
    replace: "record.scopes === null",
    tests: registering,
  },
  {
    name: "a patch may leave a client of Polar's without scopes, which means all of them",
    file: record,
    find: "changes.scopes === null || changes.scopes?.length === 0",
    replace: "changes.scopes === null",
    tests: registering,
  },
  {
    name: "a record that Polar did not take over passes for success",
    file: record,
    find: '[...wanted].sort().join(" ") !== [...given].sort().join(" ")',
    replace: 'wanted === given && wanted.join(" ") === ""',
    tests: registering,
  },
  {
    name: "an address that Polar normalised passes for another",
    file: record,
    find: "URL.parse(uri)?.href ?? uri",
    replace: "uri",
    tests: registering,
  },
  {
    name: "what Polar would keep passes for cleared",
    file: record,
    find: "current.raw[name] && !record.extra?.[name])",
    replace: 'name === "" && !record.extra?.[name])',
    tests: registering,
  },
  {
    name: "a public client of Polar's becomes one with a secret, unasked",
    file: record,
    find: 'current.tokenEndpointAuthMethod === "none" && record.tokenEndpointAuthMethod === undefined',
    replace: 'current.tokenEndpointAuthMethod === "" && record.tokenEndpointAuthMethod === undefined',
    tests: ["test/polar/public-clients.test.ts"],
  },
  {
    name: "a patch at Polar forgets the addresses it does not name",
    file: record,
    find: "current.raw[name] ? [[name, current.raw[name]]] : []",
    replace: 'name === "" ? [[name, current.raw[name]]] : []',
    tests: registering,
  },
  {
    name: "a client's secret comes with every answer, as Polar repeats it",
    file: "src/adapters/polar/clients.ts",
    find: "return isNew ?",
    replace: "return secret !== undefined ?",
    tests: ["test/polar/public-clients.test.ts"],
  },
  {
    name: "the secret of a client that was public so far is told to nobody",
    file: "src/adapters/polar/clients.ts",
    find: "return isNew ?",
    replace: "return secret === null ?",
    tests: ["test/polar/public-clients.test.ts"],
  },
  {
    name: "a record with members that Polar would drop is sent",
    file: record,
    find: "if (field !== undefined) return invalid(field,",
    replace: 'if (field === "") return invalid(field,',
    tests: registering,
  },
  {
    name: "a client without its registration token is sent for",
    file: "src/adapters/polar/clients.ts",
    find: 'typeof ref === "object" && ref.registration !== undefined',
    replace: 'typeof ref === "object"',
    tests: ["test/polar/registration-token.test.ts"],
  },
  {
    name: "Polar's former issuer is a stranger",
    file: server,
    find: "    formerIssuer,\n",
    replace: "",
    tests: ["test/polar/issuer.test.ts"],
  },
  {
    name: "a public client of Polar's asks for what takes a secret",
    file: "src/adapters/polar/index.ts",
    find: 'server.clientAuth === "none"\n',
    replace: 'server.clientAuth === "private_key_jwt"\n',
    tests: whose,
  },
  {
    name: "a refresh token of Polar's passes for an access token",
    file: server,
    find: '? "refresh_token" : "access_token"),',
    replace: '? "access_token" : "access_token"),',
    tests: whose,
  },
  {
    name: "scopes that Polar did not give are those that were asked for",
    file: server,
    find: 'absentTokenScope: "none",',
    replace: "",
    tests: ["test/polar/tokens.test.ts"],
  },
  {
    name: "another client's token at Polar is a grant that has ended",
    file: "src/adapters/polar/errors.ts",
    find: '{ code: "invalid_grant", operations: ["revoke"], reason: "AccessDenied" },',
    replace: "",
    tests: whose,
  },
  {
    name: "a registration token that Polar refuses is blamed on the client",
    file: "src/adapters/polar/errors.ts",
    find: '{ status: 401, operations: management, reason: "InvalidToken" },',
    replace: "",
    tests: ["test/polar/errors.test.ts"],
  },
]
