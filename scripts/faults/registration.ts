import type { Fault } from "./fault.ts"

const operations = "src/adapters/oidc/operations/dynamic-registration.ts"
const record = "src/adapters/oidc/operations/registration-record.ts"
const tests = ["test/registration/standard-registration.test.ts"]

/** Dynamic registration on any server (RFC 7591, RFC 7592). */
export const registrationFaults: ReadonlyArray<Fault> = [
  {
    name: "a registration is sent without the initial access token",
    file: operations,
    find: "const headers = initialAccessToken === undefined ? {} : bearer(initialAccessToken)",
    replace: "const headers = {}",
    tests,
  },
  {
    name: "a registration access token is sent to any origin that a client's record names",
    file: operations,
    find: 'trusted.includes(URL.parse(issued)?.origin ?? "")',
    replace: "trusted.length > 0",
    tests,
  },
  {
    name: "an origin in token.origins gets no registration access token",
    file: operations,
    find: "[new URL(endpoint).origin, ...origins]",
    replace: "[new URL(endpoint).origin]",
    tests,
  },
  {
    name: "registration_client_uri is ignored, and the URL is made from the id",
    file: operations,
    find: 'initialAccessToken, clientUri: "issued" })',
    replace: "initialAccessToken })",
    tests,
  },
  {
    name: "a client without registration_client_uri has no URL for its registration",
    file: operations,
    find: "issuedUri(created, rules) ?? madeUri(url, created)",
    replace: 'issuedUri(created, rules) ?? ""',
    tests,
  },
  {
    name: "the record of another client is returned as the client's own",
    file: operations,
    find: "if (found.clientId !== registered.clientId)",
    replace: 'if (found.clientId === "")',
    tests,
  },
  {
    name: "the URL that an update issues is lost",
    file: operations,
    find: "withRegistration(updated, issuedUri(updated, rules) ?? url, registered.registration)",
    replace: "withRegistration(updated, url, registered.registration)",
    tests,
  },
  {
    name: "the URL that a read issues is lost",
    file: operations,
    find: "withRegistration(found, issuedUri(found, rules) ?? url, registered.registration)",
    replace: "withRegistration(found, url, registered.registration)",
    tests,
  },
  {
    name: "a member of a registration that a server ignores is sent",
    file: record,
    find: "if (record[name as keyof typeof notStandard] !== undefined)",
    replace: "if (record[name as keyof typeof notStandard] === null)",
    tests,
  },
  {
    name: "a client registers with an id or a secret of its own choice",
    file: record,
    find: "if (issued.has(name))",
    replace: 'if (name === "")',
    tests,
  },
  {
    name: "extra replaces a member of a registration",
    file: record,
    find: "&& !(own in notStandard))",
    replace: '&& own === "")',
    tests,
  },
  {
    name: "invalid_redirect_uri names no member",
    file: "src/adapters/oidc/http/error-response.ts",
    find: '{ invalid_redirect_uri: "redirect_uris" }',
    replace: "{}",
    tests,
  },
  {
    name: "a server without a registration endpoint lets its clients register at the issuer",
    file: "src/adapters/oidc/index.ts",
    find: "operations: (engine, { initialAccessToken }) => standardRegistration(engine, initialAccessToken),",
    replace:
      "operations: (engine, { initialAccessToken }) =>\n      standardRegistration({ ...engine, endpoint: () => Effect.succeed(engine.server.issuer) }, initialAccessToken),",
    also: [
      {
        file: "src/adapters/oidc/index.ts",
        find: 'import type { Issue } from "../../ports/errors.ts"',
        replace: 'import * as Effect from "effect/Effect"\nimport type { Issue } from "../../ports/errors.ts"',
      },
    ],
    tests: ["test/registration/oidc-provider.test.ts"],
  },
  {
    name: "an initial access token that looks like a URL is repeated in the error of a configuration",
    file: "src/adapters/oidc/configuration/problems.ts",
    find: '  "initialAccessToken",\n',
    replace: "",
    tests: ["test/registration/initial-access-token.test.ts"],
  },
  {
    name: "a change is sent to the URL of another client's registration",
    file: operations,
    find: "namesClient(url, registered.clientId) ?",
    replace: "namesClient(url, registered.clientId) || url.length > 0 ?",
    tests,
  },
  {
    name: "a URL names a client whose id is a part of another id",
    file: operations,
    find: 'pathname.split("/").includes(encodeURIComponent(clientId))',
    replace: "pathname.includes(encodeURIComponent(clientId))",
    tests,
  },
  {
    name: "a client is read before every change, also where the URL of its registration names it",
    file: operations,
    find: "return inPath || ",
    replace: "return false && inPath || ",
    tests,
  },
]
