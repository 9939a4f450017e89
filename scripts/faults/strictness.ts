import type { Fault } from "./fault.ts"

const idTokens = ["test/unit/id-token.test.ts"]

/** Checks of tokens, callbacks and configuration. */
export const strictness: ReadonlyArray<Fault> = [
  {
    name: "a string that cannot be a token is sent to the introspection endpoint",
    file: "src/adapters/oidc/operations/introspection.ts",
    find: 'if (!canBe("visible", token)) return unsent',
    replace: 'if (token === "" || (!token.isWellFormed() && canBe("visible", token))) return unsent',
    tests: ["test/properties/configuration.test.ts", "test/jwt/live-introspection.test.ts"],
  },
  {
    name: "the signed audience is ignored when the introspection response has none",
    file: "src/core/jwt/validate-jwt.ts",
    find: "AudienceIsSigned, isSigned)",
    replace: "AudienceIsSigned, false)",
    tests: ["test/jwt/live-introspection.test.ts"],
  },
  {
    name: "an opaque token without an audience fits every audience",
    file: "src/adapters/oidc/operations/introspection.ts",
    find: "ifSigned !== undefined && fiber.getRef(AudienceIsSigned)",
    replace: "ifSigned !== undefined && (fiber.getRef(AudienceIsSigned) || true)",
    tests: ["test/jwt/live-introspection.test.ts"],
  },
  {
    name: "a login older than max_age is accepted",
    file: "src/adapters/oidc/operations/authorization-code.ts",
    find: "transaction.maxAgeSeconds !== undefined && {",
    replace: "transaction.maxAgeSeconds === -1 && {",
    tests: idTokens,
  },
  {
    name: "an ID token with another client's azp is accepted",
    file: "src/adapters/oidc/operations/id-token.ts",
    find: "(claims.azp === undefined || claims.azp === clientId) &&",
    replace: 'clientId !== "" &&',
    tests: idTokens,
  },
  {
    name: "an ID token with an iat in the future is accepted",
    file: "src/adapters/oidc/operations/id-token.ts",
    find: "claims.iat * 1000 <= Date.now() + clockSkew",
    replace: "claims.iat <= Date.now() + clockSkew",
    tests: idTokens,
  },
  {
    name: "a javascript URL is accepted for the browser",
    file: "src/adapters/oidc/operations/discovery.ts",
    find: 'parsed?.protocol === "https:" ||',
    replace: "parsed !== null ||",
    tests: idTokens,
  },
  {
    name: "a callback without iss is accepted from a server that always sends iss",
    file: "src/adapters/oidc/operations/authorization-code.ts",
    find: "metadata?.raw.authorization_response_iss_parameter_supported === true",
    replace: 'metadata?.raw.authorization_response_iss_parameter_supported === "true"',
    tests: ["test/unit/exchange.test.ts"],
  },
  {
    name: "a secret with what looks like an escape of a URL is shown when HTML escapes it",
    file: "src/adapters/oidc/http/redact.ts",
    find: "of [...readings]) readings.add",
    replace: "of [[...readings].at(-1) ?? text]) readings.add",
    tests: ["test/properties/redaction.test.ts"],
  },
  {
    name: "an error repeats a secret that comes back escaped",
    file: "src/adapters/oidc/http/redact.ts",
    find: "if (hasEscapedSecret(clean, secrets)) return",
    replace: "if (hasEscapedSecret(clean, [])) return",
    tests: ["test/unit/redact.test.ts"],
  },
  {
    name: "a setting that Kinde did not change is reported as changed",
    file: "src/adapters/kinde/application.ts",
    find: "([name]) => name in stored.raw",
    replace: "([name]) => name === got.name",
    tests: ["test/kinde/client-settings.test.ts"],
  },
  {
    name: "an error description is reported in place of the error code",
    file: "src/adapters/oidc/http/vendor-words.ts",
    find: "[textOf(body?.error), textOf(body?.error_description)]",
    replace: "[textOf(body?.error)]",
    tests: ["test/unit/ory-admin.test.ts"],
  },
  {
    name: "a private key is accepted as a credential for Polar",
    file: "src/adapters/polar/config.ts",
    find: "privateKey === undefined\n    ? []",
    replace: "privateKey === null || true\n    ? []",
    tests: ["test/unit/config.test.ts"],
  },
]
