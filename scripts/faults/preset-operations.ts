import type { Fault } from "./fault.ts"

const tests = ["test/docs/tables.test.ts"]
const adapter = (vendor: string): string => `src/adapters/${vendor}/index.ts`

/** The operations that a definition adds to those of a login, in the text of the file. */
const added: ReadonlyArray<readonly [vendor: string, operations: ReadonlyArray<string>]> = [
  ["auth0", ["deviceAuthorization", "pollDevice", "revoke"]],
  ["better-auth", ["revoke", "registration.register"]],
  ["cognito", ["revoke"]],
  ["keycloak", ["deviceAuthorization", "pollDevice", "exchangeToken", "revoke"]],
  ["logto", ["revoke"]],
  ["okta", ["revoke"]],
  ["zitadel", ["deviceAuthorization", "pollDevice", "revoke"]],
]

const operationsOfLogin = ["authorize", "exchange", "refresh", "clientCredentials", "introspect", "userInfo"]
const groupsOfLogin = ["metadata.discover", "metadata.keys", "session.end"]

const listOf = (operations: ReadonlyArray<string>): string =>
  `[${["...loginOperations", ...operations.map((each) => JSON.stringify(each))].join(", ")}]`

/** The operations of the definitions: the README lists them. */
export const presetOperationFaults: ReadonlyArray<Fault> = [
  ...added.flatMap(([vendor, operations]) =>
    operations.map(
      (operation): Fault => ({
        name: `${vendor} lacks the operation ${operation}`,
        file: adapter(vendor),
        find: listOf(operations),
        replace: listOf(operations.filter((each) => each !== operation)),
        tests: operation === "registration.register" ? ["test/better-auth/definition.test.ts", ...tests] : tests,
      }),
    ),
  ),
  ...[...operationsOfLogin, ...groupsOfLogin].map(
    (operation): Fault => ({
      name: `the definitions lack the operation ${operation}`,
      file: "src/adapters/oidc/preset.ts",
      find: `  ${JSON.stringify(operation)},\n`,
      replace: "",
      tests: ["test/token/preset-requests.test.ts"],
    }),
  ),
  {
    name: "nothing is said instead of the management of clients of Better Auth",
    file: adapter("better-auth"),
    find: '"clients.*": inProcess, ',
    replace: "",
    tests: ["test/better-auth/definition.test.ts"],
  },
]
