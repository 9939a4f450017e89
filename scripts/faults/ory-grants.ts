// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source text
import type { Fault } from "./fault.ts"

const registration = "src/adapters/oidc/operations/dynamic-registration.ts"
const sessions = "src/adapters/ory/sessions.ts"
const trust = "src/adapters/ory/trust.ts"
const pages = "src/adapters/ory/pages.ts"
const tests = ["test/contract/ory-emulator.test.ts"]

/** Dynamic registration, consent sessions and trusted issuers at Ory. */
export const oryGrants: ReadonlyArray<Fault> = [
  {
    name: "the registration token of a response is not used",
    file: registration,
    find: "record.registration?.token ?? before?.token",
    replace: "before?.token ?? record.registration?.token",
    tests,
  },
  {
    name: "the registration token is lost when a response has none",
    file: registration,
    find: "record.registration?.token ?? before?.token",
    replace: "record.registration?.token",
    tests,
  },
  {
    name: "the API key is sent to the registration endpoint",
    file: registration,
    find: "const headers = initialAccessToken === undefined ? {} : bearer(initialAccessToken)",
    replace: [
      'const key = initialAccessToken ?? (typeof engine.server.introspectionAuth === "object"',
      "? engine.server.introspectionAuth : undefined)\n        const headers = key === undefined ? {} : bearer(key)",
    ].join(" "),
    tests: ["test/fidelity/ory-network.test.ts"],
  },
  {
    name: "an administrator's member is sent to dynamic registration, which ignores it",
    file: "src/adapters/ory/registration.ts",
    find: "return field === undefined\n",
    replace: 'return field !== ""\n',
    tests: ["test/unit/ory-admin.test.ts"],
  },
  {
    name: "revoking a user's consent for one client revokes it for all clients",
    file: sessions,
    find: '("all" in input ? { all: "true" } : { client: input.client })',
    replace: '{ all: "true" }',
    tests: ["test/unit/ory-admin.test.ts"],
  },
  {
    name: "the list of consent sessions is not limited to the subject",
    file: sessions,
    find: "query: { subject, login_session_id: loginSessionId },",
    replace: "query: { login_session_id: loginSessionId },",
    tests,
  },
  {
    name: "an issuer that is trusted for one subject is trusted for any",
    file: trust,
    find: "allow_any_subject: anySubject === true,",
    replace: "allow_any_subject: true,",
    tests,
  },
  {
    name: "the third page of a list with offsets repeats the second",
    file: pages,
    find: "String(offsetOf(cursor) + pageSize)",
    replace: "String(pageSize)",
    tests,
  },
  {
    name: "rotating a secret only reads the client",
    file: "src/adapters/ory/clients.ts",
    find: 'operation: "clients.rotateSecret", method: "POST", path: `${pathOf(ref)}/secrets/rotate`',
    replace: 'operation: "clients.rotateSecret", method: "GET", path: pathOf(ref)',
    tests,
  },
]
