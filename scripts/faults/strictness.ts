import type { Fault } from "./fault.ts"

const idTokens = ["test/unit/id-token.test.ts"]

/** What a careful client refuses, and what it takes. */
export const strictness: ReadonlyArray<Fault> = [
  {
    name: "anything is asked about as a token",
    file: "src/adapters/oidc/operations/introspection.ts",
    find: "/^[\\x21-\\x7e]+$/.test(text)",
    replace: 'text !== "" && text.isWellFormed()',
    tests: ["test/properties/configuration.test.ts", "test/jwt/enrichment.test.ts"],
  },
  {
    name: "a signature's audience does not count where the vendor names none",
    file: "src/core/jwt/validate-jwt.ts",
    find: "AudienceIsSigned, true)",
    replace: "AudienceIsSigned, false)",
    tests: ["test/jwt/enrichment.test.ts"],
  },
  {
    name: "an opaque token may be for anybody",
    file: "src/adapters/oidc/operations/introspection.ts",
    find: "ifSigned !== undefined && fiber.getRef(AudienceIsSigned)",
    replace: "ifSigned !== undefined && (fiber.getRef(AudienceIsSigned) || true)",
    tests: ["test/jwt/enrichment.test.ts"],
  },
  {
    name: "a login that is too old is taken",
    file: "src/adapters/oidc/operations/authorization-code.ts",
    find: "transaction.maxAge !== undefined && {",
    replace: "transaction.maxAge === -1 && {",
    tests: idTokens,
  },
  {
    name: "an ID token that was issued to another client is taken",
    file: "src/adapters/oidc/operations/token-endpoint.ts",
    find: "(claims.azp === undefined || claims.azp === clientId) &&",
    replace: 'clientId !== "" &&',
    tests: idTokens,
  },
  {
    name: "an ID token from a time that has not come is taken",
    file: "src/adapters/oidc/operations/token-endpoint.ts",
    find: "claims.iat <= Date.now() / 1000 + clockSkew",
    replace: "claims.iat <= Date.now() + clockSkew",
    tests: idTokens,
  },
  {
    name: "a browser is sent to a script",
    file: "src/adapters/oidc/operations/discovery.ts",
    find: 'parsed?.protocol === "https:" ||',
    replace: "parsed !== null ||",
    tests: idTokens,
  },
  {
    name: "a redirect without an issuer is taken from a server that always names one",
    file: "src/adapters/oidc/operations/authorization-code.ts",
    find: "metadata?.raw.authorization_response_iss_parameter_supported === true",
    replace: 'metadata?.raw.authorization_response_iss_parameter_supported === "true"',
    tests: ["test/unit/exchange.test.ts"],
  },
  {
    name: "a secret is repeated when it comes back escaped",
    file: "src/adapters/oidc/http/redact.ts",
    find: "if (hides(clean, secrets)) return",
    replace: "if (hides(clean, [])) return",
    tests: ["test/unit/prose.test.ts"],
  },
  {
    name: "a setting that Kinde did not take over passes for changed",
    file: "src/adapters/kinde/application.ts",
    find: "([name]) => name in got.raw",
    replace: "([name]) => name === got.name",
    tests: ["test/kinde/kept-settings.test.ts"],
  },
  {
    name: "a sentence of the vendor's takes the place of its reason",
    file: "src/adapters/oidc/http/error-response.ts",
    find: "[textOf(body?.error), textOf(body?.error_description)]",
    replace: "[textOf(body?.error)]",
    tests: ["test/unit/ory-admin.test.ts"],
  },
  {
    name: "any mark makes an access token",
    file: "src/adapters/oidc/index.ts",
    find: 'typeof type === "string" && /^(bearer|dpop)$/i.test(type)',
    replace: "type !== undefined",
    tests: ["test/unit/token-state.test.ts"],
  },
  {
    name: "a key that Polar would never look at is taken for a credential",
    file: "src/adapters/polar/server.ts",
    find: "privateKey === undefined ? []",
    replace: "privateKey === null || true ? []",
    tests: ["test/unit/config.test.ts"],
  },
]
