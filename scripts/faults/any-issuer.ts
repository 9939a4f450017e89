// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source text
import type { Fault } from "./fault.ts"

const attacks = ["test/token/attacks.test.ts"]
const unknownKeys = ["test/token/unknown-keys.test.ts"]
const settings = ["test/token/rejected-settings.test.ts"]
const presets = ["test/token/preset-configurations.test.ts"]
const conditions = "src/adapters/oidc/configuration/token-conditions.ts"
const rows = "src/adapters/oidc/configuration/error-rows.ts"
const problems = "src/adapters/oidc/configuration/problems.ts"
const members = "src/adapters/oidc/configuration/token-settings.ts"

/** What a stranger's tokens reach, and settings that nothing would honour. */
export const anyIssuerFaults: ReadonlyArray<Fault> = [
  {
    name: "a forged JWT whose header has a space is sent to the server",
    file: "src/core/jwt/jwt.ts",
    find: 'return token.startsWith("eyJ") || looksLikeHeader(token.slice(0, first))',
    replace: 'return token.startsWith("eyJ") || looksLikeHeader("")',
    tests: attacks,
  },
  {
    name: "a forged JWT with a byte order mark is sent to the server",
    file: "src/internal/jwt-header.ts",
    find: 'text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1)',
    replace: "text.trim()",
    tests: attacks,
  },
  {
    name: "an opaque token that holds the bytes of an empty object counts as a JWT",
    file: "src/internal/jwt-header.ts",
    find: '(object === "{}" && object !== text)',
    replace: '(object === "{}" && object === "")',
    tests: ["test/token/answers.test.ts"],
  },
  {
    name: "a token after its scheme counts as a JWT",
    file: "src/internal/jwt-header.ts",
    find: "if (/[^\\x21-\\x7e]/.test(part)) return false",
    replace: "",
    tests: ["test/unit/token-with-scheme.test.ts"],
  },
  {
    name: "tokens with unknown keys are sent to a server whose next key set cannot be had",
    file: "src/core/jwt/validate-jwt.ts",
    find: "return result.keysAreKnown ? Effect.fail(error) : withoutKeys(mode, error, ask)",
    replace: "return withoutKeys(mode, error, ask)",
    tests: unknownKeys,
  },
  {
    name: "a key that a server has never published counts as known",
    file: "src/core/jwt/keys.ts",
    find: "areKnown: (now) => set.getIfUsable(now) !== undefined",
    replace: "areKnown: () => true",
    tests: ["test/token/answers.test.ts"],
  },
  {
    name: "a JWT of any type is an access token by its signature where no format is configured",
    file: "src/adapters/oidc/jwt-profile.ts",
    find: "types: jwt?.types ?? (hasFormat ? anyType : standardType)",
    replace: "types: jwt?.types ?? (hasFormat ? standardType.concat(anyType) : anyType)",
    tests: ["test/token/untyped.test.ts"],
  },
  {
    name: "a condition with two comparisons is accepted",
    file: conditions,
    find: ".filter(Boolean).length <= 1",
    replace: ".filter(Boolean).length <= 3",
    tests: settings,
  },
  {
    name: "a type with application/ is accepted, and no token has it",
    file: members,
    find: "(?!application\\/)",
    replace: "",
    tests: settings,
  },
  {
    name: "members of token that nothing reads are accepted",
    file: members,
    find: "if (value[name] !== undefined && value[name] !== false)",
    replace: "if (value[name] === null)",
    tests: settings,
  },
  {
    name: "an error row may match every response",
    file: rows,
    find: "(status ?? code ?? contains) !== undefined",
    replace: "(status ?? code ?? contains) !== null",
    tests: settings,
  },
  {
    name: "an error row may turn an outage into an inactive token",
    file: rows,
    find: "!(status === 429 || isOutageStatus(status))",
    replace: "!(status === 0 && isOutageStatus(status))",
    tests: settings,
  },
  {
    name: "a key set of a further issuer needs no https",
    file: problems,
    find: "    ...keySets.map((value, at) => [`token.issuers.${at}.jwksUri`, value] as const),\n",
    replace: "",
    also: [{ file: problems, find: "  const keySets = ", replace: "  const _keySets = " }],
    tests: settings,
  },
  {
    name: "a further origin needs no https",
    file: problems,
    find: "(Array.isArray(origins) ? origins : [])",
    replace: "(Array.isArray(origins) ? [] : [])",
    tests: settings,
  },
  {
    name: "a web page with the status of an error row counts as an inactive token",
    file: "src/adapters/oidc/http/error-response.ts",
    find: "if (server.errors === undefined || pageReason(response) !== undefined) return undefined",
    replace: "if (server.errors === undefined) return undefined",
    tests: settings,
  },
  {
    name: "a boolean in a variable is asked for as JSON",
    file: "src/adapters/oidc/configuration/environment.ts",
    find: 'if (types.has("boolean")) return "true or false"',
    replace: "",
    tests: settings,
  },
  {
    name: "a pool of Cognito with a slash is accepted, and no token has it",
    file: "src/adapters/cognito/index.ts",
    find: "issuer: plainIssuer, ",
    replace: "issuer: baseUrl, ",
    tests: presets,
  },
  {
    name: "a tenant of Entra ID in capitals is compared with iss",
    file: "src/adapters/entra/config.ts",
    find: "  .toLowerCase()\n",
    replace: "",
    tests: presets,
  },
  {
    name: "the issuer of Logto is accepted as its endpoint",
    file: "src/adapters/logto/index.ts",
    find: "baseUrl.regex(/^(?!.*\\/oidc\\/?$)/, ofTenant)",
    replace: "baseUrl",
    tests: presets,
  },
]
