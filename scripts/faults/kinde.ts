import type { Fault } from "./fault.ts"

const errors = "src/adapters/kinde/errors.ts"
const list = "src/adapters/kinde/client-list.ts"
const errorTests = ["test/kinde/errors.test.ts"]
const clients = ["test/kinde/clients.test.ts"]
const clientSteps = ["test/kinde/client-steps.test.ts"]
const connectedApps = ["test/kinde/connected-apps.test.ts"]
const users = ["test/kinde/users.test.ts"]

/** The Kinde adapter. */
export const kindeFaults: ReadonlyArray<Fault> = [
  {
    name: "Kinde's plain text response for an unknown client is not recognised",
    file: errors,
    find: 'if (body === "not_found") return ["unknown client"]',
    replace: "",
    tests: errorTests,
  },
  {
    name: "only the first of several error codes is read",
    file: errors,
    find: "Array.isArray(errors) ? errors :",
    replace: "Array.isArray(errors) ? errors.slice(0, 1) :",
    tests: errorTests,
  },
  {
    name: "an unknown route is reported as NotFound",
    file: errors,
    find: ' && code !== "ROUTE_NOT_FOUND"',
    replace: "",
    tests: errorTests,
  },
  {
    name: "the bot filter's 202 response is not Unavailable",
    file: errors,
    find: '{ status: 202, reason: "Unavailable" },',
    replace: "",
    tests: errorTests,
  },
  {
    name: "a connected account without consent is InvalidRequest",
    file: errors,
    find: '{ status: 400, operations: ["connectedApps.token"], reason: "InvalidGrant" },',
    replace: "",
    tests: connectedApps,
  },
  {
    name: "any NOT_FOUND code counts as a successful revocation",
    file: errors,
    find: '{ code: "NOT_FOUND", operations: ["revoke"], reason: "InvalidRequest" },',
    replace: "",
    tests: errorTests,
  },
  {
    name: "revoking an unknown token is an error",
    file: "src/adapters/oidc/operations/revocation.ts",
    find: '?.reason === "Done" ?',
    replace: '?.reason === "NotFound" ?',
    tests: errorTests,
  },
  {
    name: "a repeated last page of applications is read forever",
    file: list,
    find: "if (previousLast !== undefined && page.applications.at(-1)?.id === previousLast) return { items: [] }",
    replace: "",
    tests: ["test/kinde/lists.test.ts"],
  },
  {
    name: "the list of applications shows their secrets",
    file: list,
    find: "client_secret: _secret, ",
    replace: "",
    tests: ["test/kinde/unexpected-responses.test.ts"],
  },
  {
    name: "the raw record of an application shows its secret",
    file: "src/adapters/kinde/application.ts",
    find: "const { client_secret: _secret, ...raw } = wire",
    replace: "const raw = wire",
    tests: clients,
  },
  {
    name: "an application is replaced although Kinde keeps a setting",
    file: "src/adapters/kinde/clients.ts",
    find: " ?? checkCleared(record, current)",
    replace: "",
    tests: ["test/kinde/client-settings.test.ts"],
  },
  {
    name: "a change of an application's type is sent, which Kinde ignores",
    file: "src/adapters/kinde/clients.ts",
    find: "return type === current.raw.type\n",
    replace: 'return type !== ""\n',
    tests: clients,
  },
  {
    name: "a change that Kinde did not make is reported as success",
    file: "src/adapters/kinde/application-calls.ts",
    find: "yield* failIf(checkStored(changes, stored))",
    replace: "",
    tests: clientSteps,
  },
  {
    name: "a step whose response was lost is not rolled back",
    file: "src/adapters/kinde/steps.ts",
    find: "uncertain.has(reason._tag) ? index + 1 : index",
    replace: "index",
    tests: clientSteps,
  },
  {
    name: "an application stays half created when the caller aborts",
    file: "src/adapters/kinde/clients.ts",
    find: "Effect.uninterruptible(create(management, calls, { ...record, name }, type))",
    replace: "create(management, calls, { ...record, name }, type)",
    tests: clientSteps,
  },
  {
    name: "an XML document is accepted as a success of the Management API",
    file: "src/adapters/kinde/management.ts",
    find: 'response.body === "" ? undefined : rejectMarkup(response)',
    replace: 'response.body === "<html>" ? rejectMarkup(response) : undefined',
    tests: errorTests,
  },
  {
    name: "the second path for device authorization is never tried",
    file: "src/adapters/kinde/device-path.ts",
    find: "reason.status === 404",
    replace: "reason.status === 410",
    tests: ["test/kinde/addresses.test.ts"],
  },
  {
    name: "a time without a zone is accepted as a connected token's expiry",
    file: "src/adapters/kinde/connected-apps.ts",
    find: "zoned.test(text) ?",
    replace: "text.length > 9 ?",
    tests: connectedApps,
  },
  {
    name: "an access token without a subject or client is accepted",
    file: "src/adapters/kinde/server.ts",
    find: "  plausible,\n  errors,",
    replace: "  errors,",
    tests: users,
  },
  {
    name: "Kinde's refresh token is accepted as an access token",
    file: "src/adapters/kinde/server.ts",
    find: '{ in: "token", use: "refresh_token" }',
    replace: '{ in: "token", use: "access_token" }',
    tests: ["test/kinde/introspection.test.ts"],
  },
  {
    name: "the expected subject is not compared with the v1 user profile",
    file: "src/adapters/kinde/user-profile.ts",
    find: "if (expected !== undefined && user.subject !== expected)",
    replace: "if (expected === null)",
    tests: users,
  },
]
