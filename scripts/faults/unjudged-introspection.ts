import type { Fault } from "./fault.ts"

const response = "src/adapters/oidc/operations/introspection-response.ts"
const members = "src/adapters/oidc/operations/introspection-members.ts"
const fields = "src/adapters/oidc/arguments/fields.ts"
const tests = ["test/unit/unjudged-introspection.test.ts"]
const properties = ["test/properties/responses.test.ts"]
const argument = ["test/unit/token-with-scheme.test.ts"]

/** Introspection responses that latchkey cannot judge, and tokens behind a scheme: each is an error, never inactive. */
export const unjudgedIntrospection: ReadonlyArray<Fault> = [
  {
    name: "an exp that is the iat ends a token",
    file: members,
    find: "Number(exp) <= start",
    replace: "Number(exp) < start",
    tests,
  },
  {
    name: "an exp before iat ends a token",
    file: members,
    find: "Number(exp) <= start",
    replace: "Number(exp) === start",
    tests: properties,
  },
  {
    name: "a zero time of the server is a time",
    file: members,
    find: "seconds === undefined || seconds <= 0 ?",
    replace: "seconds === undefined ?",
    tests,
  },
  {
    name: "a token with an iat never expires",
    file: members,
    find: "start !== undefined && Number(exp) <= start ?",
    replace: "start !== undefined ?",
    tests,
  },
  {
    name: "an empty string is the value of a member",
    file: members,
    find: "isPresent(value) ? value : undefined",
    replace: "isString(value) ? value : undefined",
    tests,
  },
  {
    name: "an empty string is an audience",
    file: members,
    find: "value.every(isPresent) ? value : value.filter(isPresent)",
    replace: "value.filter(isString)",
    tests,
  },
  {
    name: "an empty exp makes a response invalid",
    file: members,
    find: 'value === "" || secondsOf(value)',
    replace: "secondsOf(value)",
    tests: properties,
  },
  {
    name: "an active token of an unknown issuer is inactive",
    file: response,
    find: "    return unknownIssuer(response, token.issuer, server, secrets())\n",
    replace: '    return { rejected: "issuer" }\n',
    tests: properties,
  },
  {
    name: "the error for an unknown issuer hides the issuer that was found",
    file: "src/adapters/oidc/http/compared-values.ts",
    find: "isPublic ? withoutLongSegments(text) : ",
    replace: "",
    tests,
  },
  {
    name: "the error for an unknown issuer omits the former issuer",
    file: "src/adapters/oidc/server.ts",
    find: "formerIssuer === undefined ? [issuer] : [issuer, formerIssuer]",
    replace: "[issuer, formerIssuer ?? issuer].slice(0, 1)",
    tests,
  },
  {
    name: "the error for an unknown issuer repeats a secret",
    file: "src/adapters/oidc/http/compared-values.ts",
    find: '  if (repeatsSecret(text.slice(0, maxLength), expected, secrets)) return "[redacted]"\n',
    replace: "",
    tests,
  },
  {
    name: "the error for an unknown issuer takes the client id for a secret",
    file: "src/adapters/oidc/http/request-secrets.ts",
    find: '["client_secret", "password",',
    replace: '["client_id", "client_secret", "password",',
    tests,
  },
  {
    name: "a response that does not tell the kind of the token is inactive",
    file: response,
    find: "  if (use === undefined) return kindReasons.untold\n",
    replace: '  if (use === undefined) return { rejected: "rejected" }\n',
    tests,
  },
  {
    name: "the error for a response that tells no kind does not name the member to set",
    file: "src/adapters/oidc/operations/introspected-kind.ts",
    find: 'path: "token.kind",',
    replace: 'path: "",',
    tests,
  },
  {
    name: "a response that names another kind is an error",
    file: "src/internal/token-kind.ts",
    find: '(tokenUses[members.token_use] ?? "other")',
    replace: "tokenUses[members.token_use]",
    tests,
  },
  {
    name: "a token behind a scheme is inactive",
    file: "src/adapters/oidc/arguments/check-arguments.ts",
    find: "isTokenWithoutScheme(args[index])) continue",
    replace: 'typeof args[index] === "string") continue',
    tests: argument,
  },
  {
    name: "a scheme is found in one case only",
    file: fields,
    find: 'ntlm)\\s+\\S`,\n  "i",',
    replace: 'ntlm)\\s+\\S`,\n  "",',
    tests: argument,
  },
  {
    name: "a scheme after white space is not found",
    file: fields,
    find: "  /^\\s*[\\w-]{1,32}[\\s:]/.test(text)",
    replace: "  /^[\\w-]{1,32}[\\s:]/.test(text)",
    tests: argument,
  },
  {
    name: "every text of several words has a scheme",
    file: fields,
    find: "[\\w.~+/-]{16,}",
    replace: "[\\w.~+/-]+",
    tests: argument,
  },
  {
    name: 'a token behind a scheme with freshness "local" is unsupported',
    file: "src/core/jwt/validate-jwt.ts",
    find: "    if (call !== undefined && isRejected(call)) return call\n",
    replace: "",
    tests: argument,
  },
]
