import type { Fault } from "./fault.ts"

const record = "src/adapters/oidc/operations/client-metadata.ts"
const prose = "src/adapters/oidc/http/redact.ts"
const secrets = ["test/bad-days/secrets.test.ts"]
const kept = ["test/bad-days/kept-secrets.test.ts"]

/** What may be in no error and no print. */
export const secretFaults: ReadonlyArray<Fault> = [
  {
    name: "a client's secret stands in its raw record",
    file: record,
    find: "client_secret: _secret, ",
    replace: "",
    tests: kept,
  },
  {
    name: "a client's registration token stands in its raw record",
    file: record,
    find: "registration_access_token: token, registration_client_uri: uri, ...raw } = whole",
    replace: "...raw } = whole\n  const { registration_access_token: token, registration_client_uri: uri } = whole",
    tests: kept,
  },
  {
    name: "a client's secret is a plain string",
    file: record,
    find: "secret: Redacted.make(wire.client_secret)",
    replace: "secret: wire.client_secret as unknown as Redacted.Redacted<string>",
    tests: kept,
  },
  {
    name: "what was sent may be repeated in an error, when it does not look random",
    file: prose,
    find: 'clean = clean.replaceAll(secret, "[redacted]")',
    replace: "clean = clean.trim()",
    tests: ["test/unit/prose.test.ts"],
  },
  {
    name: "what looks like a token may be repeated in an error",
    file: prose,
    find: '/^[a-z_]+$|^[A-Za-z]?[a-z]+$|^[A-Z]+(_[A-Z]+)+$/.test(word) ? word : "[redacted]"',
    replace: "word",
    tests: ["test/unit/prose.test.ts"],
  },
  {
    name: "the introspected token may be repeated in an error",
    file: "src/adapters/oidc/operations/introspection.ts",
    find: "secrets: [...engine.secrets, token, ",
    replace: "secrets: [...engine.secrets, ",
    tests: secrets,
  },
  {
    name: "what a form held may be repeated in an error",
    file: "src/adapters/oidc/http/openid-client-call.ts",
    find: "seen.secrets = [...engine.secrets, ...sent(form, headers.authorization)]",
    replace: "seen.secrets = engine.secrets",
    tests: secrets,
  },
  {
    name: "an answer that nobody can read is quoted in the error",
    file: "src/adapters/oidc/http/json-response.ts",
    find: '"JSON of another shape or cut short"',
    replace: "body.slice(0, 200)",
    tests: secrets,
  },
  {
    name: "an error code may be any text",
    file: "src/adapters/oidc/http/error-response.ts",
    find: "/^[a-z_]{1,64}$/.test(error) &&",
    replace: 'error !== "" &&',
    tests: secrets,
  },
  {
    name: "a secret that looks like an error code is repeated as one",
    file: "src/adapters/oidc/http/error-response.ts",
    find: "|| !holdsSecret(error, secrets))",
    replace: '|| error !== "")',
    tests: [...secrets, ...kept],
  },
  {
    name: "a failure of the network is quoted in the error",
    file: "src/adapters/transport/allowed-origins.ts",
    find: 'detail: "broken HTTP"',
    replace: "detail: JSON.stringify({ ...(error as object) })",
    tests: secrets,
  },
]
