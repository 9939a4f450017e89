import type { Fault } from "./fault.ts"

const record = "src/adapters/oidc/operations/client-metadata.ts"
const prose = "src/adapters/oidc/http/redact.ts"
const words = "src/adapters/oidc/http/random-words.ts"
const parts = "src/adapters/oidc/http/secret-parts.ts"
const sent = "src/adapters/oidc/http/request-secrets.ts"
const readable = ["test/unit/readable-errors.test.ts"]
const challenges = ["test/bad-days/echoed-challenges.test.ts"]
const wrongMembers = ["test/bad-days/secrets-in-wrong-members.test.ts"]
const browser = ["test/unit/browser-urls.test.ts"]
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
    find: "clean = clean.replaceAll(secret, removed)",
    replace: "clean = clean.trim()",
    tests: ["test/unit/redact.test.ts"],
  },
  {
    name: "an error repeats text that looks like a token",
    file: words,
    find: "isRandom(found) ? removed : found",
    replace: "found",
    tests: ["test/unit/redact.test.ts"],
  },
  {
    name: "an error repeats the query of a URL that a vendor names",
    file: words,
    find: 'tail === "" ? "" :',
    replace: 'tail !== "" ? tail :',
    tests: readable,
  },
  {
    name: "an error repeats the user of a URL that a vendor names",
    file: words,
    find: 'host === authority ? "" :',
    replace: 'host !== "" ? authority.slice(0, -host.length) :',
    tests: readable,
  },
  {
    name: "an error repeats a segment that looks like a token",
    file: words,
    find: "isRandom(segment) ? removed : segment",
    replace: "segment",
    tests: readable,
  },
  {
    name: "an error hides the address that the vendor names",
    file: words,
    find: "if (groups.url !== undefined) return withoutSecretsOfUrl(found)",
    replace: "if (groups.url !== undefined) return removed",
    tests: readable,
  },
  {
    name: "an error hides a public value that looks random",
    file: prose,
    find: "clean.split(knownValues(known))",
    replace: "clean.split(knownValues([]))",
    tests: readable,
  },
  {
    name: "an error repeats the beginning of a secret",
    file: parts,
    find: "markAll(marks, lower, secret.slice(0, endLength))",
    replace: "marks.fill(0)",
    tests: readable,
  },
  {
    name: "an error repeats the end of a secret",
    file: parts,
    find: "markAll(marks, lower, secret.slice(-endLength))",
    replace: "marks.fill(0, marks.length)",
    tests: readable,
  },
  {
    name: "a secret of any length is searched for in an error",
    file: parts,
    find: "secrets.some((secret) => secret.length > longest)",
    replace: "secrets.some((secret) => secret.length > longest * 100)",
    tests: ["test/unit/redact.test.ts"],
  },
  {
    name: "an error repeats the few characters of a secret that a vendor did not mask",
    file: parts,
    find: "  markBesideMasks(marks, lower, secrets)\n",
    replace: "",
    tests: readable,
  },
  {
    name: "an error repeats a challenge that was sent in a query",
    file: sent,
    find: "[...(query ?? []), ...(form ?? [])]",
    replace: "[...(form ?? [])]",
    tests: challenges,
  },
  {
    name: "an error repeats a secret that was sent in JSON",
    file: sent,
    find: ", ...valuesInJson(json, names)]",
    replace: "]",
    tests: challenges,
  },
  {
    name: "an error repeats a secret that a JSON Patch sets",
    file: sent,
    find: '(isPatched && name === "value")',
    replace: "false",
    tests: challenges,
  },
  {
    name: "the error of a configuration repeats a secret in clientAuth",
    file: "src/adapters/oidc/configuration/problems.ts",
    find: "if (!clientAuthMethods.some((method) => method === clientAuth))",
    replace: 'if (typeof clientAuth !== "string")',
    tests: wrongMembers,
  },
  {
    name: "the error of a configuration repeats a secret in the place of a member's name",
    file: "src/adapters/oidc/configuration/shown-name.ts",
    find: '(/^[a-z_]{1,40}$/i.test(name) ? name : "[redacted]")',
    replace: "name",
    tests: wrongMembers,
  },
  {
    name: "a challenge redirects a browser to a URL that runs code",
    file: "src/adapters/ory/challenges.ts",
    find: "redirect_to: browserUrl",
    replace: "redirect_to: z.string().min(1)",
    tests: browser,
  },
  {
    name: "a login begins again at a URL that runs code",
    file: "src/adapters/ory/challenges.ts",
    find: "  request_url: firstUrl,",
    replace: "  request_url: z.string(),",
    tests: browser,
  },
  {
    name: "a browser is sent to a blob of a listed origin",
    file: "src/adapters/oidc/operations/discovery.ts",
    find: 'parsed?.protocol === "http:" &&',
    replace: "parsed !== null &&",
    tests: browser,
  },
  {
    name: "fromEnv ignores its log",
    file: "src/config.ts",
    find: "log === undefined ? read : { ...read, log }",
    replace: "read",
    tests: ["test/unit/from-env.test.ts"],
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
    find: "observed.request = { url, headers, form }",
    replace: "observed.request = {}",
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
