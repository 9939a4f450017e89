// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source text
import type { Fault } from "./fault.ts"

const clients = "src/adapters/ory/clients.ts"
const patch = "src/adapters/ory/client-patch.ts"
const pages = "src/adapters/ory/pages.ts"
const lifespans = "src/adapters/ory/lifespans.ts"
const clientPatch = ["test/unit/ory-client-patch.test.ts"]
const clientTests = ["test/unit/ory-clients.test.ts"]
const lifespanTests = ["test/unit/ory-lifespans.test.ts"]
const pageTests = ["test/unit/ory-pages.test.ts"]

/** The Ory adapter. */
export const oryFaults: ReadonlyArray<Fault> = [
  {
    name: "a replacement that the server did not make is reported as success",
    file: clients,
    find: "return yield* verify(record, replaced)",
    replace: "return replaced",
    tests: clientTests,
  },
  {
    name: "a patch that the server did not make is reported as success",
    file: clients,
    find: "return yield* verify(rest, patched)",
    replace: "return patched",
    tests: clientTests,
  },
  {
    name: "a patch clears a member with remove, which the server ignores",
    file: patch,
    find: 'Object.entries(members).map(([name, value]) => ({ op: "add", path: `/${name}`, value }))',
    replace:
      'Object.entries(members).map(([name, value]) => ({ op: (value === "" ? "remove" : "add") as "add", path: `/${name}`, value }))',
    tests: clientPatch,
  },
  {
    name: "null in a patch of the metadata is stored as null",
    file: patch,
    find: "if (value === null) merged.delete(name)",
    replace: "if (value === null) merged.set(name, null)",
    tests: clientPatch,
  },
  {
    name: "a client's id is not encoded in the path",
    file: clients,
    find: "encodeURIComponent(idOf(ref))",
    replace: "idOf(ref)",
    tests: clientTests,
  },
  {
    name: "a record without scopes is sent, for which the server uses its default scopes",
    file: "src/adapters/ory/client-check.ts",
    find: "|| record.scopes.length === 0)",
    replace: ")",
    tests: clientTests,
  },
  {
    name: "lifespans are sent as milliseconds",
    file: lifespans,
    find: "`${toSeconds(lifetime)}s`",
    replace: "`${toSeconds(lifetime)}ms`",
    tests: lifespanTests,
  },
  {
    name: "a lifespan that the server dropped is reported as success",
    file: clients,
    find: "yield* failIf(checkLifespans(json, changed.raw))",
    replace: "",
    tests: clientTests,
  },
  {
    name: "any link of a list is used as the link to the next page",
    file: pages,
    find: '.test(parameters ?? "")) continue',
    replace: '.test(parameters ?? "") && parameters === undefined) continue',
    tests: pageTests,
  },
  {
    name: "the next link of an empty page is followed forever",
    file: pages,
    find: "items.length === 0 ? undefined :",
    replace: "items.length < 0 ? undefined :",
    tests: pageTests,
  },
  {
    name: "the filters of a list are not sent",
    file: pages,
    find: "{ ...call.query, page_size: pageSize, page_token: cursor }",
    replace: "{ page_size: pageSize, page_token: cursor }",
    tests: pageTests,
  },
  {
    name: "a challenge that was already handled is an error",
    file: "src/adapters/ory/consent.ts",
    find: "ok: [200, 410],",
    replace: "ok: [200],",
    tests: ["test/unit/ory-admin.test.ts"],
  },
  {
    name: "an unknown challenge is reported as InvalidClient",
    file: "src/adapters/ory/errors.ts",
    find: "operations: challengeOperations,",
    replace: "operations: challengeOperations.slice(0, 1),",
    tests: ["test/unit/ory-admin.test.ts"],
  },
  {
    name: "a logout is sent with a return URL and without an ID token",
    file: "src/adapters/ory/index.ts",
    find: "request?.idTokenHint === undefined && (request?.returnTo ?? request?.state) !== undefined",
    replace: "request === null",
    tests: ["test/unit/end-session.test.ts"],
  },
]
