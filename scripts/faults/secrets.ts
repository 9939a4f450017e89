import type { Fault } from "./fault.ts"

const record = "src/adapters/oidc/operations/client-metadata.ts"
const prose = "src/adapters/oidc/http/redact.ts"
const echoed = ["test/bad-days/echoed-secrets.test.ts"]
const redacted = ["test/bad-days/redacted-secrets.test.ts"]

/** Secrets in errors and printed values. */
export const secretFaults: ReadonlyArray<Fault> = [
  {
    name: "a client's raw record shows its secret",
    file: record,
    find: "client_secret: _secret, ",
    replace: "",
    tests: redacted,
  },
  {
    name: "a client's raw record shows its registration token",
    file: record,
    find: "registration_access_token: _token, registration_client_uri: _uri, ...raw } = response",
    replace: "...raw } = response",
    tests: redacted,
  },
  {
    name: "a client's secret is a plain string",
    file: record,
    find: "secret: issuedSecret(wire.client_secret)",
    replace: "secret: wire.client_secret as unknown as Redacted.Redacted<string>",
    tests: redacted,
  },
  {
    name: "an error repeats a sent secret that does not look random",
    file: prose,
    find: 'clean = clean.replaceAll(secret, "[redacted]")',
    replace: "clean = clean.trim()",
    tests: ["test/unit/redact.test.ts"],
  },
  {
    name: "an error repeats text that looks like a token",
    file: prose,
    find: '/^[a-z_]+$|^[A-Za-z]?[a-z]+$|^[A-Z]+(_[A-Z]+)+$/.test(word) ? word : "[redacted]"',
    replace: "word",
    tests: ["test/unit/redact.test.ts"],
  },
  {
    name: "an error repeats the introspected token",
    file: "src/adapters/oidc/operations/introspection.ts",
    find: "[...engine.secrets, token, ",
    replace: "[...engine.secrets, ",
    tests: echoed,
  },
  {
    name: "an error repeats the secrets of a form",
    file: "src/adapters/oidc/http/openid-client-call.ts",
    find: "observed.secrets = [...engine.secrets, ...secretsOf(form, headers.authorization)]",
    replace: "observed.secrets = engine.secrets",
    tests: echoed,
  },
  {
    name: "an error quotes an unreadable response",
    file: "src/adapters/oidc/http/json-response.ts",
    find: '"JSON of another shape or cut short"',
    replace: "body.slice(0, 200)",
    tests: echoed,
  },
  {
    name: "any text is accepted as an error code",
    file: "src/adapters/oidc/http/error-response.ts",
    find: "/^[a-z_]{1,64}$/.test(error) &&",
    replace: 'error !== "" &&',
    tests: echoed,
  },
  {
    name: "a secret that looks like an error code is reported as the code",
    file: "src/adapters/oidc/http/error-response.ts",
    find: "|| !holdsSecret(error, secrets))",
    replace: '|| error !== "")',
    tests: [...echoed, ...redacted],
  },
  {
    name: "an error quotes a network failure",
    file: "src/adapters/transport/allowed-origins.ts",
    find: 'detail: "broken HTTP"',
    replace: "detail: JSON.stringify({ ...(error as object) })",
    tests: echoed,
  },
]
