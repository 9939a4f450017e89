import type { Fault } from "./fault.ts"

const errors = "src/adapters/kinde/errors.ts"
const list = "src/adapters/kinde/client-list.ts"
const refusing = ["test/kinde/errors.test.ts"]
const managing = ["test/kinde/clients.test.ts"]
const stepwise = ["test/kinde/client-steps.test.ts"]
const connecting = ["test/kinde/connected-apps.test.ts"]
const users = ["test/kinde/users.test.ts"]

/** What is particular to Kinde. */
export const kindeFaults: ReadonlyArray<Fault> = [
  {
    name: "the plain text that stands for an unknown client says nothing",
    file: errors,
    find: 'if (text === "not_found") return ["unknown client"]',
    replace: "",
    tests: refusing,
  },
  {
    name: "of several codes only the first counts",
    file: errors,
    find: "Array.isArray(errors) ? errors :",
    replace: "Array.isArray(errors) ? errors.slice(0, 1) :",
    tests: refusing,
  },
  {
    name: "an unknown route passes for an unknown thing",
    file: errors,
    find: ' && code !== "ROUTE_NOT_FOUND"',
    replace: "",
    tests: refusing,
  },
  {
    name: "the bot filter's answer passes for success or for nonsense",
    file: errors,
    find: '{ status: 202, reason: "Unavailable" },',
    replace: "",
    tests: refusing,
  },
  {
    name: "a connected account that is not ready yet is a mistake of the caller's",
    file: errors,
    find: '{ status: 400, operations: ["connectedApps.token"], reason: "InvalidGrant" },',
    replace: "",
    tests: connecting,
  },
  {
    name: "anything that is missing passes for a token that was revoked",
    file: errors,
    find: '{ code: "NOT_FOUND", operations: ["revoke"], reason: "InvalidRequest" },',
    replace: "",
    tests: refusing,
  },
  {
    name: "revoking a token that nobody knows is an error",
    file: "src/adapters/kinde/index.ts",
    find: 'reason._tag === "NotFound" ? Effect.void',
    replace: 'reason._tag === "InvalidClient" ? Effect.void',
    tests: refusing,
  },
  {
    name: "the last page of the applications comes again and again",
    file: list,
    find: "if (before !== undefined && page.applications.at(-1)?.id === before) return { items: [] }",
    replace: "",
    tests: ["test/kinde/lists.test.ts"],
  },
  {
    name: "the secrets of applications stand in their list",
    file: list,
    find: "client_secret: _secret, ",
    replace: "",
    tests: ["test/kinde/strange-answers.test.ts"],
  },
  {
    name: "the secret of an application stands in its raw record",
    file: "src/adapters/kinde/application.ts",
    find: "const { client_secret: _secret, ...raw } = wire",
    replace: "const raw = wire",
    tests: managing,
  },
  {
    name: "an application is replaced although a setting would stay",
    file: "src/adapters/kinde/clients.ts",
    find: " ?? uncleared(record, current)",
    replace: "",
    tests: ["test/kinde/kept-settings.test.ts"],
  },
  {
    name: "an application may be given another type, which Kinde ignores",
    file: "src/adapters/kinde/clients.ts",
    find: "return type === current.raw.type\n",
    replace: 'return type !== ""\n',
    tests: managing,
  },
  {
    name: "a change that Kinde did not take over passes for success",
    file: "src/adapters/kinde/application-calls.ts",
    find: "yield* unless(differing(wanted, changed))",
    replace: "",
    tests: stepwise,
  },
  {
    name: "a step whose answer was lost is not taken back",
    file: "src/adapters/kinde/steps.ts",
    find: "uncertain.has(reason._tag) ? index + 1 : index",
    replace: "index",
    tests: stepwise,
  },
  {
    name: "an application is left half made when its maker gives up",
    file: "src/adapters/kinde/clients.ts",
    find: "Effect.uninterruptible(make({ ...record, name }, type))",
    replace: "make({ ...record, name }, type)",
    tests: stepwise,
  },
  {
    name: "a page of HTML passes for a success of the Management API",
    file: "src/adapters/kinde/management.ts",
    find: 'answer.body === "" ? undefined : plausible(answer)',
    replace: 'answer.body === "<html>" ? plausible(answer) : undefined',
    tests: refusing,
  },
  {
    name: "the other address for devices is never tried",
    file: "src/adapters/kinde/device-path.ts",
    find: "reason.status === 404",
    replace: "reason.status === 410",
    tests: ["test/kinde/elsewhere.test.ts"],
  },
  {
    name: "a time without a zone passes for the end of a connected token",
    file: "src/adapters/kinde/connected-apps.ts",
    find: "zoned.test(text) ?",
    replace: "text.length > 9 ?",
    tests: connecting,
  },
  {
    name: "an access token that says nothing about anybody is taken",
    file: "src/adapters/kinde/server.ts",
    find: "  plausible,\n  errors,",
    replace: "  errors,",
    tests: users,
  },
  {
    name: "a refresh token of Kinde's passes for an access token",
    file: "src/adapters/kinde/server.ts",
    find: '? "access_token" : "refresh_token"),',
    replace: '? "access_token" : "access_token"),',
    tests: ["test/kinde/introspection.test.ts"],
  },
  {
    name: "the old user profile is not compared with whom it should be about",
    file: "src/adapters/kinde/user-profile.ts",
    find: "if (expected !== undefined && user.subject !== expected)",
    replace: "if (expected === null)",
    tests: users,
  },
]
