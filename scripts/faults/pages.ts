import type { Fault } from "./fault.ts"

const absent = "test/unit/absent-members.test.ts"
const pages = "test/policies/pages.test.ts"
const everyOperation = "test/bad-days/every-operation.test.ts"
const shapes = "test/unit/error-response-shapes.test.ts"
const properties = "test/properties/error-responses.test.ts"

/** Faults in what counts as a web page, and in what counts as absent. */
export const pageFaults: ReadonlyArray<Fault> = [
  {
    name: "a web page is mapped by its status",
    file: "src/adapters/oidc/http/error-response.ts",
    find: "  pageReason(response, () => request) ??\n  publicEndpointReason(",
    replace: "  publicEndpointReason(",
    tests: [properties, pages],
  },
  {
    name: "a web page is recognised only if its content type has no parameters",
    file: "src/adapters/oidc/http/media-type.ts",
    find: '(type.split(/[;,]/, 1)[0] ?? "").trim()',
    replace: "type.trim()",
    tests: [properties],
  },
  {
    name: "a web page without a content type is not recognised",
    file: "src/adapters/oidc/http/media-type.ts",
    find: "return /^\\s*<(?:!doctype\\s+html|html)\\b/i.test(body)",
    replace: "return false",
    tests: [shapes],
  },
  {
    name: "a 401 or 403 without a body is a web page",
    file: "src/adapters/oidc/http/media-type.ts",
    find: "new Set([204, 205, 401, 403])",
    replace: "new Set([204, 205])",
    tests: [shapes],
  },
  {
    name: "a web page with a success status is a success of a request without a result",
    file: "src/adapters/oidc/engine/make-engine.ts",
    find: "return page === undefined ? Effect.succeed(response) : Effect.fail(page)",
    replace: "return page === null ? Effect.fail(page) : Effect.succeed(response)",
    tests: [pages],
  },
  {
    name: "a web page is handed to openid-client",
    file: "src/adapters/oidc/http/openid-client-call.ts",
    find: "    if (page !== undefined) {\n      observed.failure = page",
    replace: "    if (page === null) {\n      observed.failure = page",
    tests: ["test/unit/published-keys.test.ts"],
  },
  {
    name: "an unusable response that is a web page is reported as UnexpectedResponse",
    file: "src/adapters/oidc/http/json-response.ts",
    find: "    pageReason(response) ?? {\n",
    replace: "    {\n",
    tests: ["test/properties/responses.test.ts", everyOperation],
  },
  {
    name: "a 403 of the key endpoint is reported as AccessDenied",
    file: "src/adapters/oidc/http/public-endpoint.ts",
    find: '  "metadata.keys": "key endpoint",\n',
    replace: "",
    tests: [shapes, properties],
  },
  {
    name: "application/jsonp is read as JSON",
    file: "src/adapters/oidc/http/media-type.ts",
    find: "+json)\\s*(?:[;,]|$)/i",
    replace: "+json)/i",
    tests: [shapes],
  },
  {
    name: "the second path for device authorization is not tried after a web page",
    file: "src/adapters/kinde/device-path.ts",
    find: '(reason._tag === "UnexpectedResponse" || reason._tag === "Unavailable")',
    replace: 'reason._tag === "UnexpectedResponse"',
    tests: ["test/kinde/addresses.test.ts"],
  },
  {
    name: "openid-client sees members that are null",
    file: "src/adapters/oidc/http/openid-client-call.ts",
    find: "return fetchResponse(isMain ? withoutAbsentMembers(response) : verifyingKeys(response, engine.server.issuer))",
    replace:
      'return fetchResponse(isMain ? { ...response, ...(call.operation === "userInfo" && withoutAbsentMembers(response)) } : verifyingKeys(response, engine.server.issuer))',
    tests: [absent],
  },
  {
    name: "an empty text counts as a value",
    file: "src/internal/absent.ts",
    find: 'value === undefined || value === null || value === ""',
    replace: "value === undefined || value === null",
    tests: [absent],
  },
  {
    name: "null counts as a value",
    file: "src/internal/absent.ts",
    find: 'value === undefined || value === null || value === ""',
    replace: 'value === undefined || value === ""',
    tests: [absent],
  },
  {
    name: "an empty scope counts as absent",
    file: "src/internal/absent.ts",
    find: '(name === mayBeEmpty && record[name] === "")',
    replace: 'name === ""',
    tests: [absent],
  },
  {
    name: "openid-client sees claims of an ID token that are null",
    file: "src/adapters/oidc/http/absent-members.ts",
    find: 'typeof sentToken === "string" ? presentJwt(sentToken) : sentToken',
    replace: 'typeof sentToken === "number" ? presentJwt(sentToken) : sentToken',
    tests: [absent],
  },
  {
    name: "an ID token is returned as it was changed for openid-client",
    file: "src/adapters/oidc/operations/token-endpoint.ts",
    find: "String(received()?.id_token)",
    replace: "response.id_token",
    tests: [absent],
  },
  {
    name: "raw lacks the members that are null",
    file: "src/adapters/oidc/http/json-response.ts",
    find: "raw: asSent(sent)",
    replace: "raw: withoutAbsent(sent)",
    tests: [absent],
  },
  {
    name: "a schema sees members that are null",
    file: "src/adapters/oidc/http/json-response.ts",
    find: "schema.safeParse(present(sent))",
    replace: "schema.safeParse(sent)",
    tests: [absent],
  },
]
