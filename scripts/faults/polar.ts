import type { Fault } from "./fault.ts"

const record = "src/adapters/polar/record.ts"
const server = "src/adapters/polar/server.ts"
const registration = ["test/polar/registration.test.ts"]
const ownership = ["test/polar/token-ownership.test.ts"]

/** The Polar adapter. */
export const polarFaults: ReadonlyArray<Fault> = [
  {
    name: "a client is registered at Polar without scopes, which grants all scopes",
    file: record,
    find: "record.scopes === undefined || record.scopes.length === 0",
    replace: "record.scopes === null",
    tests: registration,
  },
  {
    name: "a patch leaves a client at Polar without scopes, which grants all scopes",
    file: record,
    find: "changes.scopes === null || changes.scopes?.length === 0",
    replace: "changes.scopes === null",
    tests: registration,
  },
  {
    name: "a change that Polar did not make is reported as success",
    file: record,
    find: '[...sent].sort().join(" ") !== [...stored].sort().join(" ")',
    replace: 'sent === stored && sent.join(" ") === ""',
    tests: registration,
  },
  {
    name: "a redirect URI that Polar normalised is reported as different",
    file: record,
    find: "URL.parse(uri)?.href ?? uri",
    replace: "uri",
    tests: registration,
  },
  {
    name: "a member that Polar keeps is reported as cleared",
    file: record,
    find: "current.raw[name] && !record.extra?.[name] &&",
    replace: 'name === "" && !record.extra?.[name] &&',
    tests: registration,
  },
  {
    name: "a public client at Polar becomes confidential by a record without an authentication method",
    file: record,
    find: 'current.tokenEndpointAuthMethod === "none" && record.tokenEndpointAuthMethod === undefined',
    replace: 'current.tokenEndpointAuthMethod === "" && record.tokenEndpointAuthMethod === undefined',
    tests: ["test/polar/public-clients.test.ts"],
  },
  {
    name: "a patch at Polar clears the URIs that it does not name",
    file: record,
    find: "current.raw[name] ? [[name, current.raw[name]]] : []",
    replace: 'name === "" ? [[name, current.raw[name]]] : []',
    tests: registration,
  },
  {
    name: "every result contains the client's secret, because Polar repeats it",
    file: "src/adapters/polar/clients.ts",
    find: "return isNew ?",
    replace: "return secret !== undefined ?",
    tests: ["test/polar/public-clients.test.ts"],
  },
  {
    name: "the new secret of a formerly public client is not returned",
    file: "src/adapters/polar/clients.ts",
    find: "return isNew ?",
    replace: "return secret === null ?",
    tests: ["test/polar/public-clients.test.ts"],
  },
  {
    name: "a record with members that Polar drops is sent",
    file: record,
    find: "if (field !== undefined) return invalid(field,",
    replace: 'if (field === "") return invalid(field,',
    tests: registration,
  },
  {
    name: "a client without its registration token is requested",
    file: "src/adapters/polar/clients.ts",
    find: 'typeof ref === "object" && ref.registration !== undefined',
    replace: 'typeof ref === "object"',
    tests: ["test/polar/registration-token.test.ts"],
  },
  {
    name: "Polar's former issuer is rejected",
    file: server,
    find: "    formerIssuer,\n",
    replace: "",
    tests: ["test/polar/issuer.test.ts"],
  },
  {
    name: "a public client at Polar sends a request that requires a secret",
    file: "src/adapters/polar/index.ts",
    find: 'server.clientAuth === "none"',
    replace: 'server.clientAuth === "private_key_jwt"',
    tests: ownership,
  },
  {
    name: "Polar's refresh token is accepted as an access token",
    file: server,
    find: 'starts: "polar_rt_", use: "refresh_token" }',
    replace: 'starts: "polar_rt_", use: "access_token" }',
    tests: ownership,
  },
  {
    name: "the requested scopes are reported when Polar grants none",
    file: server,
    find: 'absentTokenScope: "none",',
    replace: "",
    tests: ["test/polar/tokens.test.ts"],
  },
  {
    name: "revoking another client's token at Polar is InvalidGrant",
    file: "src/adapters/polar/errors.ts",
    find: '{ code: "invalid_grant", operations: ["revoke"], reason: "AccessDenied" },',
    replace: "",
    tests: ownership,
  },
  {
    name: "a registration token that Polar rejects is reported as InvalidClient",
    file: "src/adapters/polar/errors.ts",
    find: '{ status: 401, operations: management, reason: "InvalidToken" },',
    replace: "",
    tests: ["test/polar/errors.test.ts"],
  },
]
